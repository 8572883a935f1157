import { lnGamma, nonZero } from './gamma.ts';
import { solve } from './solve.ts';

/** I_x(a, b), the regularised incomplete beta function, by its continued fraction (Lentz; DLMF 8.17.22). */
export function betaCdf(x: number, a: number, b: number): number {
	if (!(x > 0)) return 0;
	if (x >= 1) return 1;
	const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
	if (x < (a + 1) / (a + b + 2)) return (front * fraction(x, a, b)) / a;
	return 1 - (front * fraction(1 - x, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
	let c = 1;
	let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
	let value = d;
	for (let m = 1; m < 10_000; m++) {
		const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / nonZero(1 + even * d);
		c = nonZero(1 + even / c);
		value *= d * c;
		const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / nonZero(1 + odd * d);
		c = nonZero(1 + odd / c);
		value *= d * c;
		if (Math.abs(d * c - 1) < 2e-16) break;
	}
	return value;
}

/** The x with betaCdf(x, a, b) = p. @returns NaN for p outside (0, 1) or parameters that are not positive */
export function betaQuantile(p: number, a: number, b: number): number {
	if (!(p > 0 && p < 1 && a > 0 && b > 0)) return NaN;
	return solve((x) => betaCdf(x, a, b) - p, { from: 0, to: 1, start: a / (a + b) });
}

/** The x that F with these degrees of freedom stays below with probability p. */
export function fQuantile(p: number, df1: number, df2: number): number {
	const x = betaQuantile(p, df1 / 2, df2 / 2);
	return (df2 * x) / (df1 * (1 - x));
}

/** P(T > t) of Student's distribution, t >= 0. */
export function studentTail(t: number, df: number): number {
	return 0.5 * betaCdf(df / (df + t * t), df / 2, 0.5);
}
