import { createBoards } from '#server/boards/boards.ts';
import { createScreens } from '#server/boards/screens.ts';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Registry } from 'prom-client';
import { alertsSchema } from '#contracts/alert-config.ts';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import type { KnowledgeConfig } from '#contracts/config.ts';
import { planSchema, type PlanInput } from '#contracts/plan.ts';
import type { Scope } from '#contracts/principal.ts';
import { createAlerts } from '#server/alerts/alerts.ts';
import { createAuth } from '#server/auth/auth.ts';
import { createCases } from '#server/cases/cases.ts';
import { createDialer } from '#server/dial/dialer.ts';
import { createWallClock } from '#server/clock.ts';
import { replot } from '#server/engine/rejudge/replot.ts';
import { createExports } from '#server/export/exports.ts';
import { createPictures } from '#server/export/pictures/pictures.ts';
import { createEngine, type Engine } from '#server/engine/engine.ts';
import { createIdentity } from '#server/identity/identity.ts';
import { createSessions } from '#server/identity/sessions.ts';
import { createIngest } from '#server/ingest/ingest.ts';
import { createStreamRegistry } from '#server/ingest/registry.ts';
import type { PlanFor } from '#server/ingest/replan.ts';
import type { Journal } from '#server/journal/port.ts';
import { createRca } from '#server/rca/rca.ts';
import { createSqliteJournal } from '#server/journal/sqlite/journal.ts';
import { createKnowledge } from '#server/knowledge/knowledge.ts';
import { createLlm } from '#server/llm/llm.ts';
import { createLiveServer, type LiveOptions } from '#server/live/server.ts';
import type { Account } from '#server/metadata/port-people.ts';
import type { Metadata } from '#server/metadata/port.ts';
import { createSqliteMetadata } from '#server/metadata/sqlite/metadata.ts';
import { createMetrics } from '#server/metrics/metrics.ts';
import type { Store } from '#server/store/port.ts';
import { createKeptSecrets } from '#server/vault/kept-secrets.ts';
import { createVault } from '#server/vault/vault.ts';
import type { BodyLimits, HttpPorts } from '../ports.ts';
import { createHttp } from '../server.ts';
import { absentStore, standIns } from './stand-ins.ts';

/** The real parts of a hub in this process, on a port that the system picked. */
export interface Hub {
	readonly url: string;
	readonly port: number;
	readonly folder: string;
	readonly buildFolder: string;
	readonly journal: Journal;
	readonly metadata: Metadata;
	readonly engine: Engine;
	readonly registry: Registry;
	/** Lines that have been logged. */
	readonly logged: string[];
	/** With the owner's key unless `init` brings an authorization of its own. */
	request(path: string, init?: RequestInit): Promise<Response>;
	get<T>(path: string): Promise<T>;
	/** Writes points and waits until they have been judged. */
	write(points: readonly object[], key?: string): Promise<void>;
	/** Its id, once it is known. */
	streamId(key: string): Promise<string>;
	/** @returns the Cookie header of a new session of this account */
	signIn(account: Account): Promise<string>;
	createKey(site: string, scopes: readonly Scope[]): Promise<string>;
	ports: HttpPorts;
	stop(): Promise<void>;
}

export const START_TOKEN = 'start-token-of-the-tests-0123456789';
export const OWNER_KEY = 'bootstrap-key-of-the-tests-0123456789';

export interface HubOptions {
	/** As in the configuration file. */
	readonly alerts?: object;
	readonly store?: Store;
	readonly plan?: PlanInput;
	readonly planSource?: string;
	readonly planFor?: PlanFor;
	readonly proxyTargets?: Parameters<typeof createLlm>[0]['targets'];
	readonly knowledge?: KnowledgeConfig;
	readonly publicUrl?: string;
	readonly trustedProxies?: readonly string[];
	readonly bodyLimits?: Partial<BodyLimits>;
	readonly live?: Pick<LiveOptions, 'pingMs' | 'maxReaders'>;
	/** Files of the built page by path. */
	readonly build?: Readonly<Record<string, string>>;
	readonly journalCapBytes?: number;
	readonly folder?: string;
}

