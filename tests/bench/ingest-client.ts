import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { encodeBatch } from '#contracts/collect.ts';
import { ROW_BYTES, viewOf, writeRow } from '#contracts/rows.ts';
import { createNormal } from '#rules/testing/random.ts';

/**
 * The sender of ./ingest.ts, a process of its own: builds all bodies, says `ready`, and on `go` sends them as fast as
 * they are acknowledged, so many at a time.
 */
export type Surface = 'lines' | 'lines-gzip' | 'ndjson' | 'json' | 'collect';

export interface Job {
	readonly url: string;
	readonly key: string;
	readonly surface: Surface;
	/** First part of the streams' names. */
	readonly name: string;
	readonly streams: number;
	readonly rowsPerBatch: number;
	readonly connections: number;
	/** Batches under way on one connection; more than one only where the protocol has numbers. */
	readonly window: number;
	readonly points: number;
	/** `noise`: in control, so that rules 1 2 5 6 fire at about one point of a hundred; `quiet`: no rule ever fires. */
	readonly values: 'noise' | 'quiet';
	/** Sends batches at this pace instead of as fast as it can. */
	readonly pointsPerSecond?: number;
}

export interface Sent {
	readonly points: number;
	readonly bytes: number;
	readonly ms: number;
	readonly latenciesMs: readonly number[];
	readonly refused: number;
	readonly cpuMs: number;
}

const STEP_MICROS = 1000;

/** Point n of all: its stream, t and v. Streams take turns, so that each batch has many of them. */
function createPoints({ streams, points, values }: Job) {
	const normal = createNormal(7);
	const first = Math.floor(Date.now() / 1000) * 1e6 - Math.ceil(points / streams) * STEP_MICROS;
	return {
		stream: (n: number) => n % streams,
		tMicros: (n: number) => first + Math.floor(n / streams) * STEP_MICROS,
		v(n: number) {
			const deviation = values === 'noise' ? normal() : (Math.floor(n / streams) % 2 ? 1 : -1) * (0.5 + (n % 97) / 97);
			return Math.round((20 + deviation) * 1e4) / 1e4;
		},
	};
}

type Points = ReturnType<typeof createPoints>;

const TEXTS: Readonly<Record<Exclude<Surface, 'collect'>, (job: Job, points: Points, from: number) => Buffer>> = {
	lines: (job, points, from) =>
		textOf(job, from, '\n', (n) => {
			const line = points.stream(n);
			return `${job.name},host=edge-${line % 7},line=line-${line} temperature=${points.v(n)} ${points.tMicros(n)}000`;
		}),
	'lines-gzip': (job, points, from) => gzipSync(TEXTS.lines(job, points, from), { level: 1 }),
	ndjson: (job, points, from) => textOf(job, from, '\n', (n) => jsonOf(job, points, n)),
	json: (job, points, from) => Buffer.from(`[${textOf(job, from, ',', (n) => jsonOf(job, points, n)).toString()}]`),
};

function textOf(job: Job, from: number, between: string, line: (n: number) => string): Buffer {
	return Buffer.from(Array.from({ length: job.rowsPerBatch }, (_, i) => line(from + i)).join(between));
}

function jsonOf({ name }: Job, points: Points, n: number): string {
	return `{"stream":"${name}/line-${points.stream(n)}","t":${points.tMicros(n)},"v":${points.v(n)}}`;
}

/** Each connection has streams of its own: a collector numbers its batches in order. */
function buildBatch(job: Job, points: Points, from: number, seq: number): Buffer {
	const rows = new Uint8Array(job.rowsPerBatch * ROW_BYTES);
	const view = viewOf(rows);
	for (let i = 0; i < job.rowsPerBatch; i++) {
		const n = from + i;
		writeRow(view, i * ROW_BYTES, {
			stream: points.stream(n),
			tMicros: points.tMicros(n),
			v: points.v(n),
			quality: 192,
		});
	}
	return Buffer.from(encodeBatch({ seq, rows, count: job.rowsPerBatch, historical: false }));
}

interface Connection {
	/** Resolves once all its batches are acknowledged. */
	send(batches: readonly Buffer[], pace: (i: number) => Promise<void>): Promise<void>;
	readonly latenciesMs: number[];
	refused: number;
}

