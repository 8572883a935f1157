import { normalCdf, normalDensity, normalQuantile } from '../statistics/normal.ts';

/**
 * An EWMA of standard normal scores, with limits on the single score beside it (Lucas & Saccucci, Technometrics 32,
 * 1990).
 */
export interface Combined {
	readonly lambda: number;
	/** Half width of the EWMA's limits in its own asymptotic sigmas. */
	readonly width: number;
	/** Half width of the limits on a single score; Infinity = none. */
	readonly single: number;
}

/** States of the half axis; 1 % more of them changes run lengths by under 0.1 %. */
const STATES = 60;

/**
 * Points until the first signal, on average, from a start at the centre: Brook & Evans's Markov chain over the EWMA,
 * folded at its centre because both sides are alike in control.
 */
export function combinedArl({ lambda, width, single }: Combined): number {
	const limit = width * Math.sqrt(lambda / (2 - lambda));
	const cell = (2 * limit) / (2 * STATES + 1);
	const a: Float64Array[] = [];
	for (let i = 0; i <= STATES; i++) {
		const row = new Float64Array(STATES + 2);
		const kept = (1 - lambda) * i * cell;
		const below = (edge: number) => normalCdf(Math.max(-single, Math.min(single, (edge - kept) / lambda)));
		let low = below(-(STATES + 0.5) * cell);
		for (let j = -STATES; j <= STATES; j++) {
			const high = below((j + 0.5) * cell);
			row[Math.abs(j)]! -= high - low;
			low = high;
		}
		row[i]! += 1;
		row[STATES + 1] = 1;
		a.push(row);
	}
	return solveFirst(a);
}

/** First unknown of a linear system with diagonally dominant rows (Gauss, from the last unknown up). */
function solveFirst(rows: Float64Array[]): number {
	const n = rows.length;
	for (let k = n - 1; k > 0; k--) {
		const pivot = rows[k]!;
		for (let i = 0; i < k; i++) {
			const row = rows[i]!;
			const factor = row[k]! / pivot[k]!;
			if (factor === 0) continue;
			for (let j = 0; j < k; j++) row[j]! -= factor * pivot[j]!;
			row[n]! -= factor * pivot[n]!;
		}
	}
	return rows[0]![n]! / rows[0]![0]!;
}

/**
 * An EWMA of scores: how much the newest counts, and its limits in its own asymptotic sigmas. At lambda 1 it is the
 * score itself.
 */
export interface Memory {
	readonly lambda: number;
	readonly width: number;
}

/** What judges the scores: a long memory for small shifts, a short one for large ones; or single points alone. */
export interface PlanLimits {
	readonly slow: Memory | null;
	readonly fast: Memory;
}

/** Alarms of both memories at once count as one: by simulation 8 % of them. */
const OVERLAP = 1.08;
/** Of the budget of false alarms, for the short memory. */
const FAST_SHARE = 0.4;

/**
 * Limits with a given number of points per false alarm.
 *
 * Alarms are counted as people meet them: a stretch of points beyond the limits is one. An EWMA wavers about its
 * limit, so that
 * they are more frequent than 1 / ARL, by a tenth at lambda 0.1 and by half at 0.03.
 *
 * A Shewhart limit in place of the short memory finds three sigma on a normal process as soon, but takes half as long
 * again on a skewed
 * one, where the same shift is two sigmas of the score.
 */
export function designPair(lambdas: { slow: number; fast: number }, pointsPerAlarm: number): PlanLimits {
	const memory = (lambda: number, share: number) => ({
		lambda,
		width: crossingWidth(lambda, (OVERLAP * share) / pointsPerAlarm),
	});
	return { slow: memory(lambdas.slow, 1 - FAST_SHARE), fast: memory(lambdas.fast, FAST_SHARE) };
}

export function designSingle(pointsPerAlarm: number): PlanLimits {
	return { slow: null, fast: { lambda: 1, width: shewhartWidth(pointsPerAlarm) } };
}

/** The single score that alone carries the short memory over its limit. */
export function farthestOf({ fast }: PlanLimits): number {
	return fast.width / Math.sqrt(fast.lambda * (2 - fast.lambda));
}

function crossingWidth(lambda: number, rate: number): number {
	if (lambda === 1) return shewhartWidth(1 / rate);
	let [low, high] = [0.5, 8];
	while (high - low > 1e-5) {
		const width = (low + high) / 2;
		if (crossings(lambda, width) > rate) low = width;
		else high = width;
	}
	return (low + high) / 2;
}

const NODES = 200;

/**
 * How often, in control and long after the start, a standardised EWMA goes over either of its limits: 2 P(Z[t-1] <= w
 * < Z[t]) at correlation 1 - lambda.
 */
function crossings(lambda: number, width: number): number {
	const rho = 1 - lambda;
	const fresh = Math.sqrt(1 - rho * rho);
	// Only what is near the limit can cross it in one step.
	const step = (Math.min(9, 9 * fresh) + width * lambda) / NODES;
	let sum = 0;
	for (let i = 0; i < NODES; i++) {
		const z = width - (i + 0.5) * step;
		sum += normalDensity(z) * normalCdf((rho * z - width) / fresh);
	}
	return 2 * sum * step;
}

/** Two-sided width of a Shewhart chart of normal values with a given in-control run length: 3 for 370.4. */
export function shewhartWidth(arl: number): number {
	return -normalQuantile(1 / (2 * arl));
}
