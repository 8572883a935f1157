import type { CauseName } from '#contracts/cause.ts';
import { RetriableError } from '#contracts/error.ts';
import { FLAG, QUALITY, type PointColumns } from '#contracts/point.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Violation } from '#contracts/violation.ts';
import type { EngineView } from '../../engine/port.ts';
import type { Knowledge } from '../../knowledge/port.ts';
import type { Metadata } from '../../metadata/port.ts';
import type { Store } from '../../store/port.ts';
import { MOST_AFTER, MOST_BEFORE } from '../frame.ts';
import { intervalOf } from '../series.ts';
import type { Companion, EventSeen, Passage, Series, Situation } from '../situation.ts';
import { readCalls } from './calls.ts';
import { chooseCompanions } from './choose.ts';
import { similarPast } from './past.ts';
import { readSystem } from './system.ts';

export interface ReaderPorts {
	readonly metadata: Pick<Metadata, 'streams' | 'violations' | 'events' | 'limits'>;
	readonly store: Pick<Store, 'lastPoints' | 'points' | 'sideBySide' | 'gapsOf' | 'calls'>;
	readonly engine: Pick<EngineView, 'windows' | 'limits'>;
	/** Absent: nothing is known of documents and logs. */
	readonly knowledge?: Pick<Knowledge, 'passages'> | undefined;
	/** Streams of a site, as far as somebody would look through them. */
	readonly streamsOf: (site: string) => Promise<readonly Stream[]>;
	/** Names of the collectors that write to a site. */
	readonly collectorsOf: (site: string) => readonly string[];
}

const BASELINE_POINTS = 200;
const SPARE_BEFORE = 60;
const SPARE_AFTER = 30;
const MOST_PAST = 100;
const MOST_EVENTS = 200;
const MOST_VIOLATING = 100;
const MOST_PASSAGES = 3;
/** A stream without a rhythm is looked at as if it had a point a minute. */
const USUAL_INTERVAL_MICROS = 60_000_000;

interface Window {
	readonly fromMicros: number;
	readonly toMicros: number;
	readonly intervalMicros: number;
}

/**
 * Everything that an analysis looks at. What is read has a bound: some hundred points of the stream, the same time of at most
 * three dozen others.
 *
 * While the store cannot be reached the stream's own points are those that the engine has in memory, and the answer says so.
 */
export async function readSituation(
	ports: ReaderPorts,
	{ violation, stream, feedback }: { violation: Violation; stream: Stream; feedback: ReadonlyMap<CauseName, number> },
): Promise<Situation> {
	const missing: string[] = [];
	const orMissing = async <T>(what: string, work: Promise<T>, instead: T): Promise<T> =>
		work.catch((error: unknown) => {
			if (!(error instanceof RetriableError)) throw error;
			missing.push(`${what} (the store cannot be reached)`);
			return instead;
		});
	const points = await orMissing('points of before', ownPoints(ports, violation), fromEngine(ports, violation));
	const own: Series = { tMicros: points.tMicros, v: points.v };
	const window = windowOf(own, violation);
	const [companions, baseline, calls, events, past, before, passages, system] = await Promise.all([
		orMissing('other streams', readCompanions(ports, { stream, violation, window }), { companions: [], ownGaps: [] }),
		orMissing('points of the baseline', readBaseline(ports, violation), null),
		orMissing('calls', readCalls(ports.store, stream, window), []),
		readEvents(ports, stream, window),
		readPast(ports, { violation, stream }),
		countBefore(ports, { violation, stream, window }),
		orMissing('documents and logs', readPassages(ports, { violation, stream }), []),
		orMissing('the state of this product', readSystem(ports, { stream, window }), []),
	]);
	return {
		...{ violation, stream, own, baseline, before, calls, events, past, passages, system, feedback, missing },
		...companions,
		late: share(points.flags, (flags) => (flags & FLAG.late) !== 0),
		badQuality: share(points.quality, (quality) => quality < QUALITY.good),
	};
}

const share = (of: Uint8Array, is: (value: number) => boolean) =>
	of.length === 0 ? 0 : of.reduce((sum, value) => sum + (is(value) ? 1 : 0), 0) / of.length;

async function ownPoints({ store }: ReaderPorts, violation: Violation): Promise<PointColumns> {
	const { streamId, firstMicros } = violation;
	const before = await store.lastPoints(streamId, MOST_BEFORE + SPARE_BEFORE, firstMicros);
	const interval = intervalOf(before) ?? USUAL_INTERVAL_MICROS;
	const toMicros = Math.max(violation.lastMicros, firstMicros + (MOST_AFTER + SPARE_AFTER) * interval);
	const bounded = Math.min(toMicros, firstMicros + 4 * (MOST_AFTER + SPARE_AFTER) * interval);
	const after = await store.points({ streamId, fromMicros: firstMicros, toMicros: bounded });
	return joined(before, after);
}

function joined(a: PointColumns, b: PointColumns): PointColumns {
	const both = (x: Float64Array, y: Float64Array) =>
		Float64Array.from([...x, ...y.subarray(0, MOST_AFTER + SPARE_AFTER)]);
	const bytes = (x: Uint8Array, y: Uint8Array) => Uint8Array.from([...x, ...y.subarray(0, MOST_AFTER + SPARE_AFTER)]);
	return {
		tMicros: both(a.tMicros, b.tMicros),
		v: both(a.v, b.v),
		quality: bytes(a.quality, b.quality),
		flags: bytes(a.flags, b.flags),
	};
}

