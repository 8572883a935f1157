import type { DerivedRule } from '#contracts/derived.ts';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { NewEvent } from '#contracts/event.ts';
import type { LlmCall } from '#contracts/llm-call.ts';
import { parseCommand } from '#contracts/command.ts';
import { DEFAULT_PLAN } from '#contracts/plan.ts';
import type { Principal } from '#contracts/principal.ts';
import {
	ROW_BYTES,
	ROWS_HEADER_BYTES,
	readRowsHeader,
	rowMicros,
	rowQuality,
	rowStream,
	rowValue,
	viewOf,
} from '#contracts/rows.ts';
import type { JournalRecord, Topic } from '#server/journal/port.ts';
import { createSqliteJournal } from '#server/journal/sqlite/journal.ts';
import { createSqliteMetadata } from '#server/metadata/sqlite/metadata.ts';
import { createIngest } from '../ingest.ts';
import { createStreamRegistry } from '../registry.ts';
import type { PlanFor } from '../replan.ts';

export const NOW = 1_700_000_000_000_000;
const DEADLINE_MS = 10_000;

export function principalOf(name: string, site: string, sites: Principal['sites'] = [site]): Principal {
	return { kind: 'key', name, sites, scopes: ['write'], writeSite: site };
}

export interface HubOptions {
	readonly folder?: string;
	readonly planFor?: PlanFor;
	readonly derived?: () => readonly DerivedRule[];
	readonly streamsPerKey?: number;
	readonly pointsPerSecondPerKey?: number;
	readonly capBytes?: number;
	readonly lastMicros?: (streamId: number) => number | undefined;
	readonly onCalls?: (calls: readonly LlmCall[]) => void;
	readonly onEvents?: (events: readonly NewEvent[]) => Promise<void>;
	/** How the end is heard of; default: of the test. */
	readonly onEnd?: (end: () => Promise<void>) => void;
}

/** One hub for many cases, each of which writes to a site of its own: opening one takes a while. */
export function shareHub(): { readonly hub: () => Hub; readonly nextSite: () => string } {
	let hub: Hub | undefined;
	let sites = 0;
	let end = () => Promise.resolve();
	beforeAll(async () => void (hub = await openHub({ onEnd: (given) => void (end = given) })));
	afterAll(() => end());
	return {
		hub: () => hub as Hub,
		nextSite: () => `site-${++sites}`,
	};
}

/** Ingest over a real journal and a real metadata database, in a folder that ends with the test. */
export async function openHub(options: HubOptions = {}) {
	const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'ingest-')));
	const log = pino({ level: 'silent' });
	const metrics = new Registry();
	let nowMicros = NOW;
	const now = () => nowMicros;
	const journal = await createSqliteJournal({
		file: join(folder, 'journal.db'),
		log,
		now,
		reserveBytes: 0,
		capBytes: options.capBytes ?? 1024 ** 3,
	});
	const metadata = await createSqliteMetadata({ file: join(folder, 'metadata.db'), log, now });
	const planFor = options.planFor ?? (() => ({ plan: DEFAULT_PLAN, source: null }));
	const streamsPerKey = options.streamsPerKey ?? 10_000;
	const registry = createStreamRegistry({
		...{ metadata, journal, planFor, log, streamsPerKey },
		...(options.derived && { derived: options.derived }),
	});
	await registry.start();
	const { pointsPerSecondPerKey = Number.MAX_SAFE_INTEGER } = options;
	const parts = { journal, registry, partition: 0, now, log, metrics, pointsPerSecondPerKey };
	const ingest = createIngest({
		...parts,
		...(options.lastMicros && { lastMicros: options.lastMicros }),
		...(options.onCalls && { onCalls: options.onCalls }),
		...(options.onEvents && { onEvents: options.onEvents }),
	});

	let closed: Promise<void> | undefined;
	const close = () => (closed ??= Promise.all([journal.close(), metadata.close()]).then(() => undefined));
	(options.onEnd ?? onTestFinished)(async () => {
		await close();
		if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
	});

	async function records(...topics: Topic[]): Promise<JournalRecord[]> {
		const { lastSeq } = await journal.stats();
		const found: JournalRecord[] = [];
		const stop = new AbortController();
		const all = ['points', 'commands', 'refused', 'logs', 'calls', 'events'] as const;
		if (lastSeq === 0) return [];
		for await (const batch of journal.read({ topics: all, partition: 0, fromSeq: 1, signal: stop.signal })) {
			found.push(...batch);
			if ((batch.at(-1)?.seq ?? 0) >= lastSeq) stop.abort();
		}
		return found.filter(({ topic }) => topics.includes(topic));
	}

	/** Every point in the journal with the key of its stream, in order. */
	async function points() {
		const names = new Map((await metadata.streams.all()).map(({ stream }) => [stream.id, stream]));
		return (await records('points')).flatMap(({ bytes }) => {
			const view = viewOf(bytes);
			const { historical, count } = readRowsHeader(view);
			return Array.from({ length: count }, (_, i) => {
				const at = ROWS_HEADER_BYTES + i * ROW_BYTES;
				const stream = names.get(rowStream(view, at));
				return {
					key: stream?.key,
					site: stream?.site,
					labels: stream?.labels,
					t: rowMicros(view, at),
					v: rowValue(view, at),
					quality: rowQuality(view, at),
					historical,
				};
			});
		});
	}

	return {
		folder,
		journal,
		metadata,
		registry,
		ingest,
		metrics,
		records,
		points,
		close,
		commands: async () => (await records('commands')).map(({ bytes }) => parseCommand(bytes)),
		setNow: (micros: number) => void (nowMicros = micros),
		post: (body: string | object, more: Partial<Parameters<typeof ingest.points>[0]> = {}) =>
			ingest.points({
				principal: principalOf('k', 'a'),
				body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
				contentType: '',
				...more,
			}),
		write: (body: string | Uint8Array, more: Partial<Parameters<typeof ingest.lines>[0]> = {}) =>
			ingest.lines({
				principal: principalOf('k', 'a'),
				body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
				precision: 'us',
				refusePartial: false,
				...more,
			}),
	};
}
export type Hub = Awaited<ReturnType<typeof openHub>>;