function createHttpConnection(job: Job): Connection {
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	const lines = job.surface.startsWith('lines');
	const headers = {
		authorization: `Bearer ${job.key}`,
		'content-type': lines ? 'text/plain' : job.surface === 'json' ? 'application/json' : 'application/x-ndjson',
		...(job.surface === 'lines-gzip' ? { 'content-encoding': 'gzip' } : {}),
	};
	const url = new URL(lines ? '/api/v2/write' : '/api/v1/points', job.url);
	const post = (body: Buffer) =>
		new Promise<number>((resolve, reject) => {
			const sent = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } });
			sent.on('error', reject);
			sent.on('response', (response) => {
				response.resume();
				response.on('end', () => resolve(response.statusCode ?? 0));
			});
			sent.end(body);
		});
	const connection: Connection = {
		latenciesMs: [],
		refused: 0,
		async send(batches, pace) {
			for (const [i, body] of batches.entries()) {
				await pace(i);
				const since = performance.now();
				const status = await post(body);
				connection.latenciesMs.push(performance.now() - since);
				if (status !== (lines ? 204 : 202)) connection.refused += job.rowsPerBatch;
			}
			agent.destroy();
		},
	};
	return connection;
}

function createCollectConnection(job: Job, index: number): Connection {
	const streams = Array.from({ length: job.streams }, (_, i) => ({ key: `${job.name}/${index}/line-${i}` }));
	const connection: Connection = {
		latenciesMs: [],
		refused: 0,
		async send(batches, pace) {
			const socket = new WebSocket(`${job.url.replace('http', 'ws')}/api/v1/collect`, {
				headers: { authorization: `Bearer ${job.key}` },
				perMessageDeflate: false,
			});
			const sentAt: number[] = [];
			let acked = 0;
			let wake = () => {};
			let greet = () => {};
			const greeted = new Promise<void>((resolve) => (greet = resolve));
			socket.on('message', (data: Buffer) => {
				const message = JSON.parse(data.toString()) as { ack?: number; refused?: number; welcome?: object };
				if (message.welcome) greet();
				if (message.refused !== undefined) connection.refused += job.rowsPerBatch;
				if (message.ack === undefined) return;
				const now = performance.now();
				for (; acked < message.ack; acked++) connection.latenciesMs.push(now - sentAt[acked]!);
				wake();
			});
			await new Promise((resolve) => socket.once('open', resolve));
			socket.send(JSON.stringify({ hello: { collector: `bench-${index}`, epoch: `${process.pid}`, streams } }));
			await greeted;
			const until = async (done: () => boolean) => {
				while (!done()) await new Promise<void>((resolve) => (wake = resolve));
			};
			for (const [i, batch] of batches.entries()) {
				await pace(i);
				await until(() => i - acked < job.window);
				sentAt[i] = performance.now();
				socket.send(batch);
			}
			await until(() => acked === batches.length);
			socket.close();
		},
	};
	return connection;
}

function build(job: Job): Buffer[][] {
	const points = createPoints(job);
	const count = Math.floor(job.points / job.rowsPerBatch / job.connections);
	if (job.surface === 'collect') {
		const batches = Array.from({ length: count }, (_, i) => buildBatch(job, points, i * job.rowsPerBatch, i + 1));
		return Array.from({ length: job.connections }, () => batches);
	}
	const encode = TEXTS[job.surface];
	const all = Array.from({ length: count * job.connections }, (_, i) => encode(job, points, i * job.rowsPerBatch));
	// In turns: what is sent at about the same time is of about the same time.
	return Array.from({ length: job.connections }, (_, c) => all.filter((__, i) => i % job.connections === c));
}

async function run(job: Job): Promise<void> {
	const batches = build(job);
	const connections = batches.map((_, i) =>
		job.surface === 'collect' ? createCollectConnection(job, i) : createHttpConnection(job),
	);
	process.send?.('ready');
	await new Promise((resolve) => process.once('message', resolve));
	const cpu = process.cpuUsage();
	const start = performance.now();
	const everyMs = job.pointsPerSecond && (job.rowsPerBatch * job.connections * 1000) / job.pointsPerSecond;
	const pace = async (i: number) => {
		const waitMs = everyMs === undefined ? 0 : start + i * everyMs - performance.now();
		if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
	};
	await Promise.all(connections.map((connection, i) => connection.send(batches[i]!, pace)));
	const ms = performance.now() - start;
	const { user, system } = process.cpuUsage(cpu);
	const sent: Sent = {
		points: batches.flat().length * job.rowsPerBatch,
		bytes: batches.flat().reduce((sum, batch) => sum + batch.length, 0),
		ms,
		latenciesMs: connections.flatMap((connection) => connection.latenciesMs),
		refused: connections.reduce((sum, connection) => sum + connection.refused, 0),
		cpuMs: (user + system) / 1000,
	};
	process.send?.(sent, () => process.exit());
}

process.once('message', (job) => void run(job as Job));
