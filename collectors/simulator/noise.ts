/**
 * Randomness without state: the same (seed, stream, index) gives the same number at any time and in any order, so a
 * simulator that was killed goes on with exactly the values it would have had.
 */
export type Noise = (index: number) => number;

/** Mixes three 32-bit numbers into one; the finisher of MurmurHash3, once per number. */
export function hash(seed: number, stream: number, index: number): number {
	return mix(mix(mix(seed) ^ stream) ^ index);
}

function mix(value: number): number {
	let h = (value + 0x9e3779b9) | 0;
	h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}

const TWO_32 = 4_294_967_296;

/** 0 to 1. */
export function uniform(seed: number, stream: number, index: number): number {
	return hash(seed, stream, index) / TWO_32;
}

/** White noise of mean 0 and deviation 1, evenly spread over ±1.73. */
export function whiteNoise(seed: number, stream: number): Noise {
	return (index) => (uniform(seed, stream, index) - 0.5) * Math.sqrt(12);
}

/** White noise of mean 0 and deviation 1 with the tails of a normal distribution; Box and Muller's transform, one draw of the pair. */
export function gaussianNoise(seed: number, stream: number): Noise {
	return (index) => {
		const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, stream, index)));
		return radius * Math.cos(2 * Math.PI * uniform(~seed, stream, index));
	};
}

/**
 * Noise of a controlled quantity, of deviation 1: after each deviation the controller corrects by `share` of it, which
 * is a little too much, so highs and lows take turns. Bounded by 2.4 deviations: with the tails of a Gaussian thirty
 * streams at 1 Hz have a false alarm every few seconds, and the staged faults would drown in them.
 *
 * @param share 0 to 1; the correlation of neighbours is -share / (1 + share²)
 */
export function controlledNoise(white: Noise, share: number): Noise {
	const scale = 1 / Math.sqrt(1 + share * share);
	return (index) => (white(index) - share * white(index - 1)) * scale;
}

/** What is left of a shock after this many steps is below a thousandth. */
const FORGOTTEN = 1e-3;

/**
 * Noise of a sluggish quantity, of deviation 1: AR(1), each value keeps `phi` of the one before. The recursion is
 * written as its finite moving average, so that it needs no state.
 *
 * @param phi above 0, below 1: the correlation of neighbours
 */
export function sluggishNoise(white: Noise, phi: number): Noise {
	const steps = Math.ceil(Math.log(FORGOTTEN) / Math.log(phi));
	const scale = Math.sqrt(1 - phi * phi);
	return (index) => {
		let sum = 0;
		for (let k = steps; k >= 0; k--) sum = sum * phi + white(index - k);
		return sum * scale;
	};
}
