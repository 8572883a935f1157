import { csvOf } from '#contracts/csv-lines.ts';
import { codeOfBits } from '#lib/format/rule-words.ts';
import { lowerBound } from '#lib/live/wire/ring.ts';
import type { ChartFrame } from './control-chart.ts';
import { remarksAt } from './overlay.ts';
import { gapReadout, readoutOf, type Readout } from './readout.ts';
import { segmentAt } from './segments.ts';
import * as m from '#messages';

/** A row of the table: a point, a bucket of points, or a gap between them. */
export interface PointRow {
	readonly key: string;
	readonly kind: 'point' | 'gap';
	readonly readout: Readout;
	/** Of the second chart at the same moment, in its unit; empty where there is none. */
	readonly second: string;
	readonly secondRules: string;
}

/** Indices of the points in view. */
export function shownIndices({ series, range }: ChartFrame): readonly [from: number, to: number] {
	const { tMs } = series.columns;
	if (!range) return [0, tMs.length];
	return [lowerBound(tMs, range.minMs), lowerBound(tMs, range.maxMs + 0.0005)];
}

/**
 * Rows of one page, newest first.
 *
 * @param page from 0 for the newest
 */
export function pointRows(
	first: ChartFrame,
	second: ChartFrame | undefined,
	page: { readonly index: number; readonly size: number },
): readonly PointRow[] {
	const [from, to] = shownIndices(first);
	const end = to - page.index * page.size;
	const start = Math.max(from, end - page.size);
	const source = { ...first, zones: 'zones' as const };
	const rows: (PointRow & { readonly tMs: number })[] = gapRows(first, start, end);
	for (let i = start; i < end; i++) {
		const tMs = first.series.columns.tMs[i] ?? 0;
		const readout = remarked(readoutOf(source, i), first, tMs);
		if (readout) rows.push({ tMs, key: `point ${tMs}`, kind: 'point', readout, ...secondAt(second, tMs) });
	}
	return rows.sort((a, b) => b.tMs - a.tMs);
}

/** With what people left there, and what happened at that moment. */
function remarked(readout: Readout | undefined, { overlay, series }: ChartFrame, tMs: number): Readout | undefined {
	if (!readout || !overlay) return readout;
	const reachMs = (series.buckets?.widthMs ?? 0) / 2;
	return { ...readout, remarks: [...readout.remarks, ...remarksAt(overlay, tMs, reachMs)] };
}

/** Gaps that begin between the page's points, or behind the newest one. */
function gapRows({ series, range, clock }: ChartFrame, start: number, end: number) {
	const { tMs } = series.columns;
	const fromMs = tMs[start] ?? range?.minMs ?? -Infinity;
	const toMs = tMs[end] ?? range?.maxMs ?? Infinity;
	return series.gaps
		.filter((gap) => gap.fromMs >= fromMs && gap.fromMs < toMs)
		.map((gap) => ({
			tMs: gap.fromMs,
			key: `gap ${gap.fromMs} ${gap.toMs} ${gap.reason}`,
			kind: 'gap' as const,
			readout: gapReadout(gap, clock),
			second: '',
			secondRules: '',
		}));
}

function secondAt(frame: ChartFrame | undefined, tMs: number): Pick<PointRow, 'second' | 'secondRules'> {
	const nothing = { second: '', secondRules: '' };
	if (!frame) return nothing;
	const { series, format, segments } = frame;
	const { columns, buckets } = series;
	const at = lowerBound(columns.tMs, tMs - 0.0005);
	const v = columns.tMs[at] !== undefined && Math.abs((columns.tMs[at] ?? 0) - tMs) < 0.001 ? columns.v[at] : undefined;
	if (v === undefined || Number.isNaN(v)) return nothing;
	const text = buckets
		? m.chart_with_largest({ value: format(v), largest: format(buckets.max[at] ?? NaN) })
		: format(v);
	return { second: text, secondRules: codeOfBits(columns.signals[at] ?? 0, segmentAt(segments, tMs)?.named) };
}

/** A chart with its name, as a column has it. */
export interface NamedFrame {
	readonly name: string;
	readonly frame: ChartFrame;
}

/**
 * What is in view as CSV (RFC 4180), oldest first: values in full, times in UTC to the microsecond, quality and flags
 * as numbers. Of a thinned stretch it has buckets, and its header says so.
 */
export function pointsCsv(first: NamedFrame, second: NamedFrame | undefined): string {
	const { series, segments, unit } = first.frame;
	const { columns, buckets } = series;
	const [from, to] = shownIndices(first.frame);
	const named = (name: string, of = unit) => (of === '' ? name : `${name} (${of})`);
	const head = buckets
		? ['bucket begins', 'bucket ms', named('mean'), named('min'), named('max'), 'points', 'rules']
		: [
				...['time', named(first.name)],
				...(second ? [named(second.name, second.frame.unit)] : []),
				...['quality', 'flags', 'rules'],
				...(second ? [`${second.name} rules`] : []),
			];
	const lines: (string | number)[][] = [head];
	for (let i = from; i < to; i++) {
		const [t, v] = [columns.tMs[i] ?? NaN, columns.v[i] ?? NaN];
		const rules = codeOfBits(columns.signals[i] ?? 0, segmentAt(segments, t)?.named);
		if (buckets) {
			const counts = [buckets.min[i] ?? NaN, buckets.max[i] ?? NaN, buckets.count[i] ?? NaN];
			const single = (buckets.count[i] ?? 1) === 1;
			lines.push([isoMicros(t - buckets.widthMs / 2), single ? 0 : buckets.widthMs, v, ...counts, rules]);
			continue;
		}
		const grade = [columns.quality[i] ?? NaN, columns.flags[i] ?? NaN];
		const other = second && beside(second.frame, t);
		lines.push([isoMicros(t), v, ...(other ? [other.v] : []), ...grade, rules, ...(other ? [other.rules] : [])]);
	}
	return csvOf(lines);
}

/** Of the same moment. */
function beside({ series, segments }: ChartFrame, tMs: number): { readonly v: number; readonly rules: string } {
	const { columns } = series;
	const at = lowerBound(columns.tMs, tMs - 0.0005);
	const isThere = Math.abs((columns.tMs[at] ?? NaN) - tMs) < 0.001;
	if (!isThere) return { v: NaN, rules: '' };
	return {
		v: columns.v[at] ?? NaN,
		rules: codeOfBits(columns.signals[at] ?? 0, segmentAt(segments, tMs)?.named),
	};
}

function isoMicros(tMs: number): string {
	const micros = Math.round(tMs * 1000);
	const rest = ((micros % 1000) + 1000) % 1000;
	return new Date((micros - rest) / 1000).toISOString().replace('Z', `${String(rest).padStart(3, '0')}Z`);
}
