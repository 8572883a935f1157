import { untrack } from 'svelte';
import type { ApiLimits, ApiPoints } from '#contracts/api.ts';
import { CHARTS, type Chart } from '#contracts/chart.ts';
import { chartsOf, plotsValues } from '#contracts/charted.ts';
import { parseDuration } from '#contracts/duration.ts';
import { learnsNothing, type PlanInput } from '#contracts/plan.ts';
import { FLAG, QUALITY } from '#contracts/point.ts';
import type { GapSpan } from '#lib/chart/gap-walk.ts';
import { NO_OVERLAY, type Stretch } from '#lib/chart/overlay.ts';
import { gapsOf, type Series } from '#lib/chart/series.ts';
import { liveRange, pan, zoom, type LiveWindow, type Range, type View } from '#lib/chart/view.ts';
import { numberFormat } from '#lib/format/number.ts';
import { chartTitle, unitWords } from '#lib/format/chart-words.ts';
import type { App } from '#lib/live/app.svelte.ts';
import { lowerBound } from '#lib/live/wire/ring.ts';
import { fetchNewest } from './stream-history.ts';
import { createPast } from './stream-past.svelte.ts';
import { createPictures } from './stream-pictures.ts';
import type { StreamView } from './stream-view-port.ts';
import { createTimeZone } from '#lib/live/time-zone.svelte.ts';

/** On a phone 300 points are a smear. */
const NARROW_PX = 700;
const KEPT_POINTS = 2000;
const LEAST_LIVE_POINTS = 20;
const RATE_HZ = 20;
const GAPS_EVERY_MS = 20_000;
/** A pointer this close to the present means the present. */
const AT_PRESENT = 0.85;

