import { logGamma } from './gamma-function.ts';

const CLOSE = 1e-15;
const MAX_TERMS = 300;

/** Regularised incomplete beta function I_x(a, b) (continued fraction, Abramowitz & Stegun 26.5.8; Lentz's method). */
export function betaRatio(a: number, b: number, x: number): number {
	if (!(x > 0)) return 0;
	if (x >= 1) return 1;
	const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b));
	return x < (a + 1) / (a + b + 2) ? (front * fraction(a, b, x)) / a : 1 - (front * fraction(b, a, 1 - x)) / b;
}

function fraction(a: number, b: number, x: number): number {
	let c = 1;
	let d = 1 / (1 - ((a + b) * x) / (a + 1));
	let h = d;
	for (let m = 1; m < MAX_TERMS; m++) {
		const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / (1 + even * d);
		c = 1 + even / c;
		h *= d * c;
		const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / (1 + odd * d);
		c = 1 + odd / c;
		h *= d * c;
		if (Math.abs(d * c - 1) < CLOSE) break;
	}
	return h;
}

/** P(T > t) of Student's distribution, t >= 0. */
export function studentTail(degrees: number, t: number): number {
	return 0.5 * betaRatio(degrees / 2, 0.5, degrees / (degrees + t * t));
}
