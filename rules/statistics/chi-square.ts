import { gammaTails } from './gamma.ts';
import { normalQuantile } from './normal.ts';
import { solve } from './solve.ts';

/** P(X <= x) of chi-square with `df` degrees of freedom, which need not be whole. */
export function chiSquareCdf(x: number, df: number): number {
	return gammaTails(x / 2, df / 2)[0];
}

/** The x with chiSquareCdf(x, df) = p; starts from Wilson and Hilferty's cube. @returns NaN for p outside (0, 1) or df <= 0 */
export function chiSquareQuantile(p: number, df: number): number {
	if (!(p > 0 && p < 1 && df > 0)) return NaN;
	const start = df * Math.max(1e-3, 1 - 2 / (9 * df) + normalQuantile(p) * Math.sqrt(2 / (9 * df))) ** 3;
	return solve((x) => chiSquareCdf(x, df) - p, { from: 0, to: Math.max(4 * start, df + 100), start });
}
