import { FLAG, QUALITY } from '#contracts/point.ts';
import { createNormal } from '#rules/testing/random.ts';
import type { Segment } from '#lib/chart/segments.ts';
import type { Series } from '#lib/chart/series.ts';
import type { SpcDrawing } from '#lib/drawing/drawing.ts';

export const START_MS = Date.UTC(2026, 10, 21, 8);
export const MINUTE = 60_000;

/** Individuals a minute apart with whatever a chart may have to show: `signals` by index, one late, one uncertain, a gap. */
export function sampleDrawing(signals: Readonly<Record<number, number>> = { 50: 1 }): SpcDrawing {
	const length = 120;
	const normal = createNormal(7);
	const tMs = Float64Array.from({ length }, (_, i) => START_MS + i * MINUTE);
	const v = Float64Array.from(tMs, () => 20 + 0.5 * normal());
	v[50] = 23;
	const bits = new Uint16Array(length);
	for (const [i, bit] of Object.entries(signals)) bits[Number(i)] = bit;
	const flags = new Uint8Array(length);
	flags[30] = FLAG.late;
	const quality = new Uint8Array(length).fill(QUALITY.good);
	quality[40] = QUALITY.uncertain;
	for (let i = 70; i < 80; i++) v[i] = NaN;
	const columns = { length, tMs, v, signals: bits, flags, quality };
	const gaps = [{ fromMs: tMs[69]! + 1, toMs: tMs[80]! - 1, reason: 'disconnected' }];
	const series: Series = { columns, gaps, buckets: null, admit: QUALITY.uncertain };
	return {
		title: 'press-1/temperature',
		subtitle: 'plant-a · line a',
		charts: [{ chart: 'i', heading: 'Individuals', unit: '°C', series, segments: sampleSegments() }],
		fromMs: START_MS,
		toMs: START_MS + (length - 1) * MINUTE,
		timeZone: 'UTC',
	};
}

function sampleSegments(): readonly Segment[] {
	const of = (fromMs: number, toMs: number, centre: number): Segment => {
		return { fromMs, toMs, centre, sigma: 0.5, lcl: centre - 1.5, ucl: centre + 1.5, baseline: null };
	};
	const changeMs = START_MS + 90 * MINUTE;
	return [of(START_MS, changeMs, 20), of(changeMs, Infinity, 20.2)];
}
