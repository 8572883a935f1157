import type { Shape } from './families.ts';
import { boxCox } from './families.ts';
import { digamma, lnGamma, trigamma } from '../statistics/gamma.ts';
import { minimise } from './minimise.ts';
import { changed, momentsOf, weightedSum, type Sample } from './sample.ts';

/** A shape with how likely it makes the sample. */
export interface Fit {
	readonly shape: Shape;
	readonly logLikelihood: number;
}

export function fitNormal(sample: Sample): Fit {
	const { mean, sigma } = momentsOf(sample);
	return { shape: { family: 'normal', mean, sigma }, logLikelihood: normalLikelihood(sample.count, sigma) };
}

/** At its own estimates; sigma is the one with n - 1. */
function normalLikelihood(count: number, sigma: number): number {
	const unbiased = (count - 1) / count;
	return -0.5 * count * (Math.log(2 * Math.PI * sigma * sigma * unbiased) + 1);
}

/** @param sample all above 0 */
export function fitLogNormal(sample: Sample): Fit {
	const { mean, sigma } = momentsOf(changed(sample, Math.log));
	const logLikelihood = normalLikelihood(sample.count, sigma) - weightedSum(sample, Math.log);
	return { shape: { family: 'log-normal', mean, sigma }, logLikelihood };
}

/** @param sample all above 0; scaled to its geometric mean while fitting, so that powers stay in range */
export function fitBoxCox(sample: Sample): Fit {
	const logs = weightedSum(sample, Math.log);
	const at = (power: number) => {
		const { mean, sigma } = momentsOf(changed(sample, (x) => boxCox(x, power)));
		return { mean, sigma, logLikelihood: normalLikelihood(sample.count, sigma) + (power - 1) * logs };
	};
	const power = goldenSection((p) => -at(p).logLikelihood, -2, 3);
	const { mean, sigma, logLikelihood } = at(power);
	return { shape: { family: 'box-cox', power, mean, sigma }, logLikelihood };
}

function goldenSection(cost: (x: number) => number, from: number, to: number): number {
	const ratio = (Math.sqrt(5) - 1) / 2;
	let [a, b] = [from, to];
	let [c, d] = [b - ratio * (b - a), a + ratio * (b - a)];
	let [fc, fd] = [cost(c), cost(d)];
	while (b - a > 0.005) {
		if (fc < fd) {
			[b, d, fd] = [d, c, fc];
			c = b - ratio * (b - a);
			fc = cost(c);
		} else {
			[a, c, fc] = [c, d, fd];
			d = a + ratio * (b - a);
			fd = cost(d);
		}
	}
	return (a + b) / 2;
}

/** Maximum likelihood by Newton's method (Minka, "Estimating a gamma distribution", 2002). @param sample all above 0 */
export function fitGamma(sample: Sample): Fit {
	const n = sample.count;
	const mean = weightedSum(sample, (x) => x) / n;
	const logs = weightedSum(sample, Math.log);
	const s = Math.log(mean) - logs / n;
	let k = (3 - s + Math.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s);
	for (let i = 0; i < 6; i++) k -= (Math.log(k) - digamma(k) - s) / (1 / k - trigamma(k));
	const scale = mean / k;
	const logLikelihood = (k - 1) * logs - n * (mean / scale + k * Math.log(scale) + lnGamma(k));
	return { shape: { family: 'gamma', shape: k, scale }, logLikelihood };
}

/** Maximum likelihood by Newton's method on the shape. @param sample all above 0 */
export function fitWeibull(sample: Sample): Fit {
	const n = sample.count;
	const top = sample.x[sample.x.length - 1]!;
	const logs = changed(sample, (x) => Math.log(x / top));
	const meanLog = weightedSum(logs, (l) => l) / n;
	let k = 1.2825 / Math.max(momentsOf(logs).sigma, 1e-12);
	for (let i = 0; i < 30; i++) {
		let [s0, s1, s2] = [0, 0, 0];
		for (let j = 0; j < logs.x.length; j++) {
			const l = logs.x[j]!;
			const p = logs.weight[j]! * Math.exp(k * l);
			s0 += p;
			s1 += p * l;
			s2 += p * l * l;
		}
		const step = (s1 / s0 - 1 / k - meanLog) / (s2 / s0 - (s1 / s0) ** 2 + 1 / (k * k));
		k = Math.max(k - step, k / 2);
		if (Math.abs(step) < 1e-9 * k) break;
	}
	const power = weightedSum(logs, (l) => Math.exp(k * l)) / n;
	const scale = top * power ** (1 / k);
	const logSum = meanLog + Math.log(top);
	const logLikelihood = n * (Math.log(k) - k * Math.log(scale) + (k - 1) * logSum - 1);
	return { shape: { family: 'weibull', shape: k, scale }, logLikelihood };
}

const DEGREES = [2.1, 2.5, 3, 3.5, 4, 5, 6, 8, 11, 16, 25, 50];

/**
 * Location and scale by expectation-maximisation at each of some degrees of freedom (Lange, Little & Taylor, JASA 84,
 * 1989).
 */