/** What the chart of the violation plots, in memory; else the violation's own context. */
function fromEngine({ engine }: ReaderPorts, { streamId, chart, context }: Violation): PointColumns {
	const plotted = engine
		.windows(streamId, undefined, MOST_BEFORE + MOST_AFTER)
		.find((window) => window.chart === chart);
	if (plotted && plotted.v.length > 0) return plotted;
	const points = [...context.before, ...context.at, ...context.after];
	return {
		tMicros: Float64Array.from(points, ({ tMicros }) => tMicros),
		v: Float64Array.from(points, ({ v }) => v),
		quality: new Uint8Array(points.length).fill(QUALITY.good),
		flags: new Uint8Array(points.length),
	};
}

function windowOf(own: Series, violation: Violation): Window {
	const fromMicros = Math.min(own.tMicros[0] ?? violation.spanFromMicros, violation.spanFromMicros);
	const toMicros = Math.max(own.tMicros.at(-1) ?? violation.lastMicros, violation.lastMicros);
	return { fromMicros, toMicros, intervalMicros: intervalOf(own) ?? USUAL_INTERVAL_MICROS };
}

interface Asked {
	readonly violation: Violation;
	readonly stream: Stream;
}

async function readCompanions(ports: ReaderPorts, { violation, stream, window }: Asked & { readonly window: Window }) {
	const { metadata, store } = ports;
	const { fromMicros, toMicros, intervalMicros } = window;
	const at = { sites: [stream.site], fromMicros: violation.spanFromMicros - 20 * intervalMicros, toMicros };
	const [ofSite, ofAsset, violating] = await Promise.all([
		ports.streamsOf(stream.site),
		metadata.streams.page({ sites: [stream.site], asset: stream.asset, afterId: 0, limit: 200 }),
		metadata.violations.list({ ...at, limit: MOST_VIOLATING }),
	]);
	const ids = new Set(violating.items.map(({ streamId }) => streamId));
	const others = await metadata.streams.some([...ids]);
	const of = [...ofAsset, ...others.map((one) => one.stream), ...ofSite];
	const chosen = chooseCompanions(stream, { of, violating: ids });
	const streamIds = chosen.map(({ id }) => id);
	const [series, gaps] = await Promise.all([
		store.sideBySide({ streamIds, fromMicros, toMicros, bucketMicros: intervalMicros }),
		store.gapsOf({ streamIds: [stream.id, ...streamIds], fromMicros, toMicros }),
	]);
	const companions = chosen.flatMap((one): Companion[] => {
		const values = series.get(one.id);
		return values ? [{ stream: one, series: values, gaps: gaps.filter(({ streamId }) => streamId === one.id) }] : [];
	});
	return { companions, ownGaps: gaps.filter(({ streamId }) => streamId === stream.id) };
}

async function readBaseline({ engine, metadata, store }: ReaderPorts, { streamId, limitsId }: Violation) {
	const find = (all: readonly { id: string; baseline: Parameters<typeof rangeOf>[0] }[]) =>
		all.find(({ id }) => id === limitsId);
	const limits = find(engine.limits(streamId)) ?? find(await metadata.limits.of(streamId));
	if (!limits?.baseline) return null;
	const { fromMicros, toMicros } = rangeOf(limits.baseline)!;
	const points = await store.lastPoints(streamId, BASELINE_POINTS, toMicros + 1);
	const from = points.tMicros.findIndex((t) => t >= fromMicros);
	if (from < 0) return null;
	return { fromMicros, toMicros, series: { tMicros: points.tMicros.subarray(from), v: points.v.subarray(from) } };
}

const rangeOf = (baseline: { readonly fromMicros: number; readonly toMicros: number } | null) => baseline;

async function readEvents({ metadata }: ReaderPorts, { site }: Stream, window: Window): Promise<readonly EventSeen[]> {
	const { fromMicros, toMicros } = window;
	const { items } = await metadata.events.list({ sites: [site], fromMicros, toMicros, limit: MOST_EVENTS });
	return items
		.map(({ kind, fromMicros, toMicros, title, streams, asset }) => ({
			kind,
			fromMicros,
			toMicros,
			title,
			streams,
			asset,
		}))
		.toSorted((a, b) => a.fromMicros - b.fromMicros);
}

async function readPast({ metadata }: ReaderPorts, { violation, stream }: Asked) {
	const toMicros = violation.firstMicros - 1;
	const { items } = await metadata.violations.list({
		sites: [stream.site],
		state: 'resolved',
		toMicros,
		limit: MOST_PAST,
	});
	const streams = await metadata.streams.some([...new Set(items.map(({ streamId }) => streamId))]);
	const byId = new Map(streams.map((one) => [one.stream.id, one.stream]));
	const known = items.flatMap((one) => {
		const of = byId.get(one.streamId);
		return of ? [{ violation: one, stream: of }] : [];
	});
	return similarPast({ violation, stream }, known);
}

async function countBefore(
	{ metadata }: ReaderPorts,
	{ violation, stream, window }: Asked & { readonly window: Window },
) {
	const range = { fromMicros: window.fromMicros, toMicros: violation.firstMicros - 1 };
	const { items } = await metadata.violations.list({ sites: [stream.site], streamId: stream.id, ...range, limit: 50 });
	return items.length;
}

async function readPassages({ knowledge }: ReaderPorts, { violation, stream }: Asked): Promise<readonly Passage[]> {
	if (!knowledge) return [];
	const text = `${stream.asset} ${stream.key.split('/').at(-1) ?? ''} ${violation.side === 'below' ? 'low' : 'high'}`;
	return knowledge.passages({ site: stream.site, text, aroundMicros: violation.firstMicros, limit: MOST_PASSAGES });
}
