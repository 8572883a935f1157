import { finiteOnly } from '../statistics/moments.ts';

/** Values that say of each unit whether it is good. */
export interface Units {
	/** How many of them are 1. */
	readonly share: number;
	/** Units of a sample in which five of the rarer kind are expected: with fewer, limits of shares signal by chance. */
	readonly sample: number;
}

const EXPECTED = 5;
const LARGEST_SAMPLE = 100_000;

/** @returns undefined unless values are 0 and 1, and both occur */
export function unitsOf(values: ArrayLike<number>): Units | undefined {
	const there = finiteOnly(Float64Array.from(values));
	const ones = there.reduce((sum, v) => sum + v, 0);
	if (!there.every((v) => v === 0 || v === 1) || ones === 0 || ones === there.length) return undefined;
	const share = ones / there.length;
	const needed = EXPECTED / Math.min(share, 1 - share);
	// Two digits: nobody samples 167 units.
	const step = 10 ** Math.max(0, Math.floor(Math.log10(needed)) - 1);
	return { share, sample: Math.min(LARGEST_SAMPLE, Math.ceil(needed / step) * step) };
}
