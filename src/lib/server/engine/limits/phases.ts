import { learnsNothing, type Plan } from '#contracts/plan.ts';
import { createBaseline, emptyBaseline, pointAt, type Baseline } from './baseline.ts';
import { forgetModel } from '../derived/derivation.ts';
import { firstParameters, given, learn } from './learn.ts';
import { limitsOf, withExcluded, type Found } from './limits.ts';
import type { PartitionState } from '#server/engine/partition-state.ts';
import { judgeAgain } from '#server/engine/plot.ts';
import { takeBack } from '#server/engine/ring.ts';
import type { Charted } from '#server/engine/table.ts';

/** What changes the judgement begins a new phase; severity, route, reaction and expected interval do not. */
export function judgesAlike(a: Plan, b: Plan): boolean {
	return judging(a) === judging(b);
}

function judging(plan: Plan): string {
	const { chart, subgroup, transform, rules, limitsSigma, lambda, k, h, baseline, admit, falseAlarmsPerDay } = plan;
	const { missing, rule8, startup, unitsPerPoint, part, targets } = plan;
	const sorted = typeof rules === 'string' ? rules : rules.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
	const budget = chart === 'auto' ? falseAlarmsPerDay : null;
	const since = { missing, rule8, startup, unitsPerPoint, part, targets };
	return JSON.stringify([
		chart,
		subgroup,
		transform,
		sorted,
		limitsSigma,
		lambda,
		k,
		h,
		baseline,
		admit,
		budget,
		since,
	]);
}

/** Far more than rounding does, far less than limits are written with. */
const ALIKE = 1e-12;

/** Somebody has written the limits in force into the plan: nothing changes in how points are judged. */
export function givesWhatHolds({ plan: was, charts }: Charted, plan: Plan): boolean {
	const { baseline } = plan;
	const limits = charts[0]!.limits;
	if (limits === undefined || !('centre' in baseline) || !judgesAlike({ ...was, baseline }, plan)) return false;
	const { lcl, ucl } = given(plan, baseline).charts[0]!.lines;
	const near = (a: number, b: number) => Math.abs(a - b) <= ALIKE * Math.max(Math.abs(a), Math.abs(b), ucl - lcl);
	return near(lcl, limits.lcl) && near(ucl, limits.ucl);
}

/** A phase: a stretch judged by one set of limits. Drops what was learnt; the next point is the first of the new phase. */
export function beginPhase(state: PartitionState, charted: Charted): void {
	const { plan, slot } = charted;
	const { columns } = state.table;
	charted.chain = state.chains.compile(plan);
	setParameters(charted, firstParameters(plan));
	for (const chart of charted.charts) {
		chart.limits = undefined;
		chart.judging.release(chart.judgingSlot);
	}
	if (charted.derivation !== undefined) forgetModel(charted.derivation);
	columns.windowEndMicros[slot] = NaN;
	columns.closedMicros[slot] = NaN;
	columns.groupMicros[slot] = NaN;
	charted.baseline =
		'points' in plan.baseline && !learnsNothing(plan) ? createBaseline(plan.baseline.points) : undefined;
}

/** The plan's given limits, at the first point of the phase. */
export function setGiven(state: PartitionState, charted: Charted, fromMicros: number): void {
	const { baseline } = charted.plan;
	if ('centre' in baseline) setLimits(state, charted, given(charted.plan, baseline), fromMicros);
}

/** Limits from the complete baseline, which is then judged by them. @returns false when nothing could be learnt */
export function learnFrom(state: PartitionState, charted: Charted, baseline: Baseline): boolean {
	const found = learn(charted.plan, baseline);
	if (found === undefined) {
		emptyBaseline(baseline);
		return false;
	}
	setLimits(state, charted, withExcluded(found, baseline.excluded ?? 0), pointAt(baseline, 0).tMicros);
	// What was drawn while learning was what could be drawn then.
	takeBack(charted.ring, baseline.points);
	judgeAgain(state, charted, baseline, found.regroup);
	charted.baseline = undefined;
	return true;
}

export function setLimits(state: PartitionState, charted: Charted, found: Found, fromMicros: number): void {
	setParameters(charted, found.parameters);
	const { stream, planRevision, ordinal } = charted;
	for (const chart of charted.charts) {
		const one = found.charts.find((other) => other.chart === chart.chart);
		if (one === undefined) continue;
		chart.limits = limitsOf(found, one, { streamId: stream.id, fromMicros, planRevision, ordinal });
		chart.judging.begin(chart.judgingSlot, one.by);
		state.emit({ type: 'limits', limits: chart.limits });
	}
	charted.ordinal++;
}

function setParameters(charted: Charted, parameters: Charted['parameters']): void {
	charted.parameters = parameters;
	charted.chain.set(charted.slot, parameters);
}
