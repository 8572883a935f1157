import type { Chart } from '#contracts/chart.ts';
import { mergedGaps, type GapSpan } from '#lib/chart/gap-walk.ts';
import { alikeFromMs, type Segment } from '#lib/chart/segments.ts';
import { steppedSegments } from '#lib/chart/steps.ts';
import type { Series } from '#lib/chart/series.ts';
import type { App } from '#lib/live/app.svelte.ts';
import { lowerBound } from '#lib/live/wire/ring.ts';
import { continued, type History } from './stream-history.ts';

/** What the charts of one stream draw, put together once for every change: drawing asks often. */
export interface Pictures {
	/** Points that came in, without those of before which one scale cannot hold beside them. */
	alike(chart: Chart, whole: Series): Series;
	/** History, and what came in since. */
	stitched(chart: Chart, from: History, past: Series, gaps: readonly GapSpan[]): Series;
	segments(chart: Chart): readonly Segment[];
}

export function createPictures(app: App, stream: string): Pictures {
	const ring = (chart: Chart) => app.rings.columns(stream, chart);

	/** Without points from before, of which one scale cannot hold both. */
	function alike(chart: Chart, whole: Series): Series {
		const fromMs = alikeFromMs(app.limits.segments(stream, chart));
		const { tMs, v, signals, flags, quality, length } = whole.columns;
		const from = fromMs === -Infinity ? 0 : lowerBound(tMs, fromMs - 0.0005);
		if (from === 0) return whole;
		const columns = {
			length: length - from,
			tMs: tMs.subarray(from),
			v: v.subarray(from),
			signals: signals.subarray(from),
			flags: flags.subarray(from),
			quality: quality.subarray(from),
		};
		return { ...whole, columns };
	}

	const stitches: Partial<Record<Chart, { readonly of: readonly unknown[]; readonly series: Series }>> = {};

	function stitched(chart: Chart, from: History, past: Series, gaps: readonly GapSpan[]): Series {
		const of = [from, gaps, app.rings.revision(stream, chart)];
		const known = stitches[chart];
		if (known?.of.every((one, i) => one === of[i])) return known.series;
		const made = { ...continued(past, ring(chart), from), gaps: mergedGaps(past.gaps, gaps) };
		stitches[chart] = { of, series: made };
		return made;
	}

	function segmentsAlike(chart: Chart): readonly Segment[] {
		const all = app.limits.segments(stream, chart);
		const fromMs = alikeFromMs(all);
		return stepped(chart, fromMs === -Infinity ? all : all.filter(({ toMs }) => toMs > fromMs));
	}

	const steps: Partial<Record<Chart, { readonly of: readonly unknown[]; readonly segments: readonly Segment[] }>> = {};

	function stepped(chart: Chart, segments: readonly Segment[]): readonly Segment[] {
		if (segments.every(({ sized }) => sized === undefined)) return segments;
		const of = [...segments, app.rings.revision(stream, 'size')];
		const known = steps[chart];
		if (known && known.of.length === of.length && known.of.every((one, i) => one === of[i])) return known.segments;
		const made = steppedSegments(chart, segments, ring('size'));
		steps[chart] = { of, segments: made };
		return made;
	}

	return { alike, stitched, segments: segmentsAlike };
}
