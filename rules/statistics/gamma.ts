import { normalQuantile } from './normal.ts';

// Lanczos, g = 7, nine terms (Godfrey): 15 digits.
const LANCZOS = [
	0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
	12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln gamma(x) for x > 0. */
export function lnGamma(x: number): number {
	if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
	let sum = LANCZOS[0]!;
	for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x - 1 + i);
	const t = x + 6.5;
	return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** P(a, x), the regularised lower incomplete gamma function (series below a + 1, continued fraction above; Gautschi). */
export function gammaCdf(x: number, a: number): number {
	if (x <= 0) return 0;
	const front = Math.exp(a * Math.log(x) - x - lnGamma(a));
	return x < a + 1 ? front * lowerSeries(x, a) : 1 - front * upperFraction(x, a);
}

function lowerSeries(x: number, a: number): number {
	let term = 1 / a;
	let sum = term;
	for (let n = a + 1; term > sum * 1e-17; n++) {
		term *= x / n;
		sum += term;
	}
	return sum;
}

/** Lentz's method. */
function upperFraction(x: number, a: number): number {
	let b = x + 1 - a;
	let c = 1e300;
	let d = 1 / b;
	let value = d;
	for (let i = 1; i < 10_000; i++) {
		const an = -i * (i - a);
		b += 2;
		d = 1 / nonZero(an * d + b);
		c = nonZero(b + an / c);
		value *= d * c;
		if (Math.abs(d * c - 1) < 1e-16) break;
	}
	return value;
}

export function nonZero(x: number): number {
	return Math.abs(x) < 1e-300 ? 1e-300 : x;
}

/** P(X <= x) of chi-square with `df` degrees of freedom, which need not be whole. */
export function chiSquareCdf(x: number, df: number): number {
	return gammaCdf(x / 2, df / 2);
}

/** The x with chiSquareCdf(x, df) = p; starts from Wilson and Hilferty's cube. @returns NaN for p outside (0, 1) or df <= 0 */
export function chiSquareQuantile(p: number, df: number): number {
	if (!(p > 0 && p < 1 && df > 0)) return NaN;
	const start = df * Math.max(1e-3, 1 - 2 / (9 * df) + normalQuantile(p) * Math.sqrt(2 / (9 * df))) ** 3;
	return solve((x) => chiSquareCdf(x, df) - p, { from: 0, to: Math.max(4 * start, df + 100), start });
}

/**
 * Root of a rising function in an interval: secant steps, held inside what bisection has left.
 *
 * @param to is doubled until the function is positive there
 */
export function solve(
	f: (x: number) => number,
	{ from, to, start }: { from: number; to: number; start: number },
): number {
	let low = from;
	let high = to;
	for (let i = 0; i < 200 && f(high) < 0; i++) high *= 2;
	let x = start;
	let [lastX, lastY] = [NaN, NaN];
	for (let i = 0; i < 200; i++) {
		const y = f(x);
		if (y === 0) return x;
		if (y < 0) low = x;
		else high = x;
		const secant = x - (y * (x - lastX)) / (y - lastY);
		[lastX, lastY] = [x, y];
		// Every third step halves, so that a flat stretch cannot hold the secant up.
		x = secant > low && secant < high && i % 3 !== 2 ? secant : (low + high) / 2;
		if (high - low <= 4e-16 * Math.abs(high) || x === lastX) break;
	}
	return x;
}
