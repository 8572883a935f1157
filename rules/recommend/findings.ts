import { meanRange, movingRanges } from '../charts/moving-range.ts';
import { stepOf } from '../shape/resolution.ts';
import { deviation, finiteOnly, mean } from '../statistics/moments.ts';

/** What a baseline shows beside what the plan takes out of it. */
export interface Findings {
	/** Of the plotted points, or of the residuals where neighbours depend on each other. */
	readonly skewness: number;
	readonly kurtosis: number;
	/** Steps of resolution in one sigma. */
	readonly levels: number;
	/** Largest |partial sum| of the scores / sqrt(n). */
	readonly drift: number;
	/** Plotted point after which the level is another one, if it is. */
	readonly changeAt: number;
	/** Scores so far out that one is an alarm. */
	readonly far: number;
	/** Points beyond three sigma of a plain chart of individuals. */
	readonly naive: number;
}

/** @param scores and `rest` as long as `points`; NaN = missing */
export function findingsOf(input: {
	readonly points: Float64Array;
	readonly rest: Float64Array;
	readonly scores: Float64Array;
	readonly far: number;
}): Findings {
	const { points, rest, scores, far } = input;
	return {
		...momentsOf(finiteOnly(rest)),
		levels: deviation(finiteOnly(points)) / stepOf(points),
		...driftOf(scores),
		far: scores.filter((z) => Math.abs(z) > far).length,
		naive: naiveSignals(points),
	};
}

function momentsOf(values: Float64Array): { skewness: number; kurtosis: number } {
	const centre = mean(values);
	let [m2, m3, m4] = [0, 0, 0];
	for (const v of values) {
		const d = v - centre;
		m2 += d * d;
		m3 += d * d * d;
		m4 += d ** 4;
	}
	const n = values.length;
	return { skewness: m3 / n / (m2 / n) ** 1.5, kurtosis: (m4 * n) / (m2 * m2) - 3 };
}

function driftOf(scores: Float64Array): { drift: number; changeAt: number } {
	const there = finiteOnly(scores);
	const centre = mean(there);
	let [sum, most, changeAt] = [0, 0, 0];
	scores.forEach((z, i) => {
		if (z !== z) return;
		sum += z - centre;
		if (Math.abs(sum) <= most) return;
		most = Math.abs(sum);
		changeAt = i;
	});
	return { drift: most / Math.sqrt(there.length), changeAt };
}

/** An unscreened I-MR chart, as most programs draw it. */
function naiveSignals(points: Float64Array): number {
	const sigma = meanRange(movingRanges(points), { screen: false, D4: Infinity }) / (2 / Math.sqrt(Math.PI));
	const centre = mean(finiteOnly(points));
	return points.filter((v) => Math.abs(v - centre) > 3 * sigma).length;
}