export async function startHub(options: HubOptions = {}): Promise<Hub> {
	const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'hub-')));
	const buildFolder = join(folder, 'build');
	for (const [path, text] of Object.entries(options.build ?? {})) {
		await mkdir(join(buildFolder, path, '..'), { recursive: true });
		await writeFile(join(buildFolder, path), text);
	}
	const logged: string[] = [];
	const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
	const now = createWallClock();
	const registry = createMetrics();
	const journal = await createSqliteJournal({
		file: join(folder, 'journal.db'),
		log,
		now,
		reserveBytes: 0,
		...(options.journalCapBytes === undefined ? {} : { capBytes: options.journalCapBytes }),
	});
	const metadata = await createSqliteMetadata({ file: join(folder, 'metadata.db'), log, now });
	const engine = createEngine({ journal, partition: 0, log, registry, now });
	const dialer = createDialer({ allow: [] });
	const pictures = createPictures();
	const secrets = createKeptSecrets({ metadata, vault: createVault([randomBytes(32)]) });
	const alerts = createAlerts({
		secrets,
		metadata,
		dialer,
		config: alertsSchema.parse(options.alerts ?? {}),
		publicUrl: options.publicUrl,
		linkKey: randomBytes(32),
		readFile: (path) => readFileSync(path, 'utf8'),
		now,
		nowMs: performance.now.bind(performance),
		random: Math.random,
		pictures: { renderPng: (svg, size) => pictures.renderPng(svg, size) },
		timeZone: 'UTC',
		log,
		registry,
	});
	const cases = createCases({ journal, metadata, partition: 0, alerting: alerts, log, registry });
	cases.onChange(alerts.wake);
	const plan = planSchema.parse(options.plan ?? {});
	const planFor = options.planFor ?? (() => ({ plan, source: options.planSource ?? null }));
	const streams = createStreamRegistry({ metadata, journal, planFor, log });
	const { lastMicros } = engine;
	const ingest = createIngest({ journal, registry: streams, partition: 0, now, log, metrics: registry, lastMicros });
	const store = options.store ?? absentStore(log, now);
	const { publicUrl } = options;
	let startToken = START_TOKEN;
	const identity = createIdentity({
		metadata,
		now,
		random: randomBytes,
		defaultSite: 'default',
		onSetUp: () => void (startToken = randomBytes(24).toString('base64url')),
	});
	await identity.start(undefined);
	const auth = createAuth({
		identity,
		startToken: () => startToken,
		bootstrapKey: OWNER_KEY,
		defaultSite: 'default',
		publicUrl,
		instance: journal.generation,
		...(options.trustedProxies && { trustedProxies: options.trustedProxies }),
		now,
		log,
	});
	const epoch = journal.generation;
	const live = createLiveServer({ engine, cases, metadata, store, epoch, now, log, registry, ...options.live });
	const nowMs = performance.now.bind(performance);
	const llm = createLlm({
		store,
		metadata,
		ingest,
		prices: [],
		targets: options.proxyTargets ?? {},
		now,
		nowMs,
		log,
		registry,
	});
	const knowledge = createKnowledge({
		...{ journal, ingest, store, metadata, partition: 0, now, nowMs, log, registry },
		config: options.knowledge ?? {},
	});
	const boards = createBoards({ folder, env: {}, log });
	const exports = createExports({
		replot,
		...{ store, metadata, engine, pictures, now },
		folder: join(folder, 'exports'),
		settled: async () => {},
		versions: { sigmascope: '0.0.0' },
		random: () => randomBytes(8).toString('hex'),
		registry,
	});
	const ports: HttpPorts = {
		exports,
		boards,
		screens: createScreens({ now }),
		ingest,
		llm,
		knowledge,
		live,
		engine,
		store,
		metadata,
		cases,
		alerts,
		secrets,
		rca: createRca({
			...{ metadata, store, engine, now, registry },
			narrator: () => undefined,
			answerer: () => undefined,
			collectorsOf: () => [],
		}),
		relayPlans: () => streams.relay(),
		auth,
		identity,
		publicUrl,
		registry,
		log,
		correlate: (_, work) => work(),
		now,
		buildFolder,
		...standIns({ journal, metadata, store, streams, folder, registry, log }),
		...(options.bodyLimits ? { bodyLimits: options.bodyLimits } : {}),
	};
	const http = createHttp(ports);
	boards.start();
	await alerts.start();
	await engine.start();
	await cases.start();
	await streams.start();
	if (options.store) knowledge.start();
	http.server.listen(0, '127.0.0.1');
	await once(http.server, 'listening');
	const { port } = http.server.address() as AddressInfo;
	const url = `http://127.0.0.1:${port}`;

	const request: Hub['request'] = (path, init) =>
		fetch(url + path, { ...init, headers: { authorization: `Bearer ${OWNER_KEY}`, ...init?.headers } });

	async function get<T>(path: string): Promise<T> {
		const response = await request(path);
		if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
		return (await response.json()) as T;
	}

	return {
		url,
		port,
		folder,
		buildFolder,
		journal,
		metadata,
		engine,
		registry,
		logged,
		ports,
		request,
		get,
		async write(points, key = OWNER_KEY) {
			const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
			const response = await request('/api/v1/points', { method: 'POST', headers, body: JSON.stringify(points) });
			if (response.status !== 202) throw new Error(`POST points: ${response.status} ${await response.text()}`);
			await engine.caughtUp();
		},
		async streamId(key) {
			const { items } = await get<ApiList<ApiStream>>(`/api/v1/streams?key=${encodeURIComponent(key)}`);
			if (!items[0]) throw new Error(`no stream ${key}`);
			return items[0].id;
		},
		async signIn(account) {
			const from = { address: '127.0.0.1', agent: 'test' };
			const secret = await createSessions({ metadata, now, random: randomBytes }).begin(account, from);
			const asking = { headers: { host: '127.0.0.1' }, socket: { remoteAddress: '127.0.0.1' } };
			return auth.sessionCookie(secret, asking).split(';')[0] ?? '';
		},
		createKey: (site, scopes) => metadata.keys.create({ name: `${site} ${scopes.join(' ')}`, site, scopes }),
		async stop() {
			boards.stop();
			live.close();
			await http.close();
			await knowledge.stop();
			await llm.proxy.flush();
			llm.proxy.close();
			await exports.stop();
			await pictures.stop();
			await cases.stop();
			await alerts.stop();
			await dialer.close();
			await engine.stop();
			await store.close();
			await metadata.close();
			await journal.close();
			if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
		},
	};
}

/** Points of one stream a second apart, the newest just now. */
export function pointsOf(stream: string, values: readonly number[], endMs = Date.now()): object[] {
	return values.map((v, i) => ({ stream, t: (endMs - (values.length - 1 - i) * 1000) * 1000, v }));
}
