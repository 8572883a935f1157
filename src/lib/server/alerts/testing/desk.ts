import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Registry } from 'prom-client';
import { alertsSchema } from '#contracts/alert-config.ts';
import type { AlertMessage } from '#contracts/alert.ts';
import { planSchema, type PlanInput } from '#contracts/plan.ts';
import { bitsOf, type AlertChange } from '#contracts/alert.ts';
import type { Episode, Violation } from '#contracts/violation.ts';
import { createDialer } from '#server/dial/dialer.ts';
import type { Metadata } from '#server/metadata/port.ts';
import { createSqliteMetadata } from '#server/metadata/sqlite/metadata.ts';
import { createAlerts } from '../alerts.ts';
import { bindChannels, type BoundChannel } from '../bound.ts';
import type { ChannelPorts } from '../channels/kind.ts';
import { createDispatcher, type Dispatcher } from '../dispatcher.ts';
import type { Alerts } from '../port.ts';
import { compileRoutes } from '../routes.ts';
import { createSecret } from '#contracts/secret.ts';
import { readFileSync } from 'node:fs';

export const MINUTE = 60_000_000;
export const START = Date.UTC(2026, 0, 5, 12) * 1000;

/** The real parts of alerts over a real database, with a clock that is moved by hand. */
export interface Desk {
	readonly metadata: Metadata;
	readonly alerts: Alerts;
	readonly logged: string[];
	nowMicros: number;
	/** Applies what an engine would have found, and decides. */
	happens(
		change: AlertChange | readonly AlertChange[],
		ids: string | readonly string[],
		more?: Partial<Episode>,
	): Promise<void>;
	/** One turn, and all that it began; again while there is something to do now. */
	turn(): Promise<void>;
	/** Moves the clock, turning whenever something is due on the way. */
	pass(micros: number): Promise<void>;
	/** As after the end of the process: what was only in memory is gone. */
	restart(): Promise<void>;
	messages(): Promise<readonly AlertMessage[]>;
	close(): Promise<void>;
}

export interface DeskOptions {
	/** As in the file. */
	readonly alerts: object;
	readonly plan?: PlanInput;
	readonly publicUrl?: string;
	readonly registry?: Registry;
	/** What every picture is. */
	readonly chart?: () => Promise<Uint8Array | undefined>;
	readonly streams?: readonly { readonly site: string; readonly key: string; readonly asset: string }[];
}

const LINK_KEY = new TextEncoder().encode('key-of-links-in-tests-0123456789');

export async function openDesk(options: DeskOptions): Promise<Desk> {
	const folder = await mkdtemp(join(tmpdir(), 'alerts-'));
	const logged: string[] = [];
	const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
	let nowMicros = START;
	const now = () => nowMicros;
	const metadata = await createSqliteMetadata({ file: join(folder, 'metadata.db'), log, now });
	const plan = planSchema.parse(options.plan ?? {});
	const streams = options.streams ?? [{ site: 'plant-a', key: 'press-1/temperature', asset: 'press-1' }];
	await metadata.streams.ensure(
		streams.map((one) => ({ ...one, labels: {}, kind: 'machine' as const, unit: '°C', plan })),
	);
	const config = alertsSchema.parse(options.alerts);
	const dialer = createDialer({ allow: [] });
	const readFile = (path: string) => readFileSync(path, 'utf8');
	const alerts = createAlerts({
		metadata,
		dialer,
		secrets: {
			reveal: () => {
				throw new Error('no secrets here');
			},
		},
		config,
		publicUrl: options.publicUrl,
		linkKey: LINK_KEY,
		readFile,
		now,
		nowMs: () => nowMicros / 1000,
		random: () => 0.5,
		pictures: { renderPng: () => Promise.reject(new Error('no pictures here')) },
		timeZone: 'UTC',
		log,
		...(options.registry && { registry: options.registry }),
	});
	const ports: ChannelPorts = {
		dialer,
		now,
		secretOf: (text) => createSecret(text, readFile),
		host: 'scope.example',
	};
	const routes = new Map(compileRoutes(config).map((route) => [route.name, route]));
	let channels: ReadonlyMap<string, BoundChannel> = await bindChannels(config, new Map(), ports);
	let dispatcher = open();
	let seq = 0;
	const revisions = new Map<string, number>();

	function open(): Dispatcher {
		return createDispatcher({
			metadata,
			routes: () => routes,
			channels: () => channels,
			outgoing: (message, threads) => ({
				...message,
				threads,
				links: message.content.items.map(({ violation }) => ({
					dashboard: `https://scope.example/violations/${violation.id}`,
					acknowledge: `https://scope.example/alert/token-of-${violation.id}`,
					chartPng: `https://scope.example/chart/token-of-${violation.id}`,
				})),
				noLinks: null,
				...(message.content.count === 1 && options.chart && { chart: options.chart }),
			}),
			now,
			random: () => 0.5,
			log,
			onDone: () => undefined,
			signal: new AbortController().signal,
		});
	}

	const desk: Desk = {
		metadata,
		alerts,
		logged,
		get nowMicros() {
			return nowMicros;
		},
		set nowMicros(value) {
			nowMicros = value;
		},
		async happens(change, ids, more = {}) {
			const bits = bitsOf([change].flat());
			const deciding = { decide: alerts.decide, changesOf: () => bits };
			const verdicts = [ids].flat().map((id) => {
				const revision = (revisions.get(id) ?? 0) + 1;
				revisions.set(id, revision);
				const times = { firstMicros: nowMicros, lastMicros: nowMicros };
				return { type: 'violation.updated' as const, episode: episode(id, { revision, ...times, ...more }) };
			});
			await metadata.violations.apply(++seq, verdicts, deciding);
		},
		async turn() {
			for (let left = 20; left > 0; left--) {
				const next = await dispatcher.turn();
				await dispatcher.settled();
				const more = await metadata.alerts.waiting({ upToMicros: nowMicros, limit: 1, notOf: [] });
				if ((next === undefined || next > nowMicros) && more.length === 0) return;
				if (more.length > 0 && next !== undefined && next > nowMicros) return;
			}
		},
		async pass(micros) {
			const end = nowMicros + micros;
			for (let left = 500; left > 0; left--) {
				const next = await dispatcher.turn();
				await dispatcher.settled();
				const later = await dispatcher.turn();
				await dispatcher.settled();
				const at = Math.min(next ?? end, later ?? end, end);
				if (at >= end) break;
				nowMicros = Math.max(at, nowMicros + 1);
			}
			nowMicros = end;
			await desk.turn();
		},
		async restart() {
			channels = await bindChannels(config, new Map(), ports);
			dispatcher = open();
			await dispatcher.start();
		},
		messages: async () => (await metadata.alerts.list({ limit: 1000 })).items.toReversed(),
		async close() {
			for (const { channel } of channels.values()) await channel.close();
			await dialer.close();
			await metadata.close();
			await rm(folder, { recursive: true });
		},
	};
	return desk;
}

export function episode(id: string, more: Partial<Violation> = {}): Episode {
	return {
		id,
		streamId: 1,
		chart: 'i',
		rule: 1,
		side: 'above',
		firstMicros: START,
		lastMicros: START,
		endedMicros: null,
		active: true,
		severity: 'warning',
		points: 1,
		value: 4.25,
		centre: 0,
		sigma: 1,
		limitsId: 'l1',
		spanFromMicros: START,
		revision: 1,
		context: {
			before: [{ tMicros: START - 1_000_000, v: 0.5 }],
			at: [{ tMicros: START, v: 4.25 }],
			after: [],
			complete: false,
		},
		historical: false,
		...more,
	};
}
