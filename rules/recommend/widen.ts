import { FARTHEST } from '../shape/families.ts';
import type { Memory, PlanLimits } from './run-length.ts';

/** What limits rest on. */
export interface Footing {
	/** Plotted points in the baseline. */
	readonly count: number;
	/** Numbers of the fitted distribution. */
	readonly parameters: number;
	/** Waves of the daily pattern. */
	readonly waves: number;
	/** Lag-1 correlation that was taken out, 0 = none. */
	readonly phi: number;
	/** Variance of the EWMA seen in the baseline, over that of independent points; at least 1. */
	readonly inflation: number;
}

/**
 * Limits from a short baseline, widened until they signal as rarely as known ones would, averaged over all baselines of
 * that length: the estimation error is one more spread of what is plotted (as in the t prediction interval;
 * Quesenberry,
 * J. Quality Technology 25, 1993; Jensen et al., J. Quality Technology 38, 2006).
 */
export function widened({ slow, fast }: PlanLimits, footing: Footing): PlanLimits {
	const wider = ({ lambda, width }: Memory, inflation: number): Memory => ({
		lambda,
		width: width * Math.sqrt(inflation * (1 + uncertainty({ lambda, width }, footing) / footing.count)),
	});
	return { slow: slow && wider(slow, footing.inflation), fast: reachable(wider(fast, 1)) };
}

/** Scores end at eight: limits beyond would never be passed, however far a value is. */
function reachable({ lambda, width }: Memory): Memory {
	return { lambda, width: Math.min(width, 0.94 * FARTHEST * Math.sqrt(lambda * (2 - lambda))) };
}

/**
 * Variance of what is judged, times n, in its own sigmas. An average of many points feels the centre most, one point
 * the tail.
 */
function uncertainty({ lambda, width }: Memory, { parameters, waves, phi }: Footing): number {
	const level = ((1 + 2 * waves) * (2 - lambda)) / lambda;
	const spread = (width * width) / 2;
	const beyond = tailUncertainty(width, parameters) - tailUncertainty(width, 2);
	return level + spread + beyond * lambda * lambda + ofCorrelation(lambda, phi);
}

/**
 * Variance, times n, of the normal score at a tail point when a distribution of so many parameters is fitted:
 * parameter k
 * moves the score by He(k-1)(z) / sqrt(k! n), with Hermite's polynomials (Cornish & Fisher's expansion). Two parameters
 * give 1 + z^2 / 2, the normal distribution's own.
 */
export function tailUncertainty(z: number, parameters: number): number {
	let [before, hermite, factorial, sum] = [0, 1, 1, 0];
	for (let k = 1; k <= parameters; k++) {
		factorial *= k;
		sum += (hermite * hermite) / factorial;
		[before, hermite] = [hermite, z * hermite - (k - 1) * before];
	}
	return sum;
}

/**
 * What an estimated phi adds: residuals keep (phi - estimate) of the slow series, whose EWMA varies with them. The
 * estimate's variance is (1 - phi^2) / n, and an EWMA of residuals passes on (1 - lambda) / (1 - (1 - lambda) phi) of
 * it,
 * twice for the part that goes along with the EWMA itself.
 */
function ofCorrelation(lambda: number, phi: number): number {
	if (phi === 0) return 0;
	const passed = (1 - lambda) / (1 - (1 - lambda) * phi);
	return (1 - phi * phi) * 4 * passed * passed;
}