/** Fills the journal up to its cap: `logs` up to where it takes no points, `verdicts` up to where it takes nothing. */
export async function fillJournal({ journal }: Hub, topic: 'logs' | 'verdicts'): Promise<void> {
	for (const size of [20_000, 1000, 50, 1]) {
		const publish = () =>
			journal.publish({ topic, partition: 0, bytes: new Uint8Array(size) }).then(
				() => true,
				() => false,
			);
		while (await publish());
	}
}

/** Makes room again. */
export async function emptyJournal({ journal }: Hub): Promise<void> {
	const { lastSeq } = await journal.stats();
	await journal.trim({ topics: ['logs', 'verdicts'], partition: 0, beforeSeq: lastSeq + 1 });
}

export async function metric(hub: Hub, name: string, labels: Record<string, string> = {}): Promise<number> {
	const found = await hub.metrics.getSingleMetric(`sigmascope_${name}`)?.get();
	const matching = found?.values.filter((value) =>
		Object.entries(labels).every(([label, text]) => value.labels[label as keyof typeof value.labels] === text),
	);
	return (matching ?? []).reduce((sum, { value }) => sum + value, 0);
}

/** A collector's end of `/api/v1/collect`, over a real socket. */
export async function connectCollector(hub: Hub, principal: Principal = principalOf('k', 'a')) {
	const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
	server.on('connection', (socket) => hub.ingest.collect(socket, principal));
	await once(server, 'listening');
	const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
	const said: Record<string, unknown>[] = [];
	let closing: { code: number; reason: string } | undefined;
	let wake = () => {};
	socket.on('message', (data: Buffer) => {
		said.push(JSON.parse(data.toString()) as Record<string, unknown>);
		wake();
	});
	socket.on('close', (code, reason) => {
		closing = { code, reason: reason.toString() };
		wake();
	});
	await once(socket, 'open');
	onTestFinished(() => {
		socket.terminate();
		server.close();
	});

	async function until<T>(found: () => T | undefined): Promise<T> {
		const end = performance.now() + DEADLINE_MS;
		for (let value = found(); ; value = found()) {
			if (value !== undefined) return value;
			const left = end - performance.now();
			if (left <= 0) throw new Error(`nothing came; said: ${JSON.stringify(said)}, closed: ${JSON.stringify(closing)}`);
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, left);
				wake = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
	}
	return {
		socket,
		said,
		send: (message: object | Uint8Array) =>
			socket.send(message instanceof Uint8Array ? message : JSON.stringify(message)),
		heard: (has: string, value?: unknown) =>
			until(() => said.find((message) => has in message && (value === undefined || message[has] === value))),
		closed: () => until(() => closing),
	};
}
