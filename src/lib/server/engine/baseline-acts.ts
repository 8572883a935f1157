import type { BaselineAct } from '#contracts/command.ts';
import type { Plan } from '#contracts/plan.ts';
import { FLAG, QUALITY } from '#contracts/point.ts';
import {
	breakBaseline,
	collect,
	createBaseline,
	exclude,
	isComplete,
	type Baseline,
} from '#server/engine/limits/baseline.ts';
import { firstParameters, learn } from '#server/engine/limits/learn.ts';
import { withExcluded, type Found } from '#server/engine/limits/limits.ts';
import { beginPhase, learnFrom, setLimits } from '#server/engine/limits/phases.ts';
import { NO_DATA } from './judge.ts';
import { refresh, touch, type PartitionState } from './partition-state.ts';
import { forget } from './plot.ts';
import type { Charted } from './table.ts';

type Learning = Extract<BaselineAct, { kind: 'learn' }>;

/**
 * What a person does about the baseline of a stream. It changes what is judged from here on and nothing that has been:
 * points that wait for older ones are judged by what it leads to.
 *
 * @param renew begins a phase
 */
export function actOnBaseline(
	state: PartitionState,
	{ streamId, act }: { readonly streamId: number; readonly act: BaselineAct },
	renew: (charted: Charted) => void,
): void {
	const charted = state.table.find(streamId);
	if (charted === undefined) return;
	touch(state, charted.slot);
	state.changed.add(streamId);
	switch (act.kind) {
		case 'phase':
			return renew(charted);
		case 'learn':
			return learnNow(state, charted, act);
		case 'settle':
			// What cannot be learnt from yet goes on being gathered.
			return settle(
				state,
				charted,
				charted.baseline !== undefined && learn(charted.plan, charted.baseline) !== undefined,
			);
		case 'exclude':
		case 'include':
			if (charted.baseline === undefined || charted.plan.chart === 't2') return;
			exclude(charted.baseline, act, act.kind === 'exclude' ? FLAG.excluded : 0);
			return settle(state, charted, isComplete(charted.baseline));
	}
}

/** Values of several streams are not at hand here: a T2 learns by itself or not at all. */
function settle(state: PartitionState, charted: Charted, isEnough: boolean): void {
	if (!isEnough || charted.baseline === undefined || charted.plan.chart === 't2') return;
	if (learnFrom(state, charted, charted.baseline)) refresh(state, charted);
}

/** Values that nothing can be learnt from change nothing. */
function learnNow(state: PartitionState, charted: Charted, act: Learning): void {
	const found = foundIn(charted, act);
	if (found === undefined) return;
	const newest = state.table.columns.newestMicros[charted.slot]!;
	state.judge.close(charted, newest, (rule) => rule !== NO_DATA);
	forget(charted);
	beginPhase(state, charted);
	charted.baseline = undefined;
	setLimits(state, charted, found, newest + 1);
	refresh(state, charted);
}

/** The stages are lent for it and given back as they were. */
function foundIn({ chain, slot, plan, parameters }: Charted, act: Learning): Found | undefined {
	const before = chain.snapshot(slot);
	chain.set(slot, firstParameters(plan));
	const baseline = gathered({ chain, slot }, act);
	chain.set(slot, parameters);
	chain.restore(slot, before);
	const found = baseline.points === 0 ? undefined : learnt(plan, baseline);
	return found && withExcluded(found, act.excluded);
}

/** Plotted points of these values: each by itself, or groups as the plan makes them. */
function gathered({ chain, slot }: Pick<Charted, 'chain' | 'slot'>, { tMicros, v }: Learning): Baseline {
	const baseline = createBaseline(Infinity);
	const { group, charts } = chain;
	const spread = charts.find(({ takes }) => takes === 'range' || takes === 'sd')?.takes;
	let last = NaN;
	v.forEach((value, i) => {
		if (value === null) {
			chain.reset(slot);
			return breakBaseline(baseline);
		}
		const x = group === undefined ? value : group.push(slot, value, tMicros[i]!);
		// A window is closed by the first value after it, and stands at its own last one.
		const t = group === undefined || group.closed.hasLast || Number.isNaN(last) ? tMicros[i]! : last;
		last = tMicros[i]!;
		if (x !== x) return;
		const of = spread === 'range' || spread === 'sd' ? group!.closed[spread] : NaN;
		const size = group === undefined ? 1 : group.closed.size;
		collect(baseline, { tMicros: t, v: x, spread: of, size, seq: 0, quality: QUALITY.good, flags: 0 });
	});
	return baseline;
}

function learnt(plan: Plan, baseline: Baseline): Found | undefined {
	return plan.chart === 't2' || plan.chart === 'z-mr' ? undefined : learn(plan, baseline);
}
