import type { Complex } from './spectrum.ts';

/** From and to in Hz; the lower bound belongs to it, the upper one does not. */
export type Band = readonly [fromHz: number, toHz: number];

/**
 * RMS of what lies in a band, by Parseval: the squares of all bands that together reach from above 0 to half the rate add up
 * to that of the samples without their mean.
 *
 * @param spectrum of real samples, see `transform`
 * @param rateHz samples a second
 * @returns in the unit of the samples
 */
export function bandRms(spectrum: Complex, rateHz: number, [fromHz, toHz]: Band): number {
	const n = spectrum.length / 2;
	let sum = 0;
	for (let k = 1; k <= n / 2; k++) {
		const hz = (k * rateHz) / n;
		if (hz < fromHz || hz >= toHz) continue;
		// Its mirror image is the same again, but for the one bin that has none.
		const times = 2 * k === n ? 1 : 2;
		sum += times * (spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2);
	}
	return Math.sqrt(sum) / n;
}
