import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import type { ApiLogLine } from '#contracts/log-line.ts';
import { killIfThere, removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { startMosquitto, type Mosquitto } from '../support/mosquitto.ts';
import { until } from '../support/until.ts';

/**
 * The drill of the edge: a publisher counts into topics with QoS 1 while collector, hub and broker are killed in turn.
 * In the end each number has to be in the API exactly once and in order: of messages with a time of their own, of
 * plain numbers, which have none, and of lines of a log.
 */
export interface MqttDrillResult {
	readonly kills: readonly MqttTarget[];
	readonly published: number;
	/** Streams whose values are not 0, 1, 2, …: what is wrong with them. */
	readonly faults: readonly string[];
	readonly streams: number;
}

export type MqttTarget = 'collector' | 'hub' | 'broker';

const TOPICS = 6;
const PATIENCE_MS = 60_000;
/** Messages to each topic between two kills. */
const PER_ROUND = 400;
/** And while the collector is held: what a killed broker repeats of them is beyond a thousand or two. */
const PER_HOLD = 900;
/**
 * As in a plant: its state goes to disk every other second. With every message (`autosave_on_changes`) it would write all
 * that waits each time: a hundred messages a second, and less the more there are.
 */
const BROKER = ['autosave_interval 1'];

export async function runMqttDrill(options: {
	readonly kills: readonly MqttTarget[];
	readonly protocol: '5' | '3.1.1';
}): Promise<MqttDrillResult> {
	const broker = await startMosquitto({ settings: BROKER });
	const dataFolder = tempFolder('mqtt-drill');
	const env = configure(broker, dataFolder, options.protocol);
	let product = await startProduct({ dataFolder, env }).catch(async (error: unknown) => {
		await broker.remove();
		throw error;
	});
	const publisher = await connectAsync(broker.url, { protocolVersion: 5, reconnectPeriod: 100 });
	const count = counter(publisher);
	try {
		await until(async () => (await count.one(), (await streams(product)).length === TOPICS), PATIENCE_MS);
		for (const target of options.kills) {
			product = await round(target, {
				product,
				broker,
				count,
				restart: (port) => startProduct({ dataFolder, env, port }),
			});
		}
		await count.many(PER_ROUND);
		const faults = await compare(product, count.published());
		const all = [...faults, ...(await compareLog(product, count.published()))];
		return { kills: options.kills, published: count.published() * (TOPICS + 1), faults: all, streams: TOPICS };
	} finally {
		publisher.end(true);
		await product.stop();
		await broker.remove();
		removeFolder(dataFolder);
	}
}

function configure(broker: Mosquitto, dataFolder: string, protocol: string): Record<string, string> {
	const file = join(dataFolder, 'sigmascope.yaml');
	writeFileSync(
		file,
		`collectors:
  - name: broker
    type: mqtt
    url: ${broker.url}
    protocol: "${protocol}"
    maxInFlight: 200
    subscribe:
      - { topic: drill/number/+, format: number, stream: "drill/n{3}" }
      - { topic: drill/json/+, value: $.v, time: $.t, timeUnit: us, stream: "drill/j{3}" }
      - { topic: drill/log, format: log }
`,
	);
	return { SIGMASCOPE_CONFIG: file };
}

interface Counter {
	/** The next number to every topic; resolves when the broker has acknowledged them. */
	one(): Promise<void>;
	many(numbers: number): Promise<void>;
	published(): number;
}

function counter(publisher: MqttClient): Counter {
	let next = 0;
	let lastMicros = 0;
	async function one(): Promise<void> {
		const n = next++;
		lastMicros = Math.max(Date.now() * 1000, lastMicros + 1);
		const json = JSON.stringify({ v: n, t: lastMicros });
		const line = publisher.publishAsync('drill/log', n % 2 === 0 ? `n ${n}` : JSON.stringify({ text: `n ${n}` }), {
			qos: 1,
		});
		await Promise.all([
			line,
			...Array.from({ length: TOPICS }, (_, i) =>
				i % 2 === 0
					? publisher.publishAsync(`drill/number/${i}`, String(n), { qos: 1 })
					: publisher.publishAsync(`drill/json/${i}`, json, { qos: 1 }),
			),
		]);
	}
	return {
		one,
		async many(numbers) {
			for (let i = 0; i < numbers; i += 20) await Promise.all(Array.from({ length: 20 }, one));
		},
		published: () => next,
	};
}

interface Scene {
	readonly product: Product;
	readonly broker: Mosquitto;
	readonly count: Counter;
	readonly restart: (port: number) => Promise<Product>;
}

async function round(target: MqttTarget, scene: Scene): Promise<Product> {
	const { product, broker, count } = scene;
	const collector = await until(() => product.children('collectors/main.ts')[0], PATIENCE_MS);
	const before = await taken(product);
	switch (target) {
		case 'collector': {
			const counting = count.many(PER_ROUND);
			await until(async () => (await taken(product)) > before + TOPICS * 40, PATIENCE_MS);
			killIfThere(collector);
			await counting;
			return product;
		}
		case 'hub': {
			const counting = count.many(PER_ROUND);
			await until(async () => (await taken(product)) > before + TOPICS * 40, PATIENCE_MS);
			killIfThere(product.pid);
			await until(() => !isThere(collector), PATIENCE_MS);
			await counting;
			return scene.restart(Number(new URL(product.url).port));
		}
		case 'broker': {
			// A mosquitto that is killed loses what it acknowledged since it last wrote its state, so that is written and
			// nothing is published afterwards; but the collector is in the middle of what has gathered while it was held.
			process.kill(collector, 'SIGSTOP');
			await count.many(PER_HOLD);
			await save(broker);
			process.kill(collector, 'SIGCONT');
			await until(async () => (await taken(product)) > before, PATIENCE_MS);
			await broker.kill();
			await broker.start();
			return product;
		}
	}
}

/** Has mosquitto write what it has. */
async function save(broker: Mosquitto): Promise<void> {
	const written = () => statSync(join(broker.folder, 'mosquitto.db'), { throwIfNoEntry: false })?.mtimeMs;
	const before = written();
	process.kill(broker.pid(), 'SIGUSR1');
	await until(() => written() !== before, PATIENCE_MS);
}

function isThere(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

async function streams(product: Product): Promise<readonly ApiStream[]> {
	const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000');
	return items.filter(({ key }) => key.startsWith('drill/'));
}

/** How far the slowest stream is, times the number of streams. */
async function taken(product: Product): Promise<number> {
	const lasts = (await streams(product)).map(({ last }) => last?.v ?? 0);
	return Math.min(...lasts) * TOPICS;
}

async function compare(product: Product, published: number): Promise<string[]> {
	const faults: string[] = [];
	for (const { id, key } of await streams(product)) {
		const { v } = await caughtUp(product, id, published - 1);
		// The first ones were sent before there was a subscription.
		const [first = 0] = v;
		const wrong = v.findIndex((value, i) => value !== first + i);
		if (wrong >= 0 || v.length !== published - first)
			faults.push(
				`${key}: ${v.length} values from ${first} to ${v.at(-1)} of ${published - 1}; at ${wrong} stands ${v[wrong]} after ${v[wrong - 1]}`,
			);
	}
	return faults;
}

/** Every line once; lines of one message round have no order of their own. */
async function compareLog(product: Product, published: number): Promise<string[]> {
	const wanted = `n ${published - 1}`;
	const texts = await until(async () => {
		const found = await linesOf(product);
		return found.includes(wanted) && found;
	}, PATIENCE_MS);
	const numbers = texts.map((text) => Number(text.slice(2))).sort((a, b) => a - b);
	const [first = 0] = numbers;
	const wrong = numbers.findIndex((n, i) => n !== first + i);
	if (wrong < 0 && numbers.length === published - first) return [];
	return [`drill/log: ${numbers.length} lines from ${first} of ${published - 1}; at ${wrong} stands ${numbers[wrong]}`];
}

async function linesOf(product: Product): Promise<string[]> {
	const texts: string[] = [];
	for (let cursor: string | null = ''; cursor !== null;) {
		const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
		const page: ApiList<ApiLogLine> = await product.get(`/api/v1/logs?source=drill/log&limit=1000${after}`);
		texts.push(...page.items.map(({ text }) => text));
		cursor = page.cursor;
	}
	return texts;
}

/** What a stream has once its last number has come; what comes twice comes before it. As long as it grows it is waited for. */
async function caughtUp(product: Product, id: string, last: number): Promise<ApiPoints> {
	const read = () => product.get<ApiPoints>(`/api/v1/streams/${id}/points?from=0&to=${Date.now() * 1000 + 6e7}`);
	for (let points = await read(); ;) {
		if (points.v.at(-1) === last) return points;
		const { length } = points.v;
		const more = await until(async () => {
			const now = await read();
			return now.v.length > length && now;
		}, PATIENCE_MS).catch(() => undefined);
		if (!more) return points;
		points = more;
	}
}
