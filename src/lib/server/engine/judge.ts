import { bitOfRule, ruleOfBit, type Rule } from '#contracts/chart.ts';
import { severityOf } from '#contracts/plan.ts';
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
	/** Bits of contracts/chart.ts. */
	readonly bits: number;
	readonly flags: number;
	/** Where the pattern of this bit began. */
	spanFrom(bit: number): number;
}

/** From what the bank says to signals and episodes. Runs only where a rule has fired or an episode is not done. */
export interface Judge {
	follow(charted: Charted, chart: ChartState, judged: Judged): void;
	/** A point without a signal while no episode is open. @returns whether one that has ended is complete with it */
	addContext(charted: Charted, chart: ChartState, tMicros: number, v: number): boolean;
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

const lowest = (bits: number) => bits & -bits;

/** The bit that an episode's signals have; 0 = no chart finds it. */
function bitOf({ limits }: ChartState, { rule, side }: Running): number {
	return rule === NO_DATA ? 0 : bitOfRule(rule, side, limits?.named);
}

/** The number at a signal: what is plotted, unless a chart has two at a time. */
function valueAt({ judging, judgingSlot }: ChartState, judged: Judged, bit: number): number {
	return judging.value(judgingSlot, bit, judged.v);
}

export const NO_DATA = 'no-data';

export function createJudge({ emit }: { emit: (verdict: Verdict) => void }): Judge {
	function write(type: 'violation.opened' | 'violation.updated' | 'violation.ended', of: Charted, running: Running) {
		emit({ type, episode: written(running, of.stream.id) });
	}

	function signal(charted: Charted, chart: ChartState, judged: Judged, bit: number, baseline: boolean): void {
		const { judging, judgingSlot, limits } = chart;
		emit({
			type: 'signal',
			signal: {
				streamId: charted.stream.id,
				chart: chart.chart,
				rule: ruleOfBit(bit, limits?.named),
				side: judging.side(judgingSlot, bit),
				tMicros: judged.tMicros,
				spanFromMicros: judged.spanFrom(bit),
				v: valueAt(chart, judged, bit),
				limitsId: limits?.id ?? '',
				baseline,
			},
		});
	}

	function goesOn(chart: ChartState, running: Running, judged: Judged): boolean {
		const bit = bitOf(chart, running);
		if ((judged.bits & bit) === 0) return false;
		// What was imported is never alerted, so what goes on live has to be an episode of its own.
		if (running.historical !== isHistorical(judged)) return false;
		return running.side === chart.judging.side(chart.judgingSlot, bit);
	}

	function open(charted: Charted, chart: ChartState, judged: Judged, bit: number): void {
		const { limits, judging, judgingSlot } = chart;
		const value = valueAt(chart, judged, bit);
		const rule = ruleOfBit(bit, limits?.named);
		const { varying } = charted.chain.charts[chart.at]!;
		const running = openEpisode(chart.episodes, {
			streamId: charted.stream.id,
			chart: chart.chart,
			rule,
			side: judging.side(judgingSlot, bit),
			severity: severityOf(charted.plan, rule),
			firstMicros: judged.tMicros,
			spanFromMicros: judged.spanFrom(bit),
			value,
			centre: varying?.centre(charted.slot) ?? limits?.centre ?? 0,
			sigma: varying?.sigma(charted.slot) ?? limits?.sigma ?? 0,
			limitsId: limits?.id ?? '',
			historical: isHistorical(judged),
			before: plottedBefore(charted.ring, chart.at, 1, CONTEXT_POINTS),
			at: [{ tMicros: judged.tMicros, v: value }],
		});
		write('violation.opened', charted, running);
	}

	function follow(charted: Charted, chart: ChartState, judged: Judged): void {
		const { episodes } = chart;
		const point = { tMicros: judged.tMicros, v: judged.v };
		for (let left = judged.bits; left !== 0; left &= left - 1) signal(charted, chart, judged, lowest(left), false);
		for (const running of addContext(episodes, point)) write('violation.updated', charted, running);
		let goingOn = 0;
		for (const running of episodes.open) {
			if (running.rule === NO_DATA) continue;
			if (goesOn(chart, running, judged)) {
				const bit = bitOf(chart, running);
				extendEpisode(running, { ...point, v: valueAt(chart, judged, bit) });
				goingOn |= bit;
			} else {
				endEpisode(episodes, running, judged.tMicros);
				running.after.push(point);
				write('violation.ended', charted, running);
			}
		}
		for (let left = judged.bits & ~goingOn; left !== 0; left &= left - 1) open(charted, chart, judged, lowest(left));
	}

	return {
		follow,
		followBaseline(charted, chart, judged) {
			for (let left = judged.bits; left !== 0; left &= left - 1) signal(charted, chart, judged, lowest(left), true);
		},
		addContext(charted, { episodes }, tMicros, v) {
			if (episodes.waiting.length === 0) return false;
			const complete = addContext(episodes, { tMicros, v });
			for (const running of complete) write('violation.updated', charted, running);
			return complete.length > 0;
		},
		openAbsence(charted, firstMicros) {
			const chart = charted.charts[0]!;
			const before = plottedBefore(charted.ring, chart.at, 0, CONTEXT_POINTS);
			const running = openEpisode(chart.episodes, {
				streamId: charted.stream.id,
				chart: chart.chart,
				rule: NO_DATA,
				side: 'none',
				severity: severityOf(charted.plan, NO_DATA),
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
