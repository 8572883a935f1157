import { FLAG } from '#contracts/point.ts';
import { formatCount, formatDeviation, type NumberFormat } from '#lib/format/number.ts';
import { formatSpan } from '#lib/format/time.ts';
import { ruleLine, rulesOfBits } from '#lib/format/rule-words.ts';
import type { Clock } from './clock.ts';
import type { GapSpan } from './gap-walk.ts';
import { limitTexts } from './scene.ts';
import { segmentAt, zoneOf, type Segment } from './segments.ts';
import { isExcluded, partOf, type Series } from './series.ts';
import * as m from '#messages';

/** What is said about one point, one bucket or one gap. */
export interface Readout {
	readonly time: string;
	readonly value: string;
	/** `zone A above, +2.4 σ`; of a bucket its least and largest and how many; empty where no limits are in force. */
	readonly place: string;
	/** `LCL 4.0 · CL 10.0 · UCL 16.0`; empty where none are in force. */
	readonly limits: string;
	readonly rules: readonly string[];
	/** What else to know: late, excluded, uncertain quality. */
	readonly remarks: readonly string[];
}

export interface ReadoutSource {
	readonly series: Series;
	readonly segments: readonly Segment[];
	readonly format: NumberFormat;
	readonly unit: string;
	readonly zones: 'zones' | 'plain';
	readonly clock: Clock;
}

/** @returns undefined when there is no such point, or when it has no value */
export function readoutOf(source: ReadoutSource, index: number): Readout | undefined {
	const { columns, buckets } = source.series;
	const [tMs, v] = [columns.tMs[index], columns.v[index]];
	if (tMs === undefined || v === undefined || Number.isNaN(v)) return undefined;
	const segment = segmentAt(source.segments, tMs);
	const rules = rulesOfBits(columns.signals[index] ?? 0, segment?.named).map(ruleLine);
	if (buckets && (buckets.count[index] ?? 1) > 1) return { ...bucketReadout(source, index), rules };
	const part = partOf(source.series, index);
	return {
		time: momentOf(tMs, source.clock),
		value: withUnit(source.format(v), source.unit),
		place: segment && part === 'judged' ? placeOf(v, segment, source.zones) : '',
		limits: segment ? limitsText(source, segment) : '',
		rules,
		remarks: [
			...(segment?.size === undefined ? [] : [m.chart_sample_of({ size: segment.size })]),
			...remarksOf(flagsAt(source.series, index), columns.quality[index] ?? 192, part),
		],
	};
}

function flagsAt(series: Series, index: number): number {
	const flags = (series.columns.flags[index] ?? 0) & ~FLAG.excluded;
	return isExcluded(series, index) ? flags | FLAG.excluded : flags;
}

function bucketReadout({ series, format, unit, clock }: ReadoutSource, index: number): Omit<Readout, 'rules'> {
	const { columns, buckets } = series;
	const [from, count] = [(columns.tMs[index] ?? 0) - (buckets?.widthMs ?? 0) / 2, buckets?.count[index] ?? 1];
	const extent = m.chart_from_to({ from: format(buckets?.min[index] ?? NaN), to: format(buckets?.max[index] ?? NaN) });
	return {
		time: `${momentOf(from, clock)}, ${formatSpan(buckets?.widthMs ?? 0)}`,
		value: m.chart_mean({ value: withUnit(format(columns.v[index] ?? NaN), unit) }),
		place: `${extent}, ${formatCount(count, 'point')}`,
		limits: '',
		remarks: [],
	};
}

export function gapReadout({ fromMs, toMs, reason }: GapSpan, clock: Clock): Readout {
	return {
		time: `${m.chart_from_to({ from: momentOf(fromMs, clock), to: clock.time(toMs) })}, ${formatSpan(toMs - fromMs)}`,
		value: m.format_state_no_data(),
		place: '',
		limits: '',
		rules: [],
		remarks: reason === '' ? [] : [reason],
	};
}

function limitsText(source: ReadoutSource, segment: Segment): string {
	return limitTexts(source, segment)
		.map(({ text }) => text)
		.toReversed()
		.join(' · ');
}

function momentOf(tMs: number, clock: Clock): string {
	return `${clock.date(tMs)}, ${clock.exact(tMs)}\u00a0${clock.name(tMs)}`;
}

function withUnit(text: string, unit: string): string {
	return unit === '' ? text : `${text}\u00a0${unit}`;
}

export function placeOf(v: number, segment: Segment, zones: 'zones' | 'plain'): string {
	const zone = zoneOf(v, segment);
	if (zone === undefined) return '';
	if (zones === 'plain') return zone === 'beyond' ? m.chart_beyond_the_limit() : m.chart_within_the_limit();
	const words = zone === 'beyond' ? m.chart_beyond_the_limit() : zoneWords(zone, v - segment.centre);
	// Where zones are not symmetric a sigma is none of their widths.
	return segment.zones ? words : `${words}, ${formatDeviation(v, segment.centre, segment.sigma)}`;
}

function zoneWords(zone: string, side: number): string {
	if (side === 0) return m.chart_zone({ zone });
	return side > 0 ? m.chart_zone_above({ zone }) : m.chart_zone_below({ zone });
}

export function remarksOf(flags: number, quality: number, part: ReturnType<typeof partOf>): readonly string[] {
	const remarks: string[] = [];
	if ((flags & FLAG.late) !== 0) remarks.push(m.chart_came_late());
	if ((flags & FLAG.excluded) !== 0) remarks.push(m.chart_taken_out());
	if ((flags & FLAG.censored) !== 0) remarks.push(m.chart_censored());
	const words = quality < 64 ? m.chart_bad_quality() : quality < 192 ? m.chart_uncertain_quality() : '';
	if (words !== '') remarks.push(part === 'refused' ? m.chart_not_judged({ words }) : words);
	return remarks;
}
