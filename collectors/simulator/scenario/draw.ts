import { gaussianNoise, hash, uniform } from '../noise.ts';

/** Draws by name, so that one more of them changes no other. */
export interface Draw {
	/** From `low` up to, and without, `high`. */
	between(name: string, low: number, high: number): number;
	chance(name: string, probability: number): boolean;
	pick<T>(name: string, of: readonly T[]): T;
	/** White, of deviation 1. */
	noise(name: string): (index: number) => number;
}

export function createDraw(seed: number): Draw {
	const at = (name: string) => uniform(seed, textHash(name), 0);
	return {
		between: (name, low, high) => low + (high - low) * at(name),
		chance: (name, probability) => at(name) < probability,
		pick: <T>(name: string, of: readonly T[]): T => of[Math.floor(at(name) * of.length)] as T,
		noise: (name) => gaussianNoise(hash(seed, textHash(name), 1), 7),
	};
}

function textHash(text: string): number {
	let h = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
	return h >>> 0;
}
