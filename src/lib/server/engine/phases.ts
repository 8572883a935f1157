import { maskOf, type Bank } from '#rules';
import type { Plan } from '#contracts/plan.ts';
import type { Verdict } from '#contracts/verdict.ts';
import { createBaseline, emptyBaseline, type Baseline } from './baseline.ts';
import type { Judge } from './judge.ts';
import { given, learn, limitsOf, type Found } from './limits.ts';
import { addSignals, placeOf, type Ring } from './ring.ts';
import type { Charted } from './table.ts';

/** A phase: a stretch judged by one set of limits, learnt at its beginning or given. */
export interface Phases {
	/** Drops what was learnt; the next point is the first of the new phase. */
	begin(charted: Charted): void;
	/** The plan's given limits, at the first point of the phase. */
	setGiven(charted: Charted, fromMicros: number): void;
	/** Limits from the complete baseline, which is then judged by them. @returns false when nothing could be learnt */
	learnFrom(charted: Charted, baseline: Baseline): boolean;
}

/** What changes the judgement begins a new phase; severity, route, reaction and expected interval do not. */
export function judgesAlike(a: Plan, b: Plan): boolean {
	const judging = ({ chart, transform, rules, baseline, admit }: Plan) =>
		JSON.stringify([chart, transform, [...rules].sort(), baseline, admit]);
	return judging(a) === judging(b);
}

export function createPhases(parts: { bank: Bank; judge: Judge; emit: (verdict: Verdict) => void }): Phases {
	const { bank, judge, emit } = parts;

	function setLimits(charted: Charted, found: Found, fromMicros: number): void {
		for (const chart of charted.charts) {
			chart.limits = limitsOf(found, {
				streamId: charted.stream.id,
				chart: chart.chart,
				leads: chart.at === 0,
				fromMicros,
				planRevision: charted.planRevision,
				ordinal: charted.ordinal,
			});
			bank.setLimits(chart.bankSlot, { ...chart.limits, rules: maskOf(chart.limits.rules) });
			emit({ type: 'limits', limits: chart.limits });
		}
		charted.ordinal++;
	}

	function judgeEntry(charted: Charted, baseline: Baseline, entry: number, ringAt: number): void {
		for (const chart of charted.charts) {
			const value = chart.statistic.push(charted.slot, baseline.v[entry]!);
			const bits = bank.push(chart.bankSlot, value);
			if (bits === 0) continue;
			if (ringAt >= 0) addSignals(charted.ring, ringAt, chart.at, bits);
			judge.followBaseline(charted, chart, {
				tMicros: baseline.tMicros[entry]!,
				v: value,
				bits,
				flags: 0,
				// A pattern lies in entries without a break between, so counting back entries counts points.
				spanFrom: (rule) => baseline.tMicros[entry - bank.span(chart.bankSlot, rule)]!,
			});
		}
	}

	function judgeBaseline(charted: Charted, baseline: Baseline): void {
		for (const chart of charted.charts) chart.statistic.reset(charted.slot);
		let back = baseline.points;
		for (let entry = 0; entry < baseline.length; entry++) {
			if (baseline.v[entry] === baseline.v[entry]) {
				back--;
				judgeEntry(charted, baseline, entry, ringIndex(charted.ring, back));
			} else forget(bank, charted);
		}
	}

	return {
		begin(charted) {
			for (const stage of charted.chain.before) stage.reset(charted.slot);
			for (const chart of charted.charts) {
				chart.statistic.reset(charted.slot);
				chart.limits = undefined;
				bank.release(chart.bankSlot);
			}
			const { baseline } = charted.plan;
			charted.baseline = 'points' in baseline ? createBaseline(baseline.points) : undefined;
		},
		setGiven(charted, fromMicros) {
			const { baseline } = charted.plan;
			if ('centre' in baseline) setLimits(charted, given(charted.plan, baseline), fromMicros);
		},
		learnFrom(charted, baseline) {
			const found = learn(charted.plan, baseline);
			if (found === undefined) {
				emptyBaseline(baseline);
				return false;
			}
			setLimits(charted, found, baseline.tMicros[0]!);
			judgeBaseline(charted, baseline);
			charted.baseline = undefined;
			return true;
		},
	};
}

/** What the statistics and the bank look back on is dropped; limits stay. */
export function forget(bank: Bank, charted: Charted): void {
	for (const stage of charted.chain.before) stage.reset(charted.slot);
	for (const chart of charted.charts) {
		chart.statistic.reset(charted.slot);
		bank.push(chart.bankSlot, NaN);
	}
}

/** @returns -1 when a point so far back is no longer held */
function ringIndex(ring: Ring, back: number): number {
	return back < ring.length ? placeOf(ring, back) : -1;
}
