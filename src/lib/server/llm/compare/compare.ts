import { setImmediate as nextTurn } from 'node:timers/promises';
import { targetOfStream } from '#contracts/call-target.ts';
import { InputError } from '#contracts/error.ts';
import type { ApiCompare, ApiCompared, ApiCompareGroup } from '#contracts/llm-compare.ts';
import { FLAG, QUALITY, type PointColumns } from '#contracts/point.ts';
import type { Stream } from '#contracts/stream.ts';
import { formatTime, MICROS_PER_MS } from '#contracts/time.ts';
import type { Metadata } from '../../metadata/port.ts';
import type { Store } from '../../store/port.ts';
import type { Compare, CompareRequest } from '../port.ts';
import { FEWEST, medianInterval, seeded } from './bootstrap.ts';
import { changeAt, changeOfVersions, momentOf } from './change.ts';
import { describe, histogramOf, sharedBins } from './describe.ts';
import { pairedDifferences, slotOf, type Timed } from './paired.ts';
import { pairSentence } from './sentence.ts';

const MOST_POINTS = 200_000;
const CONFIDENCE = 0.95;
const DAY_MICROS = 86_400_000_000;
const MOST_VIOLATIONS = 1000;

interface Series {
	readonly stream: Stream;
	readonly sorted: Float64Array;
	readonly censored: number;
	/** Of good values, at the times at which their calls began. */
	readonly began: Timed;
	/** At the times at which they were known. */
	readonly known: Timed;
}

interface Range {
	readonly fromMicros: number;
	readonly toMicros: number;
}

/** Streams side by side: distributions, same-slot differences, stability, and what a new version changed. */
export function createCompare(parts: {
	readonly store: Pick<Store, 'points' | 'countPoints' | 'callVersions' | 'callOutcomes'>;
	readonly metadata: Pick<Metadata, 'violations'>;
}): Compare {
	const { store, metadata } = parts;

	async function read(stream: Stream, range: Range): Promise<Series> {
		const count = await store.countPoints({ streamId: stream.id, ...range });
		if (count > MOST_POINTS)
			throw new InputError(
				`${stream.key} has ${count} points there; ${MOST_POINTS} can be compared: take a shorter range`,
			);
		return seriesOf(stream, await store.points({ streamId: stream.id, ...range }));
	}

	async function stability({ stream }: Series, range: Range) {
		const { items } = await metadata.violations.list({
			sites: [stream.site],
			streamId: stream.id,
			fromMicros: range.fromMicros - DAY_MICROS,
			toMicros: range.toMicros,
			limit: MOST_VIOLATIONS,
		});
		const spans = items
			.filter(({ rule }) => rule !== 'no-data')
			.map(({ firstMicros, endedMicros, lastMicros, active }) => {
				const end = endedMicros ?? (active ? range.toMicros : lastMicros);
				return [Math.max(firstMicros, range.fromMicros), Math.min(end, range.toMicros)] as const;
			})
			.filter(([from, to]) => to >= from);
		return { violations: spans.length, outMicros: unionOf(spans) };
	}

	async function versionsOf({ stream }: Series, range: Range): Promise<ApiCompared['versions']> {
		const target = targetOfStream(stream);
		if (target === undefined) return [];
		const found = await store.callVersions({ ...target, ...range });
		return found.map(({ responseModel, fingerprint, firstMicros, calls }) => ({
			at: formatTime(firstMicros),
			name: [responseModel, fingerprint].filter((text) => text !== '').join(' '),
			calls,
		}));
	}

	async function outcomesOf({ stream }: Series, range: Range): Promise<ApiCompared['outcomes']> {
		const found = targetOfStream(stream);
		if (found === undefined) return {};
		const { site, provider, model, source, ...target } = found;
		const outcomes = await store.callOutcomes({ sites: [site], provider, model, source, target, ...range });
		return Object.fromEntries(outcomes.map(({ errorClass, calls }) => [errorClass ?? 'good', calls]));
	}

	async function compared(
		series: Series,
		bins: readonly number[],
		range: Range & { name: string; event: CompareRequest['event'] },
	): Promise<ApiCompared> {
		const { stream, sorted, censored, began } = series;
		const { name, event } = range;
		const [{ violations, outMicros }, versions, outcomes] = await Promise.all([
			stability(series, range),
			versionsOf(series, range),
			outcomesOf(series, range),
		]);
		const { id, key, labels, site } = stream;
		const [first = 0, last = 0] = [series.known.tMicros[0], series.known.tMicros.at(-1)];
		const days = (range.toMicros - range.fromMicros) / DAY_MICROS;
		const span = Math.max(last - first, outMicros);
		return {
			stream: { id: String(id), key, labels, site },
			...describe(sorted, censored),
			histogram: histogramOf(sorted, bins),
			inControl: span === 0 ? null : 1 - outMicros / span,
			violations,
			violationsPerDay: violations / days,
			versions,
			outcomes,
			change:
				event === undefined
					? changeOfVersions({ name, unit: stream.unit, began }, versions)
					: event.site === stream.site
						? changeAt({ name, unit: stream.unit, began }, momentOf(event))
						: null,
		};
	}

	async function group(name: string, { streams, event, ...range }: CompareRequest): Promise<ApiCompareGroup> {
		const series = await Promise.all(streams.map((stream) => read(stream, range)));
		const bins = sharedBins(series.map(({ sorted }) => sorted));
		const slotMicros = slotOf(series.map(({ began }) => began));
		return {
			name,
			unit: streams[0]?.unit ?? '',
			bins,
			streams: await Promise.all(series.map((one) => compared(one, bins, { ...range, name, event }))),
			pairs: await pairsOf(series, { name, slotMicros }),
			slotMs: slotMicros / MICROS_PER_MS,
		};
	}

	return async (request): Promise<ApiCompare> => {
		const names = [...new Set(request.streams.map(nameOf))];
		const groups = names.map((name) =>
			group(name, { ...request, streams: request.streams.filter((stream) => nameOf(stream) === name) }),
		);
		const [from, to] = [formatTime(request.fromMicros), formatTime(request.toMicros)];
		return { from, to, groups: await Promise.all(groups) };
	};
}

