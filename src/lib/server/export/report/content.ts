import { analyze, type Capability } from '#rules';
import type { ApiViolation } from '#contracts/api.ts';
import { exportedName } from '#contracts/export.ts';
import { FLAG, QUALITY, type PointColumns } from '#contracts/point.ts';
import type { Recording } from '#contracts/recording.ts';
import type { SpcDrawing } from '#lib/drawing/drawing.ts';
import { clockIn } from '#lib/drawing/zone-clock.ts';
import { formatCount, numberFormat } from '#lib/format/number.ts';
import { formatSpan } from '#lib/format/time.ts';
import { violationWords } from '#lib/format/violation-words.ts';
import type { StreamWithPlan } from '#server/metadata/port.ts';
import { chartOf, type ChartSources } from '../charts.ts';
import { eventsOf, violationsOf, type FactsSources } from '../facts.ts';
import type { Range, Stretch } from '../stretches.ts';
import { quantileOf, statisticsOf, type Statistics } from './statistics.ts';

/** What a report says, in words and numbers as they stand on paper; whoever sets it computes nothing. */
export interface ReportContent {
	readonly title: string;
	readonly facts: readonly Fact[];
	readonly notes: string;
	readonly overview: Table;
	/** Bars, the longest first. */
	readonly paretos: readonly Pareto[];
	/** Where there are streams of language models. */
	readonly providers: Table | null;
	readonly events: Table | null;
	readonly streams: readonly StreamPage[];
	readonly foot: string;
}

export type Fact = readonly [name: string, value: string];

export interface Table {
	readonly title: string;
	readonly head: readonly string[];
	readonly rows: readonly (readonly string[])[];
	/** Said below it. */
	readonly note: string;
}

export interface Pareto {
	readonly title: string;
	readonly bars: readonly { readonly name: string; readonly count: number; readonly share: number }[];
}

export interface StreamPage {
	readonly drawing: SpcDrawing;
	readonly facts: readonly Fact[];
	readonly capability: Table | null;
	readonly violations: Table | null;
}

export interface ReportSources extends ChartSources {
	readonly store: ChartSources['store'] & FactsSources['store'];
	readonly metadata: ChartSources['metadata'] & FactsSources['metadata'];
}

export interface ReportWish {
	readonly session: Recording | undefined;
	readonly range: Range;
	readonly asOfMicros: number;
	readonly stretches: readonly Stretch[];
	/** By its IANA name. */
	readonly timeZone: string;
	readonly versions: Readonly<Record<string, string>>;
}

/** Statistics are of the newest so many points of a stream, and say so where there are more. */
const MOST_VALUES = 100_000;
const MOST_LISTED = 25;
const LEAST_VALUES = 2;

export async function reportContent(
	sources: ReportSources,
	wish: ReportWish,
	signal: AbortSignal,
): Promise<ReportContent> {
	const streams = await gatherAll(sources, wish, signal);
	const clock = clockIn(wish.timeZone);
	const moment = (micros: number) => `${clock.date(micros / 1000)}, ${clock.time(micros / 1000)}`;
	const all = streams.flatMap(({ violations }) => violations);
	const events = await eventsOf(
		sources.metadata,
		wish.stretches.map(({ of }) => of),
		wish.range,
	);
	const [first, last] = extent(streams, wish.range);
	return {
		title: wish.session?.name ?? 'Statistical summary',
		facts: [
			['From', moment(first)],
			['To', `${moment(last)} ${clock.name(last / 1000)}`],
			['Length', formatSpan((last - first) / 1000)],
			['Streams', String(streams.length)],
			[
				'Points',
				formatCount(
					wish.stretches.reduce((sum, { points }) => sum + points, 0),
					'point',
				),
			],
			['Violations', String(all.length)],
			['As of', moment(wish.asOfMicros)],
		],
		notes: wish.session?.notes ?? '',
		overview: overviewOf(streams),
		paretos: [
			paretoOf(
				'Violations by rule',
				all.map((one) => violationWords(one)),
			),
			paretoOf(
				'Violations by cause',
				all.map(({ cause }) => cause ?? 'not named'),
			),
			paretoOf(
				'Violations by stream',
				all.map(({ stream }) => stream.key),
			),
		].filter(({ bars }) => bars.length > 0),
		providers: providersOf(streams),
		events:
			events.length === 0
				? null
				: {
						title: 'Events',
						head: ['When', 'Kind', 'What', 'Of'],
						rows: events
							.slice(0, MOST_LISTED)
							.map((one) => [
								moment(Date.parse(one.from) * 1000),
								one.kind,
								one.title,
								one.asset ?? one.streams.join(', '),
							]),
						note: moreWords(events.length),
					},
		streams: streams.map((one) => pageOf(one, moment)),
		foot: `${Object.entries(wish.versions)
			.map(([name, version]) => `${name} ${version}`)
			.join(' · ')} · times ${wish.timeZone}`,
	};
}

