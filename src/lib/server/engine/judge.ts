import { rulesOf, type Bank } from '#rules';
import type { Rule } from '#contracts/chart.ts';
import { FLAG } from '#contracts/point.ts';
import type { Verdict } from '#contracts/verdict.ts';
import {
	addContext,
	closeWaiting,
	CONTEXT_POINTS,
	endEpisode,
	extendEpisode,
	openEpisode,
	written,
	type Running,
} from './episodes.ts';
import { plottedBefore } from './ring.ts';
import type { Charted, ChartState } from './table.ts';

/** One plotted point of one chart, as the bank judged it. */
export interface Judged {
	readonly tMicros: number;
	readonly v: number;
	/** Bit r-1 = rule r completed here. */
	readonly bits: number;
	readonly flags: number;
	/** Where the pattern of this rule began. */
	spanFrom(rule: number): number;
}

/** From what the bank says to signals and episodes. Runs only where a rule has fired or an episode is not done. */
export interface Judge {
	follow(charted: Charted, chart: ChartState, judged: Judged): void;
	/** A point of the baseline: its signals are told, and that is all. */
	followBaseline(charted: Charted, chart: ChartState, judged: Judged): void;
	/** No data: an episode that no rule of the bank finds. */
	openAbsence(charted: Charted, firstMicros: number): void;
	/** @param endedMicros the first moment without the signal; never before the last one with it */
	end(charted: Charted, endedMicros: number, which: (rule: Rule) => boolean): void;
	/** Ends what `which` names for good, context included: the points to come are of another phase. */
	close(charted: Charted, endedMicros: number, which: (rule: Rule) => boolean): void;
	/** Writes what changed since it was last written. */
	writeChanges(charted: Charted): void;
}

type NelsonRule = Extract<Rule, number>;
const rulesIn = (bits: number) => rulesOf(bits) as NelsonRule[];

export const NO_DATA = 'no-data';

export function createJudge({ bank, emit }: { bank: Bank; emit: (verdict: Verdict) => void }): Judge {
	function write(type: 'violation.opened' | 'violation.updated' | 'violation.ended', of: Charted, running: Running) {
		emit({ type, episode: written(running, of.stream.id) });
	}

	function signal(charted: Charted, chart: ChartState, judged: Judged, rule: NelsonRule, baseline: boolean): void {
		const { tMicros, v } = judged;
		emit({
			type: 'signal',
			signal: {
				streamId: charted.stream.id,
				chart: chart.chart,
				rule,
				side: bank.side(chart.bankSlot, rule),
				tMicros,
				spanFromMicros: judged.spanFrom(rule),
				v,
				limitsId: chart.limits?.id ?? '',
				baseline,
			},
		});
	}

	function goesOn(chart: ChartState, running: Running, judged: Judged): boolean {
		if (typeof running.rule !== 'number') return true;
		if ((judged.bits & (1 << (running.rule - 1))) === 0) return false;
		// What was imported is never alerted, so what goes on live has to be an episode of its own.
		if (running.historical !== isHistorical(judged)) return false;
		return running.side === bank.side(chart.bankSlot, running.rule);
	}

	function open(charted: Charted, chart: ChartState, judged: Judged, rule: NelsonRule): void {
		const point = { tMicros: judged.tMicros, v: judged.v };
		const running = openEpisode(chart.episodes, {
			streamId: charted.stream.id,
			chart: chart.chart,
			rule,
			side: bank.side(chart.bankSlot, rule),
			severity: charted.plan.severity,
			firstMicros: judged.tMicros,
			spanFromMicros: judged.spanFrom(rule),
			value: judged.v,
			centre: chart.limits?.centre ?? 0,
			sigma: chart.limits?.sigma ?? 0,
			limitsId: chart.limits?.id ?? '',
			historical: isHistorical(judged),
			before: plottedBefore(charted.ring, chart.at, 1, CONTEXT_POINTS),
			at: [point],
		});
		write('violation.opened', charted, running);
	}

	function follow(charted: Charted, chart: ChartState, judged: Judged): void {
		const { episodes } = chart;
		const point = { tMicros: judged.tMicros, v: judged.v };
		for (const rule of rulesIn(judged.bits)) signal(charted, chart, judged, rule, false);
		for (const running of addContext(episodes, point)) write('violation.updated', charted, running);
		const signalled = new Set<Rule>();
		for (const running of episodes.open) {
			if (typeof running.rule !== 'number') continue;
			if (goesOn(chart, running, judged)) {
				extendEpisode(running, point);
				signalled.add(running.rule);
			} else {
				endEpisode(episodes, running, judged.tMicros);
				running.after.push(point);
				write('violation.ended', charted, running);
			}
		}
		for (const rule of rulesIn(judged.bits)) if (!signalled.has(rule)) open(charted, chart, judged, rule);
	}

	return {
		follow,
		followBaseline(charted, chart, judged) {
			for (const rule of rulesIn(judged.bits)) signal(charted, chart, judged, rule, true);
		},
		openAbsence(charted, firstMicros) {
			const chart = charted.charts[0]!;
			const before = plottedBefore(charted.ring, chart.at, 0, CONTEXT_POINTS);
			const running = openEpisode(chart.episodes, {
				streamId: charted.stream.id,
				chart: chart.chart,
				rule: NO_DATA,
				side: 'none',
				severity: charted.plan.severity,
				firstMicros,
				spanFromMicros: firstMicros,
				value: before.at(-1)?.v ?? 0,
				centre: chart.limits?.centre ?? 0,
				sigma: chart.limits?.sigma ?? 0,
				limitsId: chart.limits?.id ?? '',
				historical: false,
				before,
				at: [],
			});
			write('violation.opened', charted, running);
		},
		end(charted, endedMicros, which) {
			for (const { episodes } of charted.charts)
				for (const running of episodes.open) {
					if (!which(running.rule)) continue;
					endEpisode(episodes, running, Math.max(endedMicros, running.lastMicros));
					write('violation.ended', charted, running);
				}
		},
		close(charted, endedMicros, which) {
			for (const { episodes } of charted.charts) {
				for (const running of closeWaiting(episodes)) write('violation.updated', charted, running);
				for (const running of episodes.open) {
					if (!which(running.rule)) continue;
					endEpisode(episodes, running, Math.max(endedMicros, running.lastMicros));
					closeWaiting(episodes);
					write('violation.ended', charted, running);
				}
			}
		},
		writeChanges(charted) {
			for (const { episodes } of charted.charts)
				for (const running of episodes.open) if (running.changed) write('violation.updated', charted, running);
		},
	};
}

function isHistorical(judged: Judged): boolean {
	return (judged.flags & FLAG.historical) !== 0;
}
