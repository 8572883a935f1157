import { bandRms, type Band } from './bands.ts';
import { bearingFrequencies, type Bearing } from './bearing.ts';
import { amplitudeNear, envelopeOf } from './envelope.ts';
import { shapeOf, withoutMean } from './shape.ts';
import { complexOf, transform } from './spectrum.ts';

export const SHAPES = ['rms', 'peak', 'crest', 'kurtosis'] as const;
export type ShapeName = (typeof SHAPES)[number];

/** What is to be known of each burst. */
export interface FeaturePlan {
	/** Samples a second. */
	readonly rateHz: number;
	readonly shapes: readonly ShapeName[];
	/** RMS of each, by its name. */
	readonly bands: Readonly<Record<string, Band>>;
	/** Amplitudes of the envelope at the frequencies of a bearing. */
	readonly bearing: (Bearing & { readonly band: Band; readonly tolerance: number }) | undefined;
}

/**
 * Features of one burst of evenly spaced samples.
 *
 * @param samples finite, at least 16; of more than 2^17 the first ones are taken
 * @param shaftHz for the bearing; NaN = not known
 * @returns by name: `rms`, `band-low`, `bpfo`; NaN where there is none (a flat burst, one that is too short for it)
 */
export function featuresOf(samples: Float64Array, plan: FeaturePlan, shaftHz: number): Map<string, number> {
	const { rateHz, shapes, bands, bearing } = plan;
	const taken = samples.subarray(0, MOST_SAMPLES);
	const shape = shapeOf(taken);
	const features = new Map<string, number>(shapes.map((name) => [name, shape[name]]));
	if (Object.keys(bands).length === 0 && !bearing) return features;
	const spectrum = transform(complexOf(withoutMean(taken)));
	for (const [name, band] of Object.entries(bands)) features.set(`band-${name}`, bandRms(spectrum, rateHz, band));
	if (!bearing) return features;
	const envelope = envelopeOf(spectrum, rateHz, bearing.band);
	const { tolerance } = bearing;
	for (const [name, hz] of Object.entries(bearingFrequencies(bearing, shaftHz)) as [string, number][])
		features.set(name, shaftHz > 0 ? amplitudeNear(envelope, rateHz, { hz, tolerance }) : NaN);
	return features;
}

export const FEWEST_SAMPLES = 16;
export const MOST_SAMPLES = 2 ** 17;

/** @returns the names in the order of `featuresOf` */
export function featureNames({ shapes, bands, bearing }: Omit<FeaturePlan, 'rateHz'>): string[] {
	const names = Object.keys(bands).map((name) => `band-${name}`);
	return [...shapes, ...names, ...(bearing ? ['bpfo', 'bpfi', 'bsf', 'ftf'] : [])];
}
