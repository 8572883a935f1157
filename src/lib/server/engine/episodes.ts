import type { Chart, Rule, Side } from '#contracts/chart.ts';
import type { ContextPoint, Episode, Severity } from '#contracts/violation.ts';
import { episodeId } from './ids.ts';

/** Plotted points of context before the first signal and after the last one. */
export const CONTEXT_POINTS = 10;
const MAX_AT_POINTS = 100;
const NONE: readonly Running[] = [];

/**
 * An episode while it may still change. It begins, goes on and ends at plotted points: an end decided at a tick would
 * depend on how many points happen to lie between two ticks, so that the same points would give other episodes at
 * another load. Ticks decide only how often a change is written, and what has no point to be decided at: that none came.
 */
export interface Running {
	readonly id: string;
	readonly chart: Chart;
	readonly rule: Rule;
	readonly side: Side;
	readonly severity: Severity;
	readonly firstMicros: number;
	readonly spanFromMicros: number;
	readonly value: number;
	readonly centre: number;
	readonly sigma: number;
	readonly limitsId: string;
	readonly historical: boolean;
	readonly before: readonly ContextPoint[];
	at: ContextPoint[];
	after: ContextPoint[];
	points: number;
	lastMicros: number;
	endedMicros: number | null;
	complete: boolean;
	revision: number;
	/** Something changed that has not been written. */
	changed: boolean;
}

/** The episodes of one chart of one stream. */
export interface Episodes {
	/** Going on. */
	open: Running[];
	/** Ended, but points of context after them are still to come. */
	waiting: Running[];
}

export function createEpisodes(): Episodes {
	return { open: [], waiting: [] };
}

export type Opening = Pick<
	Running,
	| 'chart'
	| 'rule'
	| 'side'
	| 'severity'
	| 'firstMicros'
	| 'spanFromMicros'
	| 'value'
	| 'centre'
	| 'sigma'
	| 'limitsId'
	| 'historical'
	| 'before'
	| 'at'
> & { readonly streamId: number };

export function openEpisode(episodes: Episodes, { streamId, ...opening }: Opening): Running {
	const running: Running = {
		...opening,
		id: episodeId({ streamId, ...opening }),
		after: [],
		points: opening.at.length,
		lastMicros: opening.firstMicros,
		endedMicros: null,
		complete: false,
		revision: 0,
		changed: true,
	};
	episodes.open.push(running);
	return running;
}

export function extendEpisode(running: Running, point: ContextPoint): void {
	running.points++;
	running.lastMicros = point.tMicros;
	running.at.push(point);
	if (running.at.length > MAX_AT_POINTS) running.at.shift();
	running.changed = true;
}

/** @param endedMicros the first moment without the signal */
export function endEpisode(episodes: Episodes, running: Running, endedMicros: number): void {
	episodes.open = episodes.open.filter((other) => other !== running);
	running.endedMicros = endedMicros;
	running.changed = true;
	episodes.waiting.push(running);
}

/** Takes one plotted point as context of what has ended. @returns those whose context is complete with it */
export function addContext(episodes: Episodes, point: ContextPoint): readonly Running[] {
	let isAnyComplete = false;
	for (const running of episodes.waiting) {
		running.after.push(point);
		running.complete = running.after.length >= CONTEXT_POINTS;
		isAnyComplete ||= running.complete;
	}
	if (!isAnyComplete) return NONE;
	const complete = episodes.waiting.filter((running) => running.complete);
	episodes.waiting = episodes.waiting.filter((running) => !running.complete);
	return complete;
}

/** No more context is to come. @returns those that waited for it */
export function closeWaiting(episodes: Episodes): readonly Running[] {
	const closed = episodes.waiting;
	for (const running of closed) running.complete = true;
	episodes.waiting = [];
	return closed;
}

/** A copy as it is to be written now; its revision is one larger than the last one's. */
export function written(running: Running, streamId: number): Episode {
	running.revision++;
	running.changed = false;
	return {
		id: running.id,
		streamId,
		chart: running.chart,
		rule: running.rule,
		side: running.side,
		firstMicros: running.firstMicros,
		lastMicros: running.lastMicros,
		endedMicros: running.endedMicros,
		active: running.endedMicros === null,
		severity: running.severity,
		points: running.points,
		value: running.value,
		centre: running.centre,
		sigma: running.sigma,
		limitsId: running.limitsId,
		spanFromMicros: running.spanFromMicros,
		revision: running.revision,
		context: {
			before: running.before,
			at: [...running.at],
			after: [...running.after],
			complete: running.complete,
		},
		historical: running.historical,
	};
}
