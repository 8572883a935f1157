import { normalCdf } from '../statistics/normal.ts';
import { flatten } from './compile.ts';
import type { Condition, Rule } from './condition.ts';
import { chainOf } from './chain.ts';
import { simulatedRunLength } from './simulate.ts';

export interface RunLength {
	/**
	 * Plotted points until the first false signal, from a fresh start, for normal independent values and known limits.
	 */
	readonly points: number;
	/** 0 = exact (Markov chain). */
	readonly standardError: number;
}

/**
 * In-control average run length of rules together: exact where what they remember is a few thousand states (counts,
 * runs; Champ & Woodall,
 * Technometrics 29, 1987), else the mean of 4,000 runs with a fixed seed (trends, alternation).
 */
export function inControlRunLength(rules: readonly Rule[]): RunLength {
	if (rules.length === 0) return { points: Infinity, standardError: 0 };
	const conditions = rules.map(({ condition }) => condition);
	const points = conditions.flatMap(flatten).every(ofZones) ? exactRunLength(conditions) : undefined;
	return points === undefined ? simulatedRunLength(rules) : { points, standardError: 0 };
}

/** @returns false alarms a day when a point is plotted every `intervalMs` */
export function falseAlarmsPerDay(rules: readonly Rule[], intervalMs: number): number {
	return 86_400_000 / intervalMs / inControlRunLength(rules).points;
}

function ofZones(condition: Condition): boolean {
	return !('trend' in condition || 'alternating' in condition);
}

const CLOSE = 1e-11;
const MOST_SWEEPS = 20_000;

/**
 * Solves L = 1 + Q L over the states that can be reached without a signal, by sweeps: what each adds soon shrinks by
 * the same ratio, and
 * the sum of all to come is known then (Aitken).
 *
 * @returns undefined for too many states
 */
function exactRunLength(conditions: readonly Condition[]): number | undefined {
	const edges = edgesOf(conditions);
	const chances = [...edges, Infinity].map((edge, i) => normalCdf(edge) - normalCdf(edges[i - 1] ?? -Infinity));
	const chain = chainOf(conditions, edges);
	if (chain === undefined) return undefined;
	const { states, next } = chain;
	const zones = chances.length;
	const lengths = new Float64Array(states);
	let [step, limit] = [NaN, NaN];
	for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
		const before = lengths[0]!;
		for (let s = states - 1; s >= 0; s--) {
			let sum = 1;
			for (let z = 0; z < zones; z++) {
				const to = next[s * zones + z]!;
				if (to >= 0) sum += chances[z]! * lengths[to]!;
			}
			lengths[s] = sum;
		}
		const ratio = (lengths[0]! - before) / step;
		step = lengths[0]! - before;
		const expected = lengths[0]! + (step * ratio) / (1 - ratio);
		if (Math.abs(expected - limit) < CLOSE * expected || step === 0) return step === 0 ? lengths[0]! : expected;
		limit = expected;
	}
	return undefined;
}

/** All lines, both sides and the centre, ascending. */
function edgesOf(conditions: readonly Condition[]): number[] {
	const lines = conditions
		.flatMap(flatten)
		.flatMap((c) => ('beyond' in c ? [c.beyond] : 'within' in c ? [c.within] : []));
	return [...new Set([0, ...lines, ...lines.map((line) => -line)])].sort((a, b) => a - b);
}
