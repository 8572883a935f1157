import { codeOfBits } from '#lib/format/words.ts';
import { lowerBound } from '#lib/live/ring.ts';
import type { ChartFrame } from './control-chart.ts';
import { gapReadout, readoutOf, type Readout } from './readout.ts';

/** A row of the table: a point, a bucket of points, or a gap between them. */
export interface PointRow {
	readonly key: string;
	readonly kind: 'point' | 'gap';
	readonly readout: Readout;
	/** Of the same moment; empty where there is none. */
	readonly range: string;
	readonly rangeRules: string;
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
	individuals: ChartFrame,
	ranges: ChartFrame,
	page: { readonly index: number; readonly size: number },
): readonly PointRow[] {
	const [from, to] = shownIndices(individuals);
	const end = to - page.index * page.size;
	const start = Math.max(from, end - page.size);
	const source = { ...individuals, zones: 'zones' as const };
	const rows: (PointRow & { readonly tMs: number })[] = gapRows(individuals, start, end);
	for (let i = start; i < end; i++) {
		const readout = readoutOf(source, i);
		const tMs = individuals.series.columns.tMs[i] ?? 0;
		if (readout) rows.push({ tMs, key: `point ${tMs}`, kind: 'point', readout, ...rangeAt(ranges, tMs) });
	}
	return rows.sort((a, b) => b.tMs - a.tMs);
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
			range: '',
			rangeRules: '',
		}));
}

function rangeAt({ series, format }: ChartFrame, tMs: number): Pick<PointRow, 'range' | 'rangeRules'> {
	const { columns, buckets } = series;
	const at = lowerBound(columns.tMs, tMs - 0.0005);
	const v = columns.tMs[at] !== undefined && Math.abs((columns.tMs[at] ?? 0) - tMs) < 0.001 ? columns.v[at] : undefined;
	if (v === undefined || Number.isNaN(v)) return { range: '', rangeRules: '' };
	const text = buckets ? `${format(v)} (max ${format(buckets.max[at] ?? NaN)})` : format(v);
	return { range: text, rangeRules: codeOfBits(columns.signals[at] ?? 0).replace('R', 'MR') };
}

const QUOTED = /[",\r\n]/;
/** A spreadsheet would run what begins like a formula. */
const FORMULA = /^[=+@\t\r]/;

function cell(value: string | number): string {
	if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
	const safe = FORMULA.test(value) ? `'${value}` : value;
	return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * What is in view as CSV (RFC 4180), oldest first: values in full, times in UTC to the microsecond, quality and flags
 * as numbers. Of a thinned stretch it has buckets, and its header says so.
 */
export function pointsCsv(individuals: ChartFrame, ranges: ChartFrame, unit: string): string {
	const { columns, buckets } = individuals.series;
	const { format: _, ...mr } = ranges;
	const [from, to] = shownIndices(individuals);
	const named = (name: string) => (unit === '' ? name : `${name} (${unit})`);
	const head = buckets
		? ['bucket begins', 'bucket ms', named('mean'), named('min'), named('max'), 'points', 'rules']
		: ['time', named('value'), named('moving range'), 'quality', 'flags', 'rules', 'moving range rules'];
	const lines = [head];
	for (let i = from; i < to; i++) {
		const [t, v] = [columns.tMs[i] ?? NaN, columns.v[i] ?? NaN];
		const rules = codeOfBits(columns.signals[i] ?? 0);
		if (buckets) {
			const counts = [buckets.min[i] ?? NaN, buckets.max[i] ?? NaN, buckets.count[i] ?? NaN];
			const single = (buckets.count[i] ?? 1) === 1;
			lines.push([isoMicros(t - buckets.widthMs / 2), single ? 0 : buckets.widthMs, v, ...counts, rules].map(cell));
			continue;
		}
		const at = lowerBound(mr.series.columns.tMs, t - 0.0005);
		const same = Math.abs((mr.series.columns.tMs[at] ?? NaN) - t) < 0.001;
		const range = same ? (mr.series.columns.v[at] ?? NaN) : NaN;
		const rangeRules = same ? codeOfBits(mr.series.columns.signals[at] ?? 0).replace('R', 'MR') : '';
		const grade = [columns.quality[i] ?? NaN, columns.flags[i] ?? NaN];
		lines.push([isoMicros(t), v, range, ...grade, rules, rangeRules].map(cell));
	}
	return `${lines.map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

function isoMicros(tMs: number): string {
	const micros = Math.round(tMs * 1000);
	const rest = ((micros % 1000) + 1000) % 1000;
	return new Date((micros - rest) / 1000).toISOString().replace('Z', `${String(rest).padStart(3, '0')}Z`);
}
