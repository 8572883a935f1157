import { untrack } from 'svelte';
import type { ApiLimits } from '#contracts/api.ts';
import { parseDuration } from '#contracts/duration.ts';
import type { PlanInput } from '#contracts/plan.ts';
import type { ChartFrame } from '#lib/chart/control-chart.ts';
import type { GapSpan, Series } from '#lib/chart/series.ts';
import { liveRange, type Range, type View } from '#lib/chart/view.ts';
import { numberFormat } from '#lib/format/number.ts';
import type { App } from './app.svelte.ts';
import { contains, fetchGaps, fetchHistory, type History } from './stream-history.ts';
import type { Columns } from './ring.ts';

/** On a phone 300 points are a smear. */
const NARROW_PX = 700;
const KEPT_POINTS = 2000;
const RATE_HZ = 20;
const FETCH_AFTER_MS = 180;
/** The store may be away for a while; what is live goes on without it. */
const RETRY_MS = 3_000;
const GAPS_EVERY_MS = 20_000;

/** What the page of one stream shows: which stretch of time, from where, and with which limits. */
export interface StreamView {
	readonly view: View;
	readonly plan: PlanInput | undefined;
	/** Every version, newest first. */
	readonly limits: readonly ApiLimits[];
	readonly fault: string;
	/** Changes when a paused picture has to be drawn anew. */
	readonly revision: number;
	readonly loading: boolean;
	/** The stretch shown has more points than fit: means are drawn, and there are no ranges between means. */
	readonly thinned: boolean;
	/** How many of the newest points are shown while live. */
	readonly livePoints: number;
	frame(chart: 'i' | 'mr'): ChartFrame;
	range(): Range | undefined;
	follow(points: number): void;
	/** The stretch that is shown stands still; the newest points go on coming in behind it. */
	pause(): void;
	show(range: Range): void;
	/** Back to the present. */
	resume(): void;
	stop(): void;
}

