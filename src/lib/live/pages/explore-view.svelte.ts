import type { ApiPoints } from '#contracts/api.ts';
import { plotsValues } from '#contracts/charted.ts';
import type { EventMark, Stretch } from '#lib/chart/overlay.ts';
import type { App } from '#lib/live/app.svelte.ts';
import { eventMarks } from './event-marks.ts';
import { createStreamApi } from './stream-api.ts';
import { EXPLORE_SPANS, type ExploreQuery } from './explore-query.ts';

/** About two to a pixel of a wide chart. */
const POINTS = 1200;
/** Of more streams at once events would hide what they explain. */
const MOST_WITH_EVENTS = 8;
const LEAST_REFRESH_MS = 5_000;
const MOST_REFRESH_MS = 60_000;

export interface ExploreView {
	/** By stream; one that could not be read is missing. */
	readonly points: Readonly<Record<string, ApiPoints>>;
	/** Whether limits and signals of a stream are of the values that are drawn here, not of means or other statistics of them. */
	plotsValues(stream: string): boolean;
	/** What happened beside the measurements of a stream. */
	eventsOf(stream: string): readonly EventMark[];
	/** By stream: why it could not. */
	readonly faults: Readonly<Record<string, string>>;
	/** Of what is shown: with `last` it moves on. */
	readonly fromMs: number;
	readonly toMs: number;
	readonly isLoading: boolean;
	load(query: ExploreQuery): void;
	stop(): void;
}

/** Points of the chosen streams over one range; what reaches up to now is asked for again, the longer the range the rarer. */
export function createExploreView(app: App): ExploreView {
	let points = $state.raw<Readonly<Record<string, ApiPoints>>>({});
	let faults = $state.raw<Readonly<Record<string, string>>>({});
	let [fromMs, toMs, isLoading] = $state([0, 0, false]);
	let events = $state.raw<Readonly<Record<string, readonly EventMark[]>>>({});
	let ofValues = $state.raw<Readonly<Record<string, boolean>>>({});
	let asking: AbortController | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;

	/** Without its plan a stream is drawn without limits, which is no wrong picture. */
	async function learnPlans(ids: readonly string[]): Promise<void> {
		const unknown = ids.filter((id) => !(id in ofValues));
		if (unknown.length === 0) return;
		const plans = await Promise.all(unknown.map((id) => app.api.plan(id).catch(() => undefined)));
		const learnt = plans.flatMap((plan, i) => (plan ? [[unknown[i]!, plotsValues(plan)] as const] : []));
		ofValues = { ...ofValues, ...Object.fromEntries(learnt) };
	}

	/** Without them the lines are no other ones. */
	async function learnEvents(ids: readonly string[], stretch: Stretch, signal: AbortSignal): Promise<void> {
		const found = await Promise.all(
			ids.map((id) =>
				createStreamApi(fetch.bind(globalThis), id)
					.events(stretch)
					.catch(() => []),
			),
		);
		if (!signal.aborted) events = Object.fromEntries(ids.map((id, i) => [id, eventMarks(found[i] ?? [])]));
	}

	async function refresh(query: ExploreQuery): Promise<void> {
		clearTimeout(timer);
		asking?.abort();
		const mine = new AbortController();
		asking = mine;
		const [from, to] = spanOf(query);
		const at = { from: Math.round(from * 1000), to: Math.round(to * 1000), maxPoints: POINTS };
		isLoading = true;
		void learnPlans(query.streams);
		void learnEvents(query.streams.slice(0, MOST_WITH_EVENTS), { fromMs: from, toMs: to }, mine.signal);
		const answers = await Promise.allSettled(query.streams.map((id) => app.api.points(id, at, mine.signal)));
		if (mine.signal.aborted) return;
		const read = answers.flatMap((answer, i) =>
			answer.status === 'fulfilled' ? [[query.streams[i]!, answer.value]] : [],
		);
		const failed = answers.flatMap((answer, i) =>
			answer.status === 'rejected' ? [[query.streams[i]!, String((answer.reason as Error).message)]] : [],
		);
		[points, faults, fromMs, toMs, isLoading] = [Object.fromEntries(read), Object.fromEntries(failed), from, to, false];
		if (!('last' in query.range)) return;
		const every = Math.min(MOST_REFRESH_MS, Math.max(LEAST_REFRESH_MS, (to - from) / 200));
		timer = setTimeout(() => void refresh(query), every);
	}

	return {
		get points() {
			return points;
		},
		plotsValues: (stream) => ofValues[stream] ?? false,
		eventsOf: (stream) => events[stream] ?? [],
		get faults() {
			return faults;
		},
		get fromMs() {
			return fromMs;
		},
		get toMs() {
			return toMs;
		},
		get isLoading() {
			return isLoading;
		},
		load: (query) => void refresh(query),
		stop() {
			clearTimeout(timer);
			asking?.abort();
		},
	};
}

function spanOf({ range }: ExploreQuery): readonly [number, number] {
	if (!('last' in range)) return [range.fromMs, range.toMs];
	const to = Date.now();
	return [to - (EXPLORE_SPANS[range.last] ?? 0), to];
}
