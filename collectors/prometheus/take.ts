import { messageOf } from '#contracts/error.ts';
import { QUALITY } from '#contracts/point.ts';
import { quote } from '#contracts/stream.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import type { Track, Tracks } from '../kit/track.ts';
import { fillTemplate, labelsIn, type MetricEntry, type PrometheusConfig } from './config.ts';
import { parseExposition, type Exposition, type MetricType, type Sample } from './exposition.ts';

export interface TakerOptions {
	readonly config: PrometheusConfig;
	readonly tracks: Tracks;
	/** Each text once. */
	readonly onFault: (message: string) => void;
}

/** One series of the target, and the stream that it becomes. */
interface Series {
	readonly track: Track;
	readonly scale: number;
	readonly how: 'value' | 'rate' | 'mean';
	/** What it was the last time, for what is a difference. */
	last: { readonly tMicros: number; readonly total: number; readonly count: number } | undefined;
}

/** One value of a scrape: of a histogram sum and count, of all others the value alone. */
interface Reading {
	readonly sample: Sample;
	readonly family: string;
	readonly type: MetricType;
	readonly count: number | undefined;
}

/** Base units of Prometheus and OpenMetrics. */
const UNITS: Readonly<Record<string, string>> = {
	seconds: 's',
	bytes: 'B',
	celsius: '°C',
	ratio: '',
	volts: 'V',
	amperes: 'A',
	joules: 'J',
	grams: 'g',
	meters: 'm',
};
const MAX_UNIT_CHARS = 40;
export const MAX_BYTES = 16 * 1024 * 1024;
export const ACCEPT = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