export function fitStudent(sample: Sample): Fit {
	let { mean: location, sigma: scale } = momentsOf(sample);
	scale *= 0.7;
	let best: Fit = { shape: { family: 'student', location, scale, degrees: Infinity }, logLikelihood: -Infinity };
	for (const degrees of DEGREES) {
		for (let pass = 0; pass < 12; pass++) {
			let [n, xs, squares] = [0, 0, 0];
			for (let i = 0; i < sample.x.length; i++) {
				const x = sample.x[i]!;
				const u = (x - location) / scale;
				const weight = (sample.weight[i]! * (degrees + 1)) / (degrees + u * u);
				n += weight;
				xs += weight * x;
				squares += weight * (x - location) ** 2;
			}
			location = xs / n;
			scale = Math.sqrt(squares / sample.count);
		}
		const constant =
			lnGamma((degrees + 1) / 2) - lnGamma(degrees / 2) - 0.5 * Math.log(degrees * Math.PI) - Math.log(scale);
		const powers = weightedSum(sample, (x) => Math.log1p(((x - location) / scale) ** 2 / degrees));
		const logLikelihood = sample.count * constant - ((degrees + 1) / 2) * powers;
		if (logLikelihood > best.logLikelihood)
			best = { shape: { family: 'student', location, scale, degrees }, logLikelihood };
	}
	return best;
}

/**
 * Tails are taken for normal ones or heavier: that a baseline has no far values does not say that there are none.
 *
 * @param skewed false keeps both sides alike, with three parameters
 */
export function fitSinhArcsinh(sample: Sample, { skewed }: { readonly skewed: boolean }): Fit {
	const { mean, sigma } = momentsOf(sample);
	const build = ([l = 0, s = 0, t = 0, e = 0]: readonly number[]) => ({
		family: 'sinh-arcsinh' as const,
		location: mean + l * sigma,
		scale: sigma * Math.exp(s),
		skew: skewed ? e : 0,
		tail: Math.exp(Math.min(t, 0)),
	});
	const cost = (x: readonly number[]) => -sinhArcsinhLikelihood(sample, build(x));
	const start = skewed ? [0, -0.2, -0.2, 0] : [0, -0.2, -0.2];
	const steps = skewed ? [0.3, 0.3, 0.3, 0.3] : [0.1, 0.3, 0.3];
	const best = minimise(cost, start, steps, { most: skewed ? 260 : 160, close: 0.02 });
	return { shape: build(best.x), logLikelihood: -best.f };
}

function sinhArcsinhLikelihood(
	{ x, weight, count }: Sample,
	{ location, scale, skew, tail }: { location: number; scale: number; skew: number; tail: number },
): number {
	let sum = 0;
	for (let i = 0; i < x.length; i++) {
		const u = (x[i]! - location) / scale;
		const root = Math.sqrt(1 + u * u);
		const asinh = u < 0 ? -Math.log(root - u) : Math.log(u + root);
		const up = Math.exp(tail * asinh - skew);
		const sinh = 0.5 * (up - 1 / up);
		const cosh = 0.5 * (up + 1 / up);
		sum += weight[i]! * (Math.log(cosh / root) - 0.5 * sinh * sinh);
	}
	return sum + count * (Math.log(tail / scale) - 0.5 * Math.log(2 * Math.PI));
}

/** Expectation-maximisation from the lower and upper half; neither sigma may fall under a twentieth of the whole. */
export function fitTwoNormal(sample: Sample): Fit {
	const whole = momentsOf(sample);
	const least = whole.sigma / 20;
	let [w, ma, mb] = [0.5, whole.mean - whole.sigma, whole.mean + whole.sigma];
	let [sa, sb] = [whole.sigma / 2, whole.sigma / 2];
	let logLikelihood = -Infinity;
	for (let pass = 0; pass < 200; pass++) {
		const sums = [0, 0, 0, 0, 0, 0];
		let now = 0;
		for (let i = 0; i < sample.x.length; i++) {
			const x = sample.x[i]!;
			const n = sample.weight[i]!;
			const a = (w / sa) * Math.exp(-0.5 * ((x - ma) / sa) ** 2);
			const b = ((1 - w) / sb) * Math.exp(-0.5 * ((x - mb) / sb) ** 2);
			const total = a + b + 1e-300;
			now += n * Math.log(total);
			const share = (n * a) / total;
			sums[0]! += share;
			sums[1]! += share * x;
			sums[2]! += share * x * x;
			sums[3]! += n - share;
			sums[4]! += (n - share) * x;
			sums[5]! += (n - share) * x * x;
		}
		const [na, xa, xxa, nb, xb, xxb] = sums as [number, number, number, number, number, number];
		w = Math.min(Math.max(na / sample.count, 0.02), 0.98);
		[ma, mb] = [xa / (na + 1e-9), xb / (nb + 1e-9)];
		sa = Math.max(Math.sqrt(Math.max(xxa / (na + 1e-9) - ma * ma, 0)), least);
		sb = Math.max(Math.sqrt(Math.max(xxb / (nb + 1e-9) - mb * mb, 0)), least);
		const gain = now - logLikelihood;
		logLikelihood = now;
		if (pass > 10 && gain < 0.01) break;
	}
	const shape = { family: 'two-normal' as const, weight: w, means: [ma, mb] as const, sigmas: [sa, sb] as const };
	return { shape, logLikelihood: logLikelihood - 0.5 * sample.count * Math.log(2 * Math.PI) };
}
