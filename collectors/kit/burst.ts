import { z } from 'zod';
import {
	FEWEST_SAMPLES,
	featureNames,
	featuresOf,
	MOST_SAMPLES,
	SHAPES,
	type FeaturePlan,
} from '#lib/signal/features.ts';

const hz = z.number().positive();
const band = z
	.tuple([z.number().min(0), hz])
	.refine(([from, to]) => from < to, 'write the lower frequency first: [10, 1000]');

export const bearingSchema = z.strictObject({
	balls: z.number().int().min(3).max(200).describe('How many rolling elements.'),
	ball: z.number().positive().describe('Their diameter, in any unit.'),
	pitch: z.number().positive().describe('Diameter of the circle of their centres, in the same unit.'),
	angle: z.number().min(0).max(60).default(0).describe('Contact angle in degrees.'),
	rpm: z
		.union([z.number().positive(), z.string().min(1)])
		.describe('Turns of the shaft per minute; or, in a JSON document, the path to it.'),
	envelope: band.describe(
		'Band in Hz in which a damaged bearing rings: `[2000, 5000]`, above what the machine itself does.',
	),
	tolerance: z
		.number()
		.min(0.001)
		.max(0.1)
		.default(0.02)
		.describe('How far from where geometry has it a frequency is looked for, as a part of it: bearings slip.'),
});

/** Option of an entry whose value is an array: what is to be known of each burst of samples. */
export const burstSchema = z
	.strictObject({
		rate: hz.max(10_000_000).describe('Samples a second.'),
		features: z
			.array(z.enum(SHAPES))
			.default([...SHAPES])
			.describe('Of the burst as a whole, its mean taken out.'),
		bands: z
			.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'a name is lower-case letters, digits and dashes'), band)
			.default({})
			.describe('RMS of bands, from and to in Hz: `{ low: [10, 1000] }` is the stream `…/band-low`.'),
		bearing: bearingSchema
			.refine(({ ball, pitch }) => ball < pitch, { path: ['ball'], message: 'is smaller than the pitch diameter' })
			.optional()
			.describe('Amplitudes of the envelope at the frequencies of a bearing: `…/bpfo`, `…/bpfi`, `…/bsf`, `…/ftf`:'),
	})
	.superRefine(({ rate, bands, bearing, features }, context) => {
		const add = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
		const beyond = `beyond half of "rate" (${rate / 2} Hz) there is nothing`;
		for (const [name, [, to]] of Object.entries(bands)) if (to > rate / 2) add(['bands', name], beyond);
		if (bearing && bearing.envelope[1] > rate / 2) add(['bearing', 'envelope'], beyond);
		if (features.length + Object.keys(bands).length === 0 && !bearing) add(['features'], 'names nothing to know');
	});
export type BurstConfig = z.output<typeof burstSchema>;

/** What an entry makes of its bursts. */
export interface BurstReader {
	/** Of the features, in the order of what `read` gives: last segments of their streams. */
	readonly names: readonly string[];
	/** Whether a feature has the unit of the samples. */
	hasUnit(name: string): boolean;
	/**
	 * @param samples what stands there; `scale` is applied to each
	 * @param rpm of the shaft; NaN = not known
	 * @returns NaN where there is none; as text why it is no burst
	 */
	read(samples: unknown, rpm?: number): readonly number[] | string;
	/** What the configuration says of the shaft: a speed, or where it stands. */
	readonly rpm: number | string | undefined;
}

const MINUTE_SECONDS = 60;
const WITHOUT_UNIT = ['crest', 'kurtosis'];

export function createBurstReader(config: BurstConfig, scale = 1): BurstReader {
	const { bearing } = config;
	const plan: FeaturePlan = {
		...{ rateHz: config.rate, shapes: config.features, bands: config.bands },
		bearing: bearing && { ...bearing, band: bearing.envelope },
	};
	const names = featureNames(plan);
	const known = typeof bearing?.rpm === 'number' ? bearing.rpm : NaN;
	return {
		names,
		rpm: bearing?.rpm,
		hasUnit: (name) => !WITHOUT_UNIT.includes(name),
		read(found, rpm = known) {
			const samples = samplesOf(found, scale);
			if (typeof samples === 'string') return samples;
			const features = featuresOf(samples, plan, rpm / MINUTE_SECONDS);
			return names.map((name) => features.get(name) ?? NaN);
		},
	};
}

/** Numbers alone: one that is missing would be a jump of its own, or shift all that follow. */
function samplesOf(found: unknown, scale: number): Float64Array | string {
	const isList = Array.isArray(found) || (ArrayBuffer.isView(found) && !(found instanceof DataView));
	if (!isList) return 'it is no array of numbers, and "burst" is for one';
	const list = found as ArrayLike<unknown>;
	if (list.length < FEWEST_SAMPLES) return `${list.length} samples are no burst; it takes ${FEWEST_SAMPLES}`;
	if (list.length > MOST_SAMPLES) return `${list.length} samples; ${MOST_SAMPLES} are allowed in one burst`;
	const samples = new Float64Array(list.length);
	for (let i = 0; i < list.length; i++) {
		const v = list[i];
		if (typeof v !== 'number' || !Number.isFinite(v)) return `sample ${i} of the burst is no number`;
		samples[i] = v * scale;
	}
	return samples;
}
