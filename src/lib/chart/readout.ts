import { FLAG } from '#contracts/point.ts';
import { formatDeviation, type NumberFormat } from '#lib/format/number.ts';
import { formatClockExact, formatDate } from '#lib/format/time.ts';
import { ruleWords, rulesOfBits } from '#lib/format/words.ts';
import type { Columns } from '#lib/live/ring.ts';
import { segmentAt, zoneOf, type Segment } from './segments.ts';

/** What is said about one point, line by line. */
export interface Readout {
	readonly time: string;
	readonly value: string;
	/** `zone A, +2.4 σ`; empty where no limits are in force. */
	readonly place: string;
	readonly rules: readonly string[];
	/** What else to know: late, excluded, uncertain quality. */
	readonly remarks: readonly string[];
}

export interface ReadoutSource {
	readonly columns: Columns;
	readonly segments: readonly Segment[];
	readonly format: NumberFormat;
	readonly unit: string;
	readonly zones: 'zones' | 'plain';
}

/** @returns undefined when there is no such point, or when it has no value */
export function readoutOf(source: ReadoutSource, index: number): Readout | undefined {
	const { columns, segments, format, unit } = source;
	const [tMs, v] = [columns.tMs[index], columns.v[index]];
	if (tMs === undefined || v === undefined || Number.isNaN(v)) return undefined;
	const segment = segmentAt(segments, tMs);
	return {
		time: `${formatDate(tMs)}, ${formatClockExact(tMs)}`,
		value: `${format(v)}${unit === '' ? '' : `\u00a0${unit}`}`,
		place: segment ? placeOf(v, segment, source.zones) : '',
		rules: rulesOfBits(columns.signals[index] ?? 0).map((rule) => `Rule ${rule}: ${ruleWords(rule)}`),
		remarks: remarksOf(columns.flags[index] ?? 0, columns.quality[index] ?? 192),
	};
}

export function placeOf(v: number, segment: Segment, zones: 'zones' | 'plain'): string {
	const zone = zoneOf(v, segment);
	const deviation = formatDeviation(v, segment.centre, segment.sigma);
	if (zone === undefined) return '';
	if (zone === 'beyond') return zones === 'zones' ? `beyond the limit, ${deviation}` : 'beyond the limit';
	return zones === 'zones' ? `zone ${zone}, ${deviation}` : 'within the limit';
}

export function remarksOf(flags: number, quality: number): readonly string[] {
	const remarks: string[] = [];
	if ((flags & FLAG.late) !== 0) remarks.push('came late, not judged');
	if ((flags & FLAG.excluded) !== 0) remarks.push('excluded');
	if ((flags & FLAG.censored) !== 0) remarks.push('censored');
	if (quality < 64) remarks.push('bad quality');
	else if (quality < 192) remarks.push('uncertain quality');
	return remarks;
}