export function createStreamView(app: App, stream: string, start: Range | undefined): StreamView {
	let window = $state.raw<LiveWindow>({ points: innerWidth < NARROW_PX ? 100 : 300 });
	let view = $state.raw<View>({ mode: 'live', window: untrack(() => window) });
	let plan = $state.raw<PlanInput | undefined>();
	let limits = $state.raw<readonly ApiLimits[]>([]);
	let fault = $state('');
	let revision = $state(0);
	let canPause = $state(false);
	const zone = createTimeZone(untrack(() => app.settings.zone));
	let gaps: readonly GapSpan[] = [];
	/** The same object until something changes: a live chart redraws for another one. */
	let overlay = { named: NO_OVERLAY, bare: NO_OVERLAY };
	let excluded: readonly Stretch[] = [];
	let planned: Promise<unknown> | undefined;
	let pausedMs = Infinity;

	const subscription = app.live.subscribe({
		streams: [stream],
		need: { points: KEPT_POINTS, charts: CHARTS },
		rateHz: RATE_HZ,
	});
	const unlisten = app.live.listen({
		onEvent: (event) => {
			if (event.limits && String(event.limits.streamId) === stream) void loadLimits();
			// With another plan a stream learns anew.
			if (event.stream === stream) void loadPlan();
		},
		onConnection: (connection) => {
			if (connection.state === 'live') void load();
		},
		onPoints: (streams) => {
			if (!streams.has(stream)) return;
			chooseCharts();
			canPause = range() !== undefined;
			if (pausedMs === -Infinity) pausedMs = leading().tMs.at(-1) ?? -Infinity;
			past.ensure();
		},
	});
	const gapTimer = setInterval(() => void loadNewest(), GAPS_EVERY_MS);

	let charts = $state.raw<readonly Chart[]>([]);
	/** Means, scores and sums cannot be had from stored points: of them there is what the server has in memory. */
	const reachesBack = $derived(plan === undefined || plotsValues(plan));

	const pictures = createPictures(app, stream);
	const ring = (chart: Chart) => app.rings.columns(stream, chart);
	/** The points that times are counted by. */
	const leading = () => ring(charts[0] ?? 'i');
	const admit = () => (plan?.admit === 'uncertain' ? QUALITY.uncertain : QUALITY.good);

	/** @returns false when it went wrong, which is said */
	async function attempt(work: () => Promise<void>): Promise<boolean> {
		try {
			await work();
			fault = '';
		} catch (error) {
			if (!(error instanceof DOMException)) fault = error instanceof Error ? error.message : String(error);
		}
		return fault === '';
	}

	/** What was learnt under the plan of before is in force no longer, and nothing takes its place. */
	const isUnjudged = () => plan !== undefined && learnsNothing(plan) && !(plan.baseline && 'centre' in plan.baseline);

	const past = createPast({
		api: app.api,
		shown() {
			const shown = range();
			return shown && reachesBack ? { range: shown, isLive: view.mode === 'live' } : undefined;
		},
		leading,
		planned: () => planned,
		wish: () => ({ stream, admit: admit(), named: app.limits.segments(stream, 'i').at(-1)?.named ?? [] }),
		attempt,
		onChange: () => revision++,
	});

	const loadLimits = () =>
		attempt(async () => {
			const all = await app.api.limits(stream);
			app.limits.addHistory(stream, all);
			limits = all.toReversed();
			chooseCharts();
			revision++;
		});
	const loadNewest = () =>
		attempt(async () => {
			const points = await fetchNewest(app.api, stream, KEPT_POINTS);
			gaps = gapsOf(points);
			if (reachesBack) pushUnplotted(points);
			revision++;
		});
	const loadPlan = () =>
		attempt(async () => {
			plan = await app.api.plan(stream);
			chooseCharts();
			revision++;
		});

	/** An automatic plan finds its charts itself: those with the newest limits, and until it has some what it plots. */
	function chooseCharts(): void {
		if (!plan) return;
		const possible = chartsOf(plan);
		const next = plan.chart === 'auto' ? foundOf(possible) : possible;
		if (next.join() !== charts.join()) charts = next;
	}

	function foundOf(possible: readonly Chart[]): readonly Chart[] {
		const fromOf = (chart: Chart) => app.limits.segments(stream, chart).at(-1)?.fromMs ?? -Infinity;
		const newestMs = Math.max(...possible.map(fromOf));
		const found = possible.filter((chart) => newestMs > -Infinity && fromOf(chart) === newestMs);
		const isPlotted = ring(app.rings.lead(stream)).length > 0;
		return found.length > 0 ? found : isPlotted ? [app.rings.lead(stream)] : possible.slice(0, 1);
	}

	/** The live server tells of plotted points; what came late or was refused is in the store alone. */
	function pushUnplotted({ t, v, flags, quality }: ApiPoints): void {
		const oldestMs = leading().tMs[0] ?? Infinity;
		t.forEach((tMicros, i) => {
			const [flag, grade] = [flags[i] ?? 0, quality[i] ?? QUALITY.good];
			if ((flag & (FLAG.late | FLAG.excluded)) === 0 && grade >= admit()) return;
			if (tMicros / 1000 < oldestMs) return;
			app.rings.push(stream, 'i', { tMs: tMicros / 1000, v: v[i] ?? NaN, signals: 0, flags: flag, quality: grade });
		});
	}

	async function load(): Promise<void> {
		planned = loadPlan();
		await planned;
		await Promise.all([loadLimits(), loadNewest()]);
	}

	function series(chart: Chart): Series {
		const made = seriesOf(chart);
		return { ...made, excluded };
	}

	function seriesOf(chart: Chart): Series {
		const columns = ring(chart);
		const live = { columns, gaps, buckets: null, admit: admit() };
		const wanted = range();
		const { history } = past;
		const before = chart === 'i' ? history?.individuals : chart === 'mr' ? history?.movingRanges : undefined;
		if (!history || !before || !reachesBack || (view.mode === 'live' && wanted && past.isFresh(wanted)))
			return pictures.alike(chart, live);
		// Opened at the past, or gone far from what is at hand: until its history comes there is what comes in.
		return pictures.stitched(chart, history, before, gaps);
	}

	/** Values that make a point: what an automatic plan found, or what the plan says. */
	function groupOf(chart: Chart): number | string {
		const found = app.limits.segments(stream, chart).at(-1)?.subgroup;
		if (found !== undefined && plan?.chart === 'auto') return found;
		const group = plan?.subgroup;
		return group === undefined ? 1 : 'size' in group ? group.size : group.window;
	}

	function range(): Range | undefined {
		return view.mode === 'paused' ? view : liveRange(leading(), view.window);
	}

	function show({ minMs, maxMs }: Range): void {
		if (view.mode === 'live') pausedMs = leading().tMs.at(-1) ?? -Infinity;
		view = { mode: 'paused', minMs, maxMs };
		revision++;
		past.ensure();
	}

	function zoomAt(atMs: number, factor: number): void {
		const now = range();
		if (!now) return;
		const share = (atMs - now.minMs) / (now.maxMs - now.minMs);
		if (view.mode === 'live' && (factor > 1 || share > AT_PRESENT)) return follow(scaled(now, factor));
		show(zoom(now, atMs, factor));
	}

	/** As points while they are at hand, as time beyond. */
	function scaled(now: Range, factor: number): LiveWindow {
		const { tMs, length } = leading();
		const spanMs = (now.maxMs - now.minMs) * factor;
		const points = length - lowerBound(tMs, now.maxMs - spanMs);
		const least = factor < 1 && points < LEAST_LIVE_POINTS;
		return least ? { points: LEAST_LIVE_POINTS } : { spanMs };
	}

	function follow(next: LiveWindow): void {
		window = next;
		view = { mode: 'live', window };
		revision++;
		past.ensure();
	}

	function resume(): void {
		past.cancel();
		pausedMs = Infinity;
		follow(window);
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
		get charts() {
			return charts;
		},
		get reachesBack() {
			return reachesBack;
		},
		get limits() {
			return isUnjudged() ? [] : limits;
		},
		get fault() {
			return fault;
		},
		get revision() {
			return revision;
		},
		get loading() {
			return past.loading;
		},
		get canPause() {
			return canPause;
		},
		get bucketMs() {
			void revision;
			return series(charts[0] ?? 'i').buckets?.widthMs ?? 0;
		},
		get window() {
			return window;
		},
		get clock() {
			return zone.clock;
		},
		newPoints() {
			const { tMs, length } = leading();
			const from = lowerBound(tMs, pausedMs + 0.0005);
			return { count: length - from, more: from === 0 && length >= KEPT_POINTS };
		},
		frame(chart) {
			const segments = isUnjudged() ? [] : pictures.segments(chart);
			const scale = segments.at(-1)?.scale;
			return {
				series: series(chart),
				segments,
				range: range(),
				format: numberFormat((segments.at(-1) ?? app.limits.segments(stream, charts[0] ?? 'i').at(-1))?.sigma),
				unit: unitWords(scale, app.directory.get(stream)?.unit ?? ''),
				clock: zone.clock,
				expectMs: plan?.expect === undefined ? undefined : parseDuration(plan.expect),
				overlay: chart === charts[0] ? overlay.named : overlay.bare,
			};
		},
		title(chart) {
			void revision;
			const scale = app.limits.segments(stream, chart).at(-1)?.scale;
			const unit = unitWords(scale, app.directory.get(stream)?.unit ?? '');
			return { words: chartTitle({ chart, group: groupOf(chart), scale }), unit };
		},
		range,
		isTouched() {
			return view.mode === 'live' || view.maxMs >= pausedMs;
		},
		follow,
		pause() {
			const now = range();
			if (now) show(now);
		},
		show,
		zoomAt,
		panBy(share) {
			const now = range();
			if (now) show(pan(now, share));
		},
		resume,
		chooseZone(next) {
			zone.choose(next);
			revision++;
		},
		cover(next, out) {
			overlay = { named: { ...next, isNamed: true }, bare: { ...next, isNamed: false } };
			excluded = out;
			revision++;
		},
		stop() {
			subscription.stop();
			unlisten();
			clearInterval(gapTimer);
			past.stop();
		},
	};
}
