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

const DRAWS = 3;

/**
 * White noise of mean 0 and deviation 1: a sum of four uniforms. It is bell-shaped and ends at 3.46, as what a
 * controlled machine does: with the tails of a true Gaussian thirty streams at 1 Hz have a false three-sigma alarm
 * every few seconds, and the staged faults would drown in them.
 */
export function whiteNoise(seed: number, stream: number): Noise {
	return (index) => {
		let sum = 0;
		for (let draw = 0; draw < DRAWS; draw++) sum += uniform(seed, stream, index * DRAWS + draw);
		return (sum - DRAWS / 2) * Math.sqrt(12 / DRAWS);
	};
}

/** What is left of a shock after this many steps is below a thousandth. */
const FORGOTTEN = 1e-3;

/**
 * AR(1) noise of deviation 1: each value keeps `phi` of the one before. The recursion is written as its finite moving
 * average, so that it needs no state either.
 *
 * @param phi between -1 and 1; negative is a controller that corrects a little too much, which most do
 */
export function correlatedNoise(white: Noise, phi: number): Noise {
	if (phi === 0) return white;
	const steps = Math.ceil(Math.log(FORGOTTEN) / Math.log(Math.abs(phi)));
	const scale = Math.sqrt(1 - phi * phi);
	return (index) => {
		let sum = 0;
		for (let k = steps; k >= 0; k--) sum = sum * phi + white(index - k);
		return sum * scale;
	};
}