/** @returns what takes the text of a scrape and its time. @throws Error when nothing of it can be read */
export function createTaker({ config, tracks, onFault }: TakerOptions): (text: string, atMicros: number) => void {
	const entries = config.metrics.map((entry) => ({ entry, fits: matcherOf(entry) }));
	/** Of the scrape before; of a target whose labels change all the time nothing else is kept. */
	let known = new Map<string, Series | undefined>();

	function open(reading: Reading, exposition: Exposition, owners: ReadonlySet<Track>): Series | undefined {
		const { sample, family, type } = reading;
		const entry = entries.find(({ fits }) => fits(reading))?.entry;
		if (!entry) return undefined;
		const how = howOf(entry, type);
		const key = fillTemplate(entry.stream, family, sample.labels);
		try {
			if (owners.size >= config.maxStreams) throw new Error(`more than maxStreams (${config.maxStreams}) streams`);
			const unit = entry.unit ?? perSecond(unitOf(family, type, exposition.units), how);
			const track = tracks.open({
				key,
				unit,
				labels: labelsOf(entry, sample),
				entry: `metrics[${config.metrics.indexOf(entry)}]`,
			});
			if (!owners.has(track)) return { track, scale: entry.scale, how, last: undefined };
			throw new Error(`${quote(key)} would be several series; put a label into "stream" or leave out "labels"`);
		} catch (error) {
			onFault(`${family}: ${messageOf(error)}`);
			return undefined;
		}
	}

	function take(series: Series, { sample, count = 0 }: Reading, tMicros: number): void {
		const { track, scale, how, last } = series;
		if (tMicros <= (track.lastMicros() ?? -Infinity) || (last && tMicros <= last.tMicros)) return;
		if (!Number.isFinite(sample.value)) return track.none(tMicros, `the value is ${sample.value}`);
		if (how === 'value') return track.point(tMicros, sample.value * scale, QUALITY.good);
		series.last = { tMicros, total: sample.value, count };
		if (!last) return;
		const grown = sample.value - last.total;
		// Began anew: what it had counted between the last time and its end nobody knows.
		if (how === 'rate' ? grown < 0 : count < last.count) return track.none(tMicros, 'the counter began anew');
		const seconds = (tMicros - last.tMicros) / MICROS_PER_SECOND;
		if (how === 'rate') return track.point(tMicros, (grown / seconds) * scale, QUALITY.good);
		// Nothing has happened, so there is nothing to have a mean of.
		if (count > last.count) track.point(tMicros, (grown / (count - last.count)) * scale, QUALITY.good);
	}

	return (text, atMicros) => {
		const exposition = parseExposition(text, { isOpenMetrics: /^# EOF\s*$/m.test(text.slice(-64)) });
		if (exposition.samples.length === 0) throw new Error(`the answer has no metrics: ${quote(text)}`);
		for (const fault of exposition.faults) onFault(fault);
		const now = new Map<string, Series | undefined>();
		const owners = new Set<Track>();
		for (const reading of readingsOf(exposition)) {
			const id = idOf(reading.family, reading.sample.labels);
			const series = known.has(id) ? known.get(id) : open(reading, exposition, owners);
			now.set(id, series);
			if (!series) continue;
			owners.add(series.track);
			take(series, reading, reading.sample.tMicros ?? atMicros);
		}
		for (const [id, gone] of known) if (gone && !now.has(id)) gone.track.none(atMicros, 'it is not in the answer');
		known = now;
	};
}

function idOf(family: string, labels: ReadonlyMap<string, string>): string {
	return JSON.stringify([family, [...labels].sort()]);
}

/** All that the metric has and its key has not, or those that were chosen. */
function labelsOf({ stream, labels }: MetricEntry, sample: Sample): Record<string, string> {
	const inKey = labelsIn(stream);
	const chosen = labels ?? [...sample.labels.keys()].filter((name) => !inKey.includes(name));
	return Object.fromEntries(
		chosen.flatMap((name) => {
			const value = sample.labels.get(name);
			return value === undefined ? [] : [[name, value]];
		}),
	);
}

function perSecond(unit: string, how: Series['how']): string {
	if (how !== 'rate') return unit;
	return unit === '' ? '1/s' : `${unit}/s`;
}

/** Sum and count of one histogram or summary together; its buckets and quantiles are none of ours. */
function readingsOf({ samples, types }: Exposition): Reading[] {
	const counts = new Map<string, number>();
	const isSpread = (family: string) => ['histogram', 'summary'].includes(types.get(family) ?? '');
	for (const { name, labels, value } of samples)
		if (name.endsWith('_count') && isSpread(name.slice(0, -6))) counts.set(idOf(name.slice(0, -6), labels), value);
	return samples.flatMap((sample): Reading[] => {
		const { name, labels } = sample;
		// The quantiles of a summary have its own name.
		if (isSpread(name)) return [];
		const family = name.replace(/_(sum|count|bucket)$/, '');
		if (!isSpread(family)) return [{ sample, family: name, type: typeOf(name, types), count: undefined }];
		const count = counts.get(idOf(family, labels));
		return name === `${family}_sum` ? [{ sample, family, type: typeOf(family, types), count }] : [];
	});
}

/** OpenMetrics names the family of a counter without its `_total`. */
function typeOf(name: string, types: Exposition['types']): MetricType {
	return types.get(name) ?? types.get(name.replace(/_total$/, '')) ?? 'unknown';
}

export interface Family {
	readonly type: MetricType;
	readonly unit: string;
	/** Of its first series. */
	readonly value: number;
	readonly series: number;
}

/** What a scrape has, by the names that `metric` goes by. */
export function familiesOf(exposition: Exposition): Map<string, Family> {
	const families = new Map<string, Family>();
	for (const { family, type, sample } of readingsOf(exposition)) {
		const known = families.get(family) ?? {
			...{ type, value: sample.value, series: 0 },
			unit: unitOf(family, type, exposition.units),
		};
		families.set(family, { ...known, series: known.series + 1 });
	}
	return families;
}

export function metricFits(pattern: string, family: string): boolean {
	return patternOf(pattern).test(family);
}

function howOf({ take }: MetricEntry, type: MetricType): Series['how'] {
	if (type === 'histogram' || type === 'summary') return take === 'auto' ? 'mean' : take === 'rate' ? 'rate' : 'value';
	if (take !== 'auto') return take;
	return type === 'counter' ? 'rate' : 'value';
}

/** Where the metric does not say it: names end with their base unit. */
function unitOf(family: string, type: MetricType, units: Exposition['units']): string {
	const base = type === 'counter' ? family.replace(/_total$/, '') : family;
	const named = /_([a-z]+)$/.exec(base)?.[1] ?? '';
	const unit = units.get(base) ?? units.get(family) ?? (Object.hasOwn(UNITS, named) ? named : '');
	return UNITS[unit] ?? unit.slice(0, MAX_UNIT_CHARS);
}

function matcherOf({ metric, where }: MetricEntry): (reading: Reading) => boolean {
	const name = patternOf(metric);
	const labels = Object.entries(where).map(([label, value]) => [label, patternOf(value)] as const);
	return ({ family, sample }) =>
		name.test(family) && labels.every(([label, pattern]) => pattern.test(sample.labels.get(label) ?? ''));
}

function patternOf(glob: string): RegExp {
	const parts = glob.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
	return new RegExp(`^${parts.join('.*')}$`, 'su');
}
