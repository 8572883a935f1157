import { createHash, type Hash } from 'node:crypto';
import { toApiLimits, toApiViolation } from '#contracts/api.ts';
import { InputError } from '#contracts/error.ts';
import {
	EXPORT_VERSION,
	exportedName,
	type ExportedEvent,
	type ExportedSession,
	type ExportedSignal,
} from '#contracts/export.ts';
import type { Limits } from '#contracts/limits.ts';
import { toPlanDocument } from '#contracts/plan-document.ts';
import { FLAG, QUALITY, type PointColumns } from '#contracts/point.ts';
import type { Signal } from '#contracts/verdict.ts';
import { formatTime } from '#contracts/time.ts';
import type { EngineView } from '#server/engine/port.ts';
import type { Metadata, StreamWithPlan } from '#server/metadata/port.ts';
import type { Slice, Store } from '#server/store/port.ts';
import type { Gate } from './gate.ts';
import type { Range, Stretch } from './stretches.ts';

export interface FactsSources {
	readonly store: Pick<Store, 'signals' | 'gaps' | 'exported' | 'points'>;
	readonly metadata: Pick<Metadata, 'violations' | 'limits' | 'events'>;
	readonly engine: Pick<EngineView, 'limits'>;
	readonly gate: Gate;
}

export interface FactsWish {
	readonly versions: Readonly<Record<string, string>>;
	readonly range: Range;
	readonly asOfMicros: number;
	readonly session: ExportedSession | null;
	readonly stretches: readonly Stretch[];
	/** With the points of each stream: a JSON export. */
	readonly withPoints: boolean;
	/** The last point that is there already: the text goes on right behind it. */
	readonly after?: { readonly streamId: number; readonly tMicros: number } | undefined;
}

const PAGE = 500;

/** `ExportFacts` as text, piece by piece: neither points nor signals of a long range are ever in hand all at once. */
export async function* factsOf(
	sources: FactsSources,
	wish: FactsWish,
	signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
	for await (const text of textOf(sources, wish, signal)) yield Buffer.from(text);
}

async function* textOf(sources: FactsSources, wish: FactsWish, signal: AbortSignal): AsyncGenerator<string> {
	const { range, asOfMicros, versions, session, stretches, after } = wish;
	if (after) return yield* restText(sources, { ...wish, after }, signal);
	const head = {
		sigmascopeExport: EXPORT_VERSION,
		versions,
		asOf: formatTime(asOfMicros),
		from: formatTime(range.fromMicros),
		to: formatTime(range.toMicros),
		codes: { quality: QUALITY, flags: FLAG },
		session,
		events: await eventsOf(
			sources.metadata,
			stretches.map(({ of }) => of),
			range,
		),
	};
	yield `${JSON.stringify(head, null, 1).slice(0, -2)},\n "streams": [`;
	yield* streamsText(sources, wish, stretches, signal);
}

/** The streams, with the end of the document behind them. */
async function* streamsText(
	sources: FactsSources,
	wish: FactsWish & { readonly goesOn?: boolean },
	stretches: readonly Stretch[],
	signal: AbortSignal,
): AsyncGenerator<string> {
	for (const [i, stretch] of stretches.entries()) {
		signal.throwIfAborted();
		yield i === 0 && !wish.goesOn ? '\n' : ',\n';
		yield* streamText(sources, wish, stretch, signal);
	}
	yield '\n]}\n';
}

/** @throws InputError where the export has no such stream: then nothing of it can be there */
async function* restText(
	{ store, ...sources }: FactsSources,
	wish: FactsWish & { readonly after: NonNullable<FactsWish['after']> },
	signal: AbortSignal,
): AsyncGenerator<string> {
	const { stretches, after, asOfMicros } = wish;
	const at = stretches.findIndex(({ of }) => of.stream.id === after.streamId);
	const stretch = stretches[at];
	if (!stretch)
		throw new InputError('cannot go on', [{ path: 'query.after', message: 'names no stream of this export' }]);
	const points = { streamId: after.streamId, slices: stretch.slices, asOfMicros, afterMicros: after.tMicros };
	yield* restOfPoints(store, sources.gate, points, signal);
	yield '}';
	yield* streamsText({ store, ...sources }, { ...wish, goesOn: true }, stretches.slice(at + 1), signal);
}

async function* streamText(
	{ store, metadata, engine, gate }: FactsSources,
	{ range, asOfMicros, withPoints }: FactsWish,
	{ of, slices }: Stretch,
	signal: AbortSignal,
): AsyncGenerator<string> {
	const { stream, plan, planRevision } = of;
	const { id, ...name } = stream;
	const wanted = { streamId: id, ...range };
	const gaps = await gate.pass(() => store.gaps(wanted), signal);
	const facts = {
		id: String(id),
		name: exportedName(stream),
		...name,
		plan: toPlanDocument(plan),
		planRevision,
		limits: (await limitsOf(metadata, engine, id)).map(toApiLimits),
		gaps: gaps.map(({ fromMicros, toMicros, reason }) => [fromMicros, toMicros, reason]),
	};
	yield `${JSON.stringify(facts).slice(0, -1)},\n"violations": [`;
	yield* listed(violationsOf(metadata, of, range));
	yield '],\n"signals": [';
	yield* listed(signalsOf(store, gate, { streamId: id, slices }, signal));
	yield ']';
	if (withPoints) yield* pointsText(store, gate, { streamId: id, slices, asOfMicros }, signal);
	yield '}';
}

