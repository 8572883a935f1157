import type { ApiPoints } from '#contracts/api.ts';
import { QUALITY, type PointColumns } from '#contracts/point.ts';
import type { SpcDrawing } from '#lib/drawing/drawing.ts';
import { drawnCharts } from '#lib/drawing/of-stream.ts';
import { labelsText } from '#lib/format/stream-name.ts';
import type { EngineView, Replot } from '#server/engine/port.ts';
import type { Metadata, StreamWithPlan } from '#server/metadata/port.ts';
import type { PointRange, Store } from '#server/store/port.ts';
import { limitsOf } from './facts.ts';
import type { Gate } from './gate.ts';
import { plottedOf } from './plotted.ts';
import type { Range, Stretch } from './stretches.ts';
import { thinnedWindow } from './thin-window.ts';

export interface ChartSources {
	readonly store: Pick<Store, 'points' | 'countPoints' | 'thinnedPoints' | 'signals' | 'gaps'>;
	readonly metadata: Pick<Metadata, 'limits'>;
	readonly engine: Pick<EngineView, 'limits' | 'windows'>;
	readonly gate: Gate;
	readonly replot: Replot;
}

/** More are drawn as the band of their buckets: a picture has a thousand columns of pixels. */
const MOST_POINTS = 4000;
const BUCKETS = 1200;

/** What a stream's charts over a range are drawn from. */
export async function chartOf(
	sources: ChartSources,
	{ of, points }: Stretch,
	wish: { readonly range: Range; readonly timeZone: string },
	signal: AbortSignal,
): Promise<SpcDrawing> {
	const { store, metadata, engine, gate } = sources;
	const { stream, plan } = of;
	const range = { streamId: stream.id, ...wish.range };
	const answered = await gate.pass(async () => {
		const read =
			points > MOST_POINTS ? await thinned(store, range) : { points: await store.points(range), thinned: null };
		return { ...read, signals: await store.signals(range), gaps: await store.gaps(range) };
	}, signal);
	const { t, v, quality, flags } = listsOf(answered.points);
	const drawn: ApiPoints = {
		...{ t, v, quality, flags },
		gaps: answered.gaps.map(({ fromMicros, toMicros, reason }) => [fromMicros, toMicros, reason]),
		signals: answered.signals.map(({ tMicros, chart, rule, side }) => ({ t: tMicros, chart, rule, side })),
		limits: [],
		thinned: answered.thinned,
	};
	const { fromMs, toMs } = shownRange(drawn, wish.range);
	const plotted = await plottedOf(sources, of, { fromMicros: fromMs * 1000, toMicros: wish.range.toMicros }, signal);
	const shown = { fromMicros: fromMs * 1000, toMicros: toMs * 1000 };
	const charts = drawnCharts({
		unit: stream.unit,
		plan,
		admit: plan.admit === 'good' ? QUALITY.good : QUALITY.uncertain,
		points: drawn,
		limits: await limitsOf(metadata, engine, stream.id),
		// What limits follow is needed whole.
		plotted: plotted.windows.map((one) => (one.chart === 'size' ? one : thinnedWindow(one, shown, BUCKETS))),
		fromMs,
		toMs,
	});
	const notes = notesOf(of, drawn, plotted.isWhole);
	return {
		title: stream.key,
		subtitle: [stream.site, stream.asset, labelsText(stream.labels)].filter((one) => one !== '').join(' · '),
		charts,
		fromMs,
		toMs,
		timeZone: wish.timeZone,
		expectMs: plan.expect,
		notes,
	};
}

async function thinned(store: ChartSources['store'], range: PointRange) {
	const { bucketMicros, min, max, count, ...points } = await store.thinnedPoints({ ...range, maxPoints: BUCKETS });
	const buckets = { bucketMicros, min: [...min], max: [...max], count: [...count] };
	return { points, thinned: bucketMicros === 0 ? null : buckets };
}

function listsOf({ tMicros, v, quality, flags }: PointColumns) {
	return { t: [...tMicros], v: [...v], quality: [...quality], flags: [...flags] };
}

/** From the first point to the last, where no range was asked for. */
function shownRange({ t, thinned }: ApiPoints, { fromMicros, toMicros }: Range) {
	const widthMicros = thinned?.bucketMicros ?? 0;
	const first = t[0] ?? fromMicros;
	const last = (t.at(-1) ?? toMicros) + widthMicros;
	const isOpen = fromMicros === 0;
	const fromMs = (isOpen ? first : fromMicros) / 1000;
	return {
		fromMs,
		toMs: Math.max(fromMs + 1, (isOpen || toMicros > last + widthMicros + 3.6e9 ? last : toMicros) / 1000),
	};
}

function notesOf({ plan }: StreamWithPlan, { thinned, t }: ApiPoints, isWhole: boolean): readonly string[] {
	const notes: string[] = [];
	if (t.length === 0) notes.push('no points in this range');
	if (thinned) notes.push(`each column is the band of its points (buckets of ${thinned.bucketMicros / 1e6} s)`);
	if (t.length > 0 && !isWhole) notes.push(`what ${plan.chart} plotted is remembered for the newest points only`);
	return notes;
}
