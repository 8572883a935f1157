const MODULUS = 2_147_483_647;
const FACTOR = 48_271;

/** The minimal standard generator (Park and Miller): the same numbers on every machine. @returns calls give 0 to 1 */
function createRandom(seed: number): () => number {
	let state = (seed * 7919) % MODULUS || 1;
	return () => (state = (state * FACTOR) % MODULUS) / MODULUS;
}

/** Nearly normal numbers without outliers: the sum of twelve uniform ones, cut off. */
export function createNoise(seed: number, most: number): () => number {
	const random = createRandom(seed);
	return () => {
		let sum = -6;
		for (let i = 0; i < 12; i++) sum += random();
		return Math.max(-most, Math.min(most, sum));
	};
}