function nameOf({ key }: Stream): string {
	return key.slice(key.lastIndexOf('/') + 1);
}

/** Two targets of one model differ in their labels: what is equal in all says nothing. */
export function shortNames(streams: readonly Pick<Stream, 'key' | 'labels'>[]): string[] {
	const prefixes = streams.map(({ key }) => key.slice(0, Math.max(0, key.lastIndexOf('/'))) || key);
	return streams.map(({ labels }, i) => {
		const alike = streams.filter((_, k) => prefixes[k] === prefixes[i]);
		const telling = Object.entries(labels).filter(([name, value]) => alike.some((one) => one.labels[name] !== value));
		return [prefixes[i], ...telling.map(([, value]) => value)].join(' ');
	});
}

function seriesOf(stream: Stream, { tMicros, v, quality, flags }: PointColumns): Series {
	const isLatency = stream.unit === 'ms';
	const good: number[] = [];
	let censored = 0;
	quality.forEach((one, i) => {
		if ((flags[i]! & FLAG.excluded) !== 0) return;
		if (one === QUALITY.good) good.push(i);
		// Only calls that ran into a deadline make such points.
		else if (one === QUALITY.uncertain && isLatency) censored++;
	});
	const values = good.map((i) => v[i]!);
	const known = good.map((i) => tMicros[i]!);
	const began = isLatency ? known.map((t, i) => t - values[i]! * MICROS_PER_MS) : known;
	return {
		stream,
		sorted: Float64Array.from(values).sort(),
		censored,
		known: { tMicros: known, v: values },
		began: { tMicros: began, v: values },
	};
}

async function pairsOf(
	series: readonly Series[],
	{ name, slotMicros }: { readonly name: string; readonly slotMicros: number },
): Promise<ApiCompareGroup['pairs']> {
	const names = shortNames(series.map(({ stream }) => stream));
	const pairs: ApiCompareGroup['pairs'][number][] = [];
	for (const [i, first] of series.entries())
		for (const [k, second] of series.entries()) {
			if (k <= i) continue;
			// Judging and everybody's requests go on in between.
			await nextTurn();
			const differences = pairedDifferences(first.began, second.began, slotMicros);
			const n = differences.length;
			if (n < FEWEST) continue;
			const interval = medianInterval(differences, { confidence: CONFIDENCE, random: seeded(n) });
			const { unit } = first.stream;
			const sentence = pairSentence(name, { a: names[i]!, b: names[k]!, unit, n, interval });
			const [a, b] = [String(first.stream.id), String(second.stream.id)];
			pairs.push({ a, b, n, confidence: CONFIDENCE, ...interval, sentence });
		}
	return pairs;
}

/** How long at least one of the spans holds. */
function unionOf(spans: readonly (readonly [number, number])[]): number {
	let [sum, until] = [0, -Infinity];
	for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
		sum += Math.max(0, to - Math.max(from, until));
		until = Math.max(until, to);
	}
	return sum;
}