interface Gathered {
	readonly of: StreamWithPlan;
	readonly points: number;
	readonly drawing: SpcDrawing;
	/** Judged values, oldest first. */
	readonly values: Float64Array;
	readonly statistics: Statistics & { readonly median: number };
	readonly violations: readonly ApiViolation[];
	readonly capability: Capability | undefined;
}

/** The store has one query at a time all the same; what is read of one stream is worked on while the next one is read. */
const AT_ONCE = 3;

async function gatherAll(sources: ReportSources, wish: ReportWish, signal: AbortSignal): Promise<readonly Gathered[]> {
	const gathered: Gathered[] = [];
	const rest = wish.stretches.entries();
	const work = async () => {
		for (const [i, stretch] of rest) gathered[i] = await gather(sources, wish, stretch, signal);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	return gathered;
}

async function gather(
	sources: ReportSources,
	{ range, timeZone }: ReportWish,
	stretch: Stretch,
	signal: AbortSignal,
): Promise<Gathered> {
	const { of, points } = stretch;
	const drawing = await chartOf(sources, stretch, { range, timeZone }, signal);
	const values = await newestValues(sources, stretch, signal);
	const violations: ApiViolation[] = [];
	for await (const page of violationsOf(sources.metadata, of, range)) violations.push(...page);
	violations.sort((a, b) => (a.firstAt < b.firstAt ? -1 : 1));
	const statistics = { ...statisticsOf(values), median: quantileOf(values.slice().sort(), 0.5) };
	return { of, points, drawing, values, statistics, violations, capability: capabilityOf(of, values) };
}

async function newestValues(
	{ store, gate }: ReportSources,
	{ of, slices }: Stretch,
	signal: AbortSignal,
): Promise<Float64Array> {
	const parts: Float64Array[] = [];
	let count = 0;
	for (const { fromMicros, toMicros } of slices.toReversed()) {
		if (count >= MOST_VALUES) break;
		const points = await gate.pass(() => store.points({ streamId: of.stream.id, fromMicros, toMicros }), signal);
		const judged = judgedOf(points, of.plan.admit);
		count += judged.length;
		parts.unshift(judged);
	}
	const values = new Float64Array(count);
	let at = 0;
	for (const part of parts) {
		values.set(part, at);
		at += part.length;
	}
	return values.subarray(-MOST_VALUES);
}

function judgedOf({ v, quality, flags }: PointColumns, admit: string): Float64Array {
	const least = admit === 'good' ? QUALITY.good : QUALITY.uncertain;
	const judged = new Float64Array(v.length);
	let count = 0;
	for (let i = 0; i < v.length; i++)
		if (quality[i]! >= least && (flags[i]! & (FLAG.late | FLAG.excluded)) === 0) judged[count++] = v[i]!;
	return judged.subarray(0, count);
}

function capabilityOf({ plan }: StreamWithPlan, values: Float64Array): Capability | undefined {
	const { spec } = plan;
	if ((spec.lsl === undefined && spec.usl === undefined) || values.length < LEAST_VALUES) return undefined;
	return analyze({ chart: 'capability', values: [...values], options: spec }).capability;
}

/** From the first point to the last where no range was asked for. */
function extent(streams: readonly Gathered[], range: Range): readonly [number, number] {
	if (range.fromMicros > 0) return [range.fromMicros, range.toMicros];
	const from = Math.min(...streams.map(({ drawing }) => drawing.fromMs * 1000));
	return [Number.isFinite(from) ? from : range.toMicros, range.toMicros];
}

function overviewOf(streams: readonly Gathered[]): Table {
	/** Then only the labels tell them apart. */
	const isTwice = (key: string) => streams.filter(({ of }) => of.stream.key === key).length > 1;
	const rows = streams.map(({ of, points, drawing, statistics, violations, capability }) => {
		const format = numberFormat(drawing.charts[0]?.segments.at(-1)?.sigma);
		const { mean, deviation } = statistics;
		return [
			isTwice(of.stream.key) ? exportedName(of.stream) : of.stream.key,
			of.stream.unit,
			formatCount(points, 'point').replace(/ points?$/, ''),
			format(mean),
			format(deviation),
			capability?.cpk ? capability.cpk.value.toFixed(2) : '–',
			String(violations.length),
		];
	});
	const head = ['Stream', 'Unit', 'Points', 'Mean', 'Deviation', 'Cpk', 'Violations'];
	return { title: 'Streams', head, rows, note: valuesNote(streams) };
}

function valuesNote(streams: readonly Gathered[]): string {
	const isCut = streams.some(({ points, values }) => points > values.length && values.length >= MOST_VALUES);
	return isCut ? `Statistics are of the newest ${formatCount(MOST_VALUES, 'judged-value')} of each stream.` : '';
}

function paretoOf(title: string, names: readonly string[]): Pareto {
	const counts = new Map<string, number>();
	for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
	const bars = [...counts]
		.sort(([, a], [, b]) => b - a)
		.slice(0, 10)
		.map(([name, count]) => ({ name, count, share: count / names.length }));
	return { title, bars };
}

/** The same measure of several providers and models side by side. */
function providersOf(streams: readonly Gathered[]): Table | null {
	const measured = streams.filter(({ of, values }) => of.stream.kind === 'llm' && values.length > 0);
	if (measured.length < 2) return null;
	const rows = measured
		.map(({ of, values, violations }) => {
			const { labels, key, unit } = of.stream;
			const sorted = values.slice().sort();
			const format = numberFormat(statisticsOf(values).deviation);
			const at = (share: number) => format(quantileOf(sorted, share));
			const who = [labels['provider'], labels['model']].filter(Boolean).join(' ') || of.stream.asset;
			return [
				`${key}${unit === '' ? '' : ` (${unit})`}`,
				who,
				String(values.length),
				at(0.5),
				at(0.95),
				at(0.99),
				String(violations.length),
			];
		})
		.sort((a, b) => `${a[0]}`.localeCompare(`${b[0]}`) || `${a[1]}`.localeCompare(`${b[1]}`));
	const head = ['Measure', 'Provider, model', 'Values', 'Median', '95 %', '99 %', 'Violations'];
	return { title: 'Providers and models', head, rows, note: '' };
}

function pageOf(
	{ of, points, drawing, values, statistics, violations, capability }: Gathered,
	moment: (micros: number) => string,
): StreamPage {
	const { stream, plan } = of;
	const segment = drawing.charts[0]?.segments.at(-1);
	const format = numberFormat(segment?.sigma);
	const { mean, deviation, least, most } = statistics;
	const unit = stream.unit === '' ? '' : ` ${stream.unit}`;
	const facts: Fact[] = [
		['Points', formatCount(points, 'point')],
		['Mean', `${format(mean)}${unit}`],
		['Standard deviation', `${format(deviation)}${unit}`],
		['Median', `${format(statistics.median)}${unit}`],
		['Least, largest', `${format(least)}, ${format(most)}${unit}`],
		['Chart', plan.chart],
		['Centre', segment ? `${format(segment.centre)}${unit}` : 'no limits yet'],
		['Limits', segment ? `${format(segment.lcl)} to ${format(segment.ucl)}${unit}` : 'no limits yet'],
		['Violations', String(violations.length)],
	];
	return {
		drawing,
		facts,
		capability: capability ? capabilityTable(capability, of, values.length) : null,
		violations:
			violations.length === 0
				? null
				: {
						title: 'Violations',
						head: ['When', 'What', 'Points', 'First value', 'State', 'Cause'],
						rows: violations
							.slice(0, MOST_LISTED)
							.map((one) => [
								moment(Date.parse(one.firstAt) * 1000),
								violationWords(one),
								String(one.points),
								format(one.value),
								one.state,
								one.cause ?? '–',
							]),
						note: moreWords(violations.length),
					},
	};
}

function capabilityTable(capability: Capability, { plan }: StreamWithPlan, values: number): Table {
	const { lsl, usl, target } = plan.spec;
	const names = ['cp', 'cpk', 'cpl', 'cpu', 'cpm', 'pp', 'ppk'] as const;
	const rows = names.flatMap((name) => {
		const index = capability[name];
		if (!index) return [];
		const title = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
		return [[title, fixed(index.value), `${fixed(index.low)} to ${fixed(index.high)}`]];
	});
	const spec = [
		lsl === undefined ? '' : `LSL ${lsl}`,
		target === undefined ? '' : `target ${target}`,
		usl === undefined ? '' : `USL ${usl}`,
	];
	return {
		title: 'Capability',
		head: ['Index', 'Value', '95 % confidence'],
		rows,
		note: `${spec.filter(Boolean).join(', ')}; of ${formatCount(values, 'value')}`,
	};
}

const fixed = (value: number | null | undefined) =>
	typeof value === 'number' && Number.isFinite(value) ? value.toFixed(2) : '–';

function moreWords(count: number): string {
	return count > MOST_LISTED ? `The first ${MOST_LISTED} of ${count}.` : '';
}
