// Lanczos, g = 7, nine terms (Godfrey): 15 digits.
const LANCZOS = [
	676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
	-0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln gamma(x) for x > 0. */
export function lnGamma(x: number): number {
	if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
	let sum = 0.99999999999980993;
	for (let i = 0; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x + i);
	const t = x + 6.5;
	return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** d ln gamma / dx for x > 0 (recurrence up to 6, then the asymptotic series). */
export function digamma(x: number): number {
	let shift = 0;
	let y = x;
	for (; y < 6; y++) shift -= 1 / y;
	const r = 1 / (y * y);
	return shift + Math.log(y) - 0.5 / y - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r / 132))));
}

/** Its derivative, x > 0. */
export function trigamma(x: number): number {
	let shift = 0;
	let y = x;
	for (; y < 6; y++) shift += 1 / (y * y);
	const r = 1 / (y * y);
	return shift + 1 / y + r / 2 + (r / y) * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - (5 * r) / 66))));
}

/**
 * Both tails of the gamma distribution with scale 1, each exact where it is small (series below shape + 1, continued
 * fraction above; Gautschi, ACM TOMS 5, 1979).
 *
 * @returns [P(X <= x), P(X > x)]
 */
export function gammaTails(x: number, shape: number): readonly [number, number] {
	if (!(x > 0)) return [0, 1];
	const front = Math.exp(shape * Math.log(x) - x - lnGamma(shape));
	if (x < shape + 1) {
		const below = front * lowerSeries(x, shape);
		return [below, 1 - below];
	}
	const above = front * upperFraction(x, shape);
	return [1 - above, above];
}

/** Enough for shapes up to a million, which are normal for all that anyone could tell. */
const MOST_TERMS = 10_000;

function lowerSeries(x: number, shape: number): number {
	let term = 1 / shape;
	let sum = term;
	for (let n = 1; n < MOST_TERMS && term > sum * 1e-17; n++) {
		term *= x / (shape + n);
		sum += term;
	}
	return sum;
}

/** Lentz's method. */
function upperFraction(x: number, shape: number): number {
	let b = x + 1 - shape;
	let c = 1e300;
	let d = 1 / b;
	let value = d;
	for (let n = 1; n < MOST_TERMS; n++) {
		const a = -n * (n - shape);
		b += 2;
		d = 1 / nonZero(a * d + b);
		c = nonZero(b + a / c);
		value *= d * c;
		if (Math.abs(d * c - 1) < 2e-16) break;
	}
	return value;
}

/** What a continued fraction may divide by. */
export function nonZero(x: number): number {
	return Math.abs(x) < 1e-300 ? 1e-300 : x;
}
