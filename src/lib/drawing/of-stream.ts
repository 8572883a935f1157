import type { ApiPoints } from '#contracts/api.ts';
import type { Chart } from '#contracts/chart.ts';
import { chartsOf, plotsValues, type ChartedPlan } from '#contracts/charted.ts';
import type { Limits } from '#contracts/limits.ts';
import { alikeFromMs, segmentsOf, type Segment } from '#lib/chart/segments.ts';
import { gapsOf, movingRangesOf, seriesOf, type Series } from '#lib/chart/series.ts';
import { steppedSegments } from '#lib/chart/steps.ts';
import { chartTitle, unitWords } from '#lib/format/chart-words.ts';
import { lowerBound } from '#lib/live/wire/ring.ts';
import type { DrawnChart } from './drawing.ts';

/** Plotted points of one chart as the engine remembers them. */
export interface PlottedPoints {
	readonly chart: Chart;
	readonly tMicros: Float64Array;
	readonly v: Float64Array;
	readonly signals: Uint16Array;
	readonly quality: Uint8Array;
	readonly flags: Uint8Array;
}

/** What the charts of a stream over a stretch of time are drawn from. */
export interface StreamStretch {
	readonly unit: string;
	readonly plan: ChartedPlan;
	/** The least quality that is judged. */
	readonly admit: number;
	/** Measured points with gaps and signals. */
	readonly points: ApiPoints;
	/** Of all charts, oldest first. */
	readonly limits: readonly Limits[];
	/** Charts of means, scores and sums cannot be had from measured points: they are drawn as far back as these reach. */
	readonly plotted: readonly PlottedPoints[];
	readonly fromMs: number;
	readonly toMs: number;
}

/** @returns the charts that the plan plots, that which is read first to begin with; of a plan that plots none the values alone */
export function drawnCharts(stretch: StreamStretch): readonly DrawnChart[] {
	const charts = chartsOf(stretch.plan).filter((chart) => chart !== 'size');
	return (charts.length === 0 ? (['i'] as const) : charts).flatMap((chart) => drawnChart(chart, stretch));
}

function drawnChart(chart: Chart, stretch: StreamStretch): readonly DrawnChart[] {
	const all = segmentsFrom(stretch.limits, chart);
	const fromMs = alikeFromMs(all);
	const alike = all.filter((one) => one.toMs > fromMs && one.toMs > stretch.fromMs && one.fromMs <= stretch.toMs);
	const series = seriesFor(chart, stretch, alike.at(-1)?.named);
	if (!series) return [];
	const scale = alike.at(-1)?.scale;
	const sizes = plottedSeries('size', stretch);
	return [
		{
			chart,
			heading: chartTitle({ chart, group: groupOf(stretch.plan, alike), scale }),
			unit: unitWords(scale, stretch.unit),
			series,
			segments: sizes ? steppedSegments(chart, alike, sizes.columns) : alike,
		},
	];
}

function segmentsFrom(limits: readonly Limits[], chart: Chart): readonly Segment[] {
	const of = limits.map(({ baseline, plan, fromMicros, ...one }) => ({
		...one,
		from: fromMicros,
		subgroup: plan?.subgroup,
		baseline: baseline && {
			fromMs: baseline.fromMicros / 1000,
			toMs: baseline.toMicros / 1000,
			points: baseline.points,
		},
	}));
	return segmentsOf(of, chart);
}

function seriesFor(chart: Chart, stretch: StreamStretch, named: readonly string[] = []): Series | undefined {
	const { points, admit, plan } = stretch;
	if (!plotsValues(plan)) return plottedSeries(chart, stretch) ?? (chart === 'i' ? undefined : emptySeries(stretch));
	if (chart === 'i') return seriesOf(points, 'i', admit, named);
	// Ranges of means are not moving ranges: over a thinned stretch there are none to draw.
	if (chart === 'mr') return movingRangesOf(points, admit);
	return plottedSeries(chart, stretch);
}

function emptySeries({ admit, points }: StreamStretch): Series {
	const none = new Float64Array();
	const [signals, flags, quality] = [new Uint16Array(), new Uint8Array(), new Uint8Array()];
	return {
		columns: { length: 0, tMs: none, v: none, signals, flags, quality },
		gaps: gapsOf(points),
		buckets: null,
		admit,
	};
}

function plottedSeries(chart: Chart, { plotted, points, admit, fromMs, toMs }: StreamStretch): Series | undefined {
	const found = plotted.find((one) => one.chart === chart);
	if (!found) return undefined;
	const tMs = Float64Array.from(found.tMicros, (t) => t / 1000);
	const [from, to] = [lowerBound(tMs, fromMs - 0.0005), lowerBound(tMs, toMs + 0.0005)];
	const columns = {
		length: to - from,
		tMs: tMs.subarray(from, to),
		v: found.v.subarray(from, to),
		signals: found.signals.subarray(from, to),
		flags: found.flags.subarray(from, to),
		quality: found.quality.subarray(from, to),
	};
	return { columns, gaps: gapsOf(points), buckets: null, admit };
}

/** Values that make a point: what an automatic plan found, or what the plan says. */
function groupOf({ chart, subgroup }: ChartedPlan, segments: readonly Segment[]): number | string {
	const found = segments.at(-1)?.subgroup;
	if (found !== undefined && chart === 'auto') return found;
	if (subgroup === undefined) return 1;
	if ('size' in subgroup && typeof subgroup.size === 'number') return subgroup.size;
	return 'window' in subgroup ? windowWords(subgroup.window) : 1;
}

function windowWords(window: unknown): string {
	return typeof window === 'number' ? `${window / 1000} s` : String(window);
}