export function createStreamView(app: App, stream: string, start: Range | undefined): StreamView {
	let livePoints = $state(innerWidth < NARROW_PX ? 100 : 300);
	let view = $state.raw<View>({ mode: 'live', points: untrack(() => livePoints) });
	let plan = $state.raw<PlanInput | undefined>();
	let limits = $state.raw<readonly ApiLimits[]>([]);
	let fault = $state('');
	let revision = $state(0);
	let loading = $state(false);
	let thinned = $state(false);
	let gaps: readonly GapSpan[] = [];
	let history: History | undefined;
	let frozen: { i: Series; mr: Series } | undefined;
	let fetching: AbortController | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;

	const subscription = app.live.subscribe({
		streams: [stream],
		need: { points: KEPT_POINTS, charts: ['i', 'mr'] },
		rateHz: RATE_HZ,
	});
	const unlisten = app.live.listen({
		onEvent: (event) => {
			if (event.limits && String(event.limits.streamId) === stream) void loadLimits();
		},
		onConnection: (connection) => {
			if (connection.state === 'live') void load();
		},
	});
	const gapTimer = setInterval(() => void loadGaps(), GAPS_EVERY_MS);

	async function attempt(work: () => Promise<void>): Promise<void> {
		try {
			await work();
			fault = '';
		} catch (error) {
			if (error instanceof DOMException) return;
			fault = error instanceof Error ? error.message : String(error);
		}
	}

	const loadLimits = () =>
		attempt(async () => {
			const all = await app.api.limits(stream);
			app.limits.addHistory(stream, all);
			limits = all.toReversed();
			revision++;
		});
	const loadGaps = () =>
		attempt(async () => {
			gaps = await fetchGaps(app.api, stream, KEPT_POINTS);
			revision++;
		});
	const loadPlan = () => attempt(async () => void (plan = await app.api.plan(stream)));

	async function load(): Promise<void> {
		await Promise.all([loadLimits(), loadGaps(), loadPlan()]);
	}

	function liveSeries(chart: 'i' | 'mr'): Series {
		return { columns: app.rings.columns(stream, chart), gaps, envelope: null };
	}

	function series(chart: 'i' | 'mr'): Series {
		if (view.mode === 'live') return liveSeries(chart);
		if (history && contains(history.range, view))
			return chart === 'i' ? history.individuals : (history.movingRanges ?? { ...history.individuals, columns: NONE });
		// Opened at a moment of the past before anything had come: what comes in may reach back to it.
		return frozen?.[chart] ?? liveSeries(chart);
	}

	function range(): Range | undefined {
		return view.mode === 'paused' ? view : liveRange(app.rings.columns(stream, 'i'), view.points);
	}

	function show(next: Range): void {
		if (app.rings.columns(stream, 'i').length > 0)
			frozen ??= { i: copied(liveSeries('i')), mr: copied(liveSeries('mr')) };
		view = { mode: 'paused', minMs: next.minMs, maxMs: next.maxMs };
		revision++;
		clearTimeout(timer);
		if (history && contains(history.range, next) && !isCoarse(history, next)) return;
		timer = setTimeout(() => void fetchShown(next), FETCH_AFTER_MS);
	}

	async function fetchShown(wanted: Range): Promise<void> {
		fetching?.abort();
		const mine = new AbortController();
		fetching = mine;
		loading = true;
		await attempt(async () => {
			const answer = await fetchHistory(app.api, stream, wanted, mine.signal);
			if (fetching !== mine) return;
			history = answer;
			thinned = answer.movingRanges === undefined;
		}).finally(() => {
			if (fetching !== mine) return;
			loading = false;
			revision++;
			if (fault !== '') timer = setTimeout(() => void fetchShown(wanted), RETRY_MS);
		});
	}

	function resume(): void {
		clearTimeout(timer);
		fetching?.abort();
		fetching = undefined;
		loading = false;
		history = undefined;
		thinned = false;
		frozen = undefined;
		view = { mode: 'live', points: livePoints };
		revision++;
	}

	if (start) show(start);
	void load();

	return {
		get view() {
			return view;
		},
		get plan() {
			return plan;
		},
		get limits() {
			return limits;
		},
		get fault() {
			return fault;
		},
		get revision() {
			return revision;
		},
		get loading() {
			return loading;
		},
		get thinned() {
			return thinned;
		},
		get livePoints() {
			return livePoints;
		},
		frame(chart) {
			const segments = app.limits.segments(stream, chart);
			return {
				series: series(chart),
				segments,
				range: range(),
				format: numberFormat((segments.at(-1) ?? app.limits.segments(stream, 'i').at(-1))?.sigma),
				expectMs: plan?.expect === undefined ? undefined : parseDuration(plan.expect),
			};
		},
		range,
		follow(points) {
			livePoints = points;
			resume();
		},
		pause() {
			const now = range();
			if (now) show(now);
		},
		show,
		resume,
		stop() {
			subscription.stop();
			unlisten();
			clearInterval(gapTimer);
			clearTimeout(timer);
			fetching?.abort();
		},
	};
}

const NONE: Columns = {
	length: 0,
	tMs: new Float64Array(),
	v: new Float64Array(),
	signals: new Uint16Array(),
	flags: new Uint8Array(),
	quality: new Uint8Array(),
};

/** The ring goes on under a picture that stands still. */
function copied(series: Series): Series {
	const { length, tMs, v, signals, flags, quality } = series.columns;
	const columns = {
		length,
		tMs: tMs.slice(),
		v: v.slice(),
		signals: signals.slice(),
		flags: flags.slice(),
		quality: quality.slice(),
	};
	return { ...series, columns };
}

/** A thinned stretch of which only a part is shown now may be had finer. */
function isCoarse(history: History, range: Range): boolean {
	const share = (range.maxMs - range.minMs) / (history.range.maxMs - history.range.minMs);
	return history.movingRanges === undefined && share < 0.3;
}
