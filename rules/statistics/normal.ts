import { probit } from 'simple-statistics';

const ROOT_2PI = Math.sqrt(2 * Math.PI);
/** Where the power series, exact near the middle, gives way to the continued fraction, exact in the tail. */
const TAIL = 2.5;

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
	return Math.exp(-0.5 * x * x) / ROOT_2PI;
}

/**
 * P(X <= x) of the standard normal distribution, to 1e-15, relative in the tails too: parts per million are tails.
 *
 * Series and continued fraction: Marsaglia, Evaluating the normal distribution, J. Statistical Software 11(4), 2004;
 * Abramowitz and Stegun 26.2.14. simple-statistics has it to 1e-7 only.
 */
export function normalCdf(x: number): number {
	if (Number.isNaN(x)) return NaN;
	if (x < -TAIL) return tail(-x);
	return x > TAIL ? 1 - tail(x) : 0.5 + middle(x);
}

/** P(X > x). */
export function normalTail(x: number): number {
	return normalCdf(-x);
}

function middle(x: number): number {
	let term = x;
	let sum = x;
	for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(sum); i += 2) {
		term *= (x * x) / i;
		sum += term;
	}
	return sum * normalDensity(x);
}

function tail(x: number): number {
	if (x > 38) return 0;
	let fraction = x;
	for (let i = Math.ceil(12 + 800 / (x * x)); i > 0; i--) fraction = x + i / fraction;
	return normalDensity(x) / fraction;
}

/** The x with normalCdf(x) = p. @returns -Infinity for 0, Infinity for 1, NaN outside */
export function normalQuantile(p: number): number {
	if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
	if (p > 0.5) return -normalQuantile(1 - p);
	let x = p < 1e-7 ? -Math.sqrt(-2 * Math.log(p)) : probit(p);
	for (let i = 0; i < 60; i++) {
		// Halley's step: the second derivative of the distribution is -x times the first.
		const newton = (normalCdf(x) - p) / normalDensity(x);
		const step = newton / (1 + Math.max(-0.5, Math.min(0.5, (x * newton) / 2)));
		x -= step;
		if (Math.abs(step) < 1e-15 * Math.abs(x) || step === 0) break;
	}
	return x;
}
