/** ln gamma(x), x > 0 (Lanczos, g = 7, n = 9; relative error under 1e-14). */
export function logGamma(x: number): number {
	if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
	let sum = 0.99999999999980993;
	for (let i = 0; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x + i);
	const t = x + 6.5;
	return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS = [
	676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
	-0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/**
 * Both tails of the gamma distribution with scale 1, each exact where it is small (series below shape + 1, continued
 * fraction above; Abramowitz & Stegun 6.5).
 *
 * @returns [P(X <= x), P(X > x)]
 */
export function gammaTails(shape: number, x: number): readonly [number, number] {
	if (!(x > 0)) return [0, 1];
	const front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
	if (x < shape + 1) {
		const below = front * series(shape, x);
		return [below, 1 - below];
	}
	const above = front * fraction(shape, x);
	return [1 - above, above];
}

const CLOSE = 1e-15;
const MAX_TERMS = 500;

function series(shape: number, x: number): number {
	let term = 1 / shape;
	let sum = term;
	for (let n = 1; n < MAX_TERMS && term > sum * CLOSE; n++) {
		term *= x / (shape + n);
		sum += term;
	}
	return sum;
}

/** Lentz's method. */
function fraction(shape: number, x: number): number {
	let b = x + 1 - shape;
	let c = 1e300;
	let d = 1 / b;
	let h = d;
	for (let n = 1; n < MAX_TERMS; n++) {
		const a = -n * (n - shape);
		b += 2;
		d = 1 / (a * d + b);
		c = b + a / c;
		h *= d * c;
		if (Math.abs(d * c - 1) < CLOSE) break;
	}
	return h;
}

/** d ln gamma / dx and its derivative, x > 0 (recurrence up to 6, then the asymptotic series). */
export function digamma(x: number): number {
	let shift = 0;
	let y = x;
	for (; y < 6; y++) shift -= 1 / y;
	const r = 1 / (y * y);
	return shift + Math.log(y) - 0.5 / y - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r / 240)));
}

export function trigamma(x: number): number {
	let shift = 0;
	let y = x;
	for (; y < 6; y++) shift += 1 / (y * y);
	const r = 1 / (y * y);
	return shift + 1 / y + r / 2 + (r / y) * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r / 30)));
}
