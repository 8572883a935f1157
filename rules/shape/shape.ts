import { normalCdf as cdfOfScore } from '../statistics/normal.ts';
import { parametersOf, scoreOf, type Shape } from './families.ts';
import {
	fitBoxCox,
	fitGamma,
	fitLogNormal,
	fitNormal,
	fitSinhArcsinh,
	fitStudent,
	fitTwoNormal,
	fitWeibull,
	type Fit,
} from './fit.ts';
import { deviation } from '../statistics/moments.ts';
import { stepOf, unrounded } from './resolution.ts';
import { sampleOf, type Sample } from './sample.ts';

/** How values are distributed: the simplest shape that the sample does not speak against. */
export interface Described {
	readonly shape: Shape;
	/** In BIC, over the normal distribution; 0 for the normal itself. */
	readonly gain: number;
	/** Kolmogorov's distance times sqrt(n) between sample and shape; over 1.2 or so it is no good description. */
	readonly misfit: number;
	readonly logLikelihood: number;
}

/** In sigmas: steps as large as this would be taken for modes of the distribution. */
const COARSE = 0.15;

/** In BIC units: what a shape must be better than a simpler one (Raftery 1995 calls 6 strong, 2 to 6 positive). */
const STRONG = 4;

/**
 * @param values finite
 * @param residuals only shapes over the whole line come into question: residuals have no floor at zero
 */
export function describe(values: Float64Array, { residuals = false } = {}): Described {
	const step = stepOf(values);
	const coarse = step > COARSE * deviation(values);
	const sample = sampleOf(coarse ? unrounded(values, step) : values);
	const few = sample.count < ENOUGH;
	const fits = few ? [fitNormal(sample)] : [fitNormal(sample), fitStudent(sample)];
	if (!residuals && sample.x[0]! > 0)
		fits.push(fitLogNormal(sample), fitGamma(sample), fitWeibull(sample), ...(few ? [] : [fitBoxCox(sample)]));
	let best = bestOf(fits, sample.count);
	if (!few && (misfitOf(sample, best.shape) > GOOD || looksHeavy(sample, best.shape))) {
		fits.push(
			fitSinhArcsinh(sample, { skewed: false }),
			fitSinhArcsinh(sample, { skewed: true }),
			fitTwoNormal(sample),
		);
		best = bestOf(fits, sample.count);
	}
	const gain = bic(fits[0]!, sample.count) - bic(best, sample.count);
	return { shape: best.shape, gain, misfit: misfitOf(sample, best.shape), logLikelihood: best.logLikelihood };
}

const GOOD = 0.6;
/**
 * Fewer values say nothing of tails or modes: two that happen to be close would be a mode of their own, and limits by such a
 * shape so wide that nothing ever passes them.
 */
const ENOUGH = 50;

/** Excess kurtosis of the scores beyond 1.5 of its standard errors, either way. */
function looksHeavy({ x, weight, count }: Sample, shape: Shape): boolean {
	let [m1, m2, m3, m4] = [0, 0, 0, 0];
	for (let i = 0; i < x.length; i++) {
		const z = scoreOf(shape, x[i]!);
		m1 += weight[i]! * z;
		m2 += weight[i]! * z * z;
		m3 += weight[i]! * z ** 3;
		m4 += weight[i]! * z ** 4;
	}
	[m1, m2, m3, m4] = [m1 / count, m2 / count, m3 / count, m4 / count];
	const v = m2 - m1 * m1;
	const kurtosis = (m4 - 4 * m1 * m3 + 6 * m1 * m1 * m2 - 3 * m1 ** 4) / (v * v) - 3;
	const skewness = (m3 - 3 * m1 * m2 + 2 * m1 ** 3) / v ** 1.5;
	return Math.abs(kurtosis) > 1.5 * Math.sqrt(24 / count) || Math.abs(skewness) > 1.5 * Math.sqrt(6 / count);
}

/** The normal shape gives way to strong evidence only; among the others the best one counts. */
function bestOf(fits: readonly Fit[], count: number): Fit {
	const usable = fits.filter((fit) => Number.isFinite(fit.logLikelihood));
	const best = usable.reduce((a, b) => (bic(b, count) < bic(a, count) ? b : a), fits[0]!);
	const bar = best.shape.family === 'student' ? 0 : STRONG;
	return bic(fits[0]!, count) - bic(best, count) > bar ? best : fits[0]!;
}

/** Tails that were taken for normal ones alarm all day: degrees of freedom cost what AIC says, no more. */
function bic({ shape, logLikelihood }: Fit, count: number): number {
	const parameters = parametersOf(shape);
	const price = shape.family === 'student' ? 2 * Math.log(count) + 2 : parameters * Math.log(count);
	return price - 2 * logLikelihood;
}

function misfitOf({ x, weight, count }: Sample, shape: Shape): number {
	let below = 0;
	let farthest = 0;
	for (let i = 0; i < x.length; i++) {
		const place = cdfOfScore(scoreOf(shape, x[i]!));
		farthest = Math.max(farthest, Math.abs(place - (below + weight[i]! / 2) / count));
		below += weight[i]!;
	}
	return farthest * Math.sqrt(count);
}
