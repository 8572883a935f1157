import { MICROS_PER_MS, MICROS_PER_SECOND } from '#contracts/time.ts';
import { activeFault, type Fault } from './faults.ts';
import { controlledNoise, sluggishNoise, uniform, whiteNoise, type Noise } from './noise.ts';
import type { Characteristic } from './plant.ts';
import { round, type Source } from './source.ts';

/** Which draw of a stream is used for what; its noise has a number of its own. */
const PHASE = 0x50;
/** How late and how steep the end of a tool's life comes. */
const WEAR_POWER = 20;

export interface MachineStreamOptions {
	readonly key: string;
	/** `<machine>/<characteristic>`, as faults name it. */
	readonly on: string;
	readonly area: string;
	readonly characteristic: Characteristic;
	readonly everyMs: number;
	readonly seed: number;
	/** Tells streams of one seed apart. */
	readonly number: number;
	readonly programme: readonly Fault[];
}

/** A machine's characteristic, sampled at a fixed interval; each stream at its own phase of it. */
export function machineStream(options: MachineStreamOptions): Source {
	const { characteristic, seed, number, everyMs } = options;
	const noise = noiseOf(characteristic, whiteNoise(seed, number));
	const everyMicros = everyMs * MICROS_PER_MS;
	const phaseMicros = Math.floor((uniform(seed, number, PHASE) * everyMicros) / 1000) * 1000;
	const secondsOf = (index: number) => (index * everyMicros + phaseMicros) / MICROS_PER_SECOND;
	const faultAt = (index: number) => activeFault(options.programme, options.on, secondsOf(index));
	const firstOf = (sinceS: number) => Math.ceil((sinceS * MICROS_PER_SECOND - phaseMicros) / everyMicros);

	function valueAt(index: number): number {
		const fault = faultAt(index);
		if (fault?.effect.type === 'stuck') return valueAt(firstOf(fault.sinceS) - 1);
		const calm = calmSigmas(characteristic, secondsOf(index));
		const sigmas = disturbed({ fault, noise, index, isFirst: fault ? index === firstOf(fault.sinceS) : false });
		return round(characteristic.centre + characteristic.sigma * (calm + sigmas), characteristic.decimals);
	}

	return {
		streams: [
			{
				key: options.key,
				unit: characteristic.unit,
				kind: 'machine',
				labels: { source: 'simulator', area: options.area },
			},
		],
		/** Half-open: after `from`, up to and with `to`. */
		*between(from, to) {
			const first = Math.floor((from - phaseMicros) / everyMicros) + 1;
			const last = Math.floor((to - phaseMicros) / everyMicros);
			for (let index = Math.max(0, first); index <= last; index++) {
				const atMicros = index * everyMicros + phaseMicros;
				const fault = faultAt(index);
				if (fault?.effect.type !== 'dropout') yield { stream: 0, atMicros, v: valueAt(index) };
				// The gap is told once, when it is over, and as long as it was.
				else if (faultAt(index + 1)?.effect.type !== 'dropout')
					yield { stream: 0, atMicros, gapFrom: firstOf(fault.sinceS) * everyMicros + phaseMicros };
			}
		},
	};
}

/** What a controller corrects of a deviation. */
const CORRECTED = 0.5;

function noiseOf({ sluggish }: Characteristic, white: Noise): Noise {
	return sluggish === undefined ? controlledNoise(white, CORRECTED) : sluggishNoise(white, sluggish);
}

function calmSigmas({ load, wear, drift }: Characteristic, atS: number): number {
	const sine = (part: { sigmas: number; periodS: number } | undefined) =>
		part ? part.sigmas * Math.sin((2 * Math.PI * atS) / part.periodS) : 0;
	const worn = wear ? wear.sigmas * ((atS % wear.periodS) / wear.periodS) ** WEAR_POWER : 0;
	return sine(load) + sine(drift) + worn;
}

function disturbed(at: {
	readonly fault: ReturnType<typeof activeFault>;
	readonly noise: Noise;
	readonly index: number;
	readonly isFirst: boolean;
}): number {
	const noise = at.noise(at.index);
	if (!at.fault) return noise;
	const { effect, progress } = at.fault;
	switch (effect.type) {
		case 'shift':
			return noise + effect.sigmas;
		case 'drift':
			return noise + effect.sigmas * progress;
		case 'spike':
			return at.isFirst ? noise + effect.sigmas : noise;
		case 'variance':
			return noise * effect.factor;
		case 'stuck':
		case 'dropout':
		case 'slowdown':
			return noise;
	}
}