async function* listed(pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
	let separator = '\n';
	for await (const page of pages) {
		if (page.length === 0) continue;
		yield separator + page.map((one) => JSON.stringify(one)).join(',\n');
		separator = ',\n';
	}
}

async function* signalsOf(
	store: FactsSources['store'],
	gate: Gate,
	{ streamId, slices }: { readonly streamId: number; readonly slices: readonly Slice[] },
	signal: AbortSignal,
): AsyncGenerator<readonly ExportedSignal[]> {
	for (const { fromMicros, toMicros } of slices)
		yield (await gate.pass(() => store.signals({ streamId, fromMicros, toMicros }), signal)).map(toExported);
}

function toExported({ tMicros, chart, rule, side, spanFromMicros, limitsId, baseline }: Signal): ExportedSignal {
	return { t: tMicros, chart, rule, side, spanFrom: spanFromMicros, limitsId, baseline };
}

async function* pointsText(
	store: FactsSources['store'],
	gate: Gate,
	wish: { readonly streamId: number; readonly slices: readonly Slice[]; readonly asOfMicros: number },
	signal: AbortSignal,
): AsyncGenerator<string> {
	yield ',\n"points": [';
	yield* restOfPoints(store, gate, wish, signal);
}

/** From the point after `afterMicros` on; what is before it is read for the sum alone. */
async function* restOfPoints(
	store: FactsSources['store'],
	gate: Gate,
	wish: {
		readonly streamId: number;
		readonly slices: readonly Slice[];
		readonly asOfMicros: number;
		readonly afterMicros?: number;
	},
	signal: AbortSignal,
): AsyncGenerator<string> {
	const { streamId, slices, asOfMicros, afterMicros = -Infinity } = wish;
	const hash = createHash('sha256');
	let separator = afterMicros === -Infinity ? '\n' : ',\n';
	for (const { fromMicros, toMicros } of slices) {
		const points = await gate.pass(() => store.points({ streamId, fromMicros, toMicros, asOfMicros }), signal);
		const text = rowsOf(points, hash, afterMicros);
		if (text === '') continue;
		yield separator + text;
		separator = ',\n';
	}
	yield `],\n"pointsSha256": "${hash.digest('hex')}"`;
}

function rowsOf({ tMicros, v, quality, flags }: PointColumns, hash: Hash, afterMicros: number): string {
	if (v.length === 0) return '';
	const lines: string[] = new Array(v.length);
	for (let i = 0; i < v.length; i++) lines[i] = `${tMicros[i]},${v[i]},${quality[i]},${flags[i]}`;
	hash.update(`${lines.join('\n')}\n`);
	const first = tMicros.findIndex((t) => t > afterMicros);
	return first < 0 ? '' : `[${lines.slice(first).join('],\n[')}]`;
}

/** What has been recorded, and what the engine judges by now in case that has not been recorded yet. */
export async function limitsOf(
	metadata: Pick<Metadata, 'limits'>,
	engine: Pick<EngineView, 'limits'>,
	streamId: number,
): Promise<readonly Limits[]> {
	const recorded = await metadata.limits.of(streamId);
	const known = new Set(recorded.map((limits) => limits.id));
	return [...recorded, ...engine.limits(streamId).filter((limits) => !known.has(limits.id))];
}

export async function* violationsOf(
	metadata: Pick<Metadata, 'violations'>,
	{ stream }: StreamWithPlan,
	{ fromMicros, toMicros }: Range,
): AsyncGenerator<readonly ReturnType<typeof toApiViolation>[]> {
	const { id, key, labels, site, unit } = stream;
	let cursor: string | null = null;
	do {
		const filter = { sites: [site], streamId: id, fromMicros, toMicros, limit: PAGE };
		const page: Awaited<ReturnType<Metadata['violations']['list']>> = await metadata.violations.list({
			...filter,
			...(cursor === null ? {} : { cursor }),
		});
		yield page.items.map((one) => toApiViolation(one, { id: String(id), key, labels, site, unit }));
		({ cursor } = page);
	} while (cursor !== null);
}

/** Of these streams, their assets and sites; each once. */
export async function eventsOf(
	metadata: Pick<Metadata, 'events'>,
	streams: readonly StreamWithPlan[],
	{ fromMicros, toMicros }: Range,
): Promise<readonly ExportedEvent[]> {
	const found = new Map<string, ExportedEvent>();
	for (const { stream } of streams) {
		const of = { asset: stream.asset, key: stream.key };
		const { items } = await metadata.events.list({ sites: [stream.site], fromMicros, toMicros, of, limit: PAGE });
		for (const { fromMicros: from, toMicros: to, ...event } of items)
			found.set(event.id, { ...event, from: formatTime(from), to: to === null ? null : formatTime(to) });
	}
	return [...found.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
}
