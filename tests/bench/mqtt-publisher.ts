import { connect, type Socket } from 'node:net';
import { encodeTestPayload, TYPE } from '#collectors/mqtt/testing/sparkplug.ts';
import { createNormal } from '#rules/testing/random.ts';
import { metricsOf, type Published, type PublishJob } from './mqtt-job.ts';

const EVERY_MS = 10;
const CONNECT = 0x10;
const PUBLISH = 0x30;
const PUBACK = 0x40;
/** Of QoS 1: so many without an answer. */
const WINDOW = 2000;

function packet(type: number, body: Buffer): Buffer {
	const length: number[] = [];
	for (let rest = body.length; length.length === 0 || rest > 0; rest >>= 7)
		length.push((rest & 127) | (rest > 127 ? 128 : 0));
	return Buffer.concat([Buffer.from([type, ...length]), body]);
}

function text(value: string): Buffer {
	const bytes = Buffer.from(value);
	return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

/** MQTT 3.1.1, clean session, no keep-alive. */
const connectPacket = packet(CONNECT, Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 0]), text('publisher')]));

/** Metrics by alias, as edge nodes send them once they are born. */
function dataOf(node: number, { seq, tMs, v }: { seq: number; tMs: number; v: number }): Buffer {
	const metrics = Array.from({ length: metricsOf({ payload: 'sparkplug' }) }, (_, alias) => ({
		alias,
		tMs,
		double: v,
	}));
	const body = encodeTestPayload({ tMs, seq, metrics });
	return packet(PUBLISH, Buffer.concat([text(`spBv1.0/bench/NDATA/edge-${node}`), body]));
}

/** @param tMs before all data: what is not newer would be late */
function birthOf(node: number, tMs: number): Buffer {
	const named = Array.from({ length: metricsOf({ payload: 'sparkplug' }) }, (_, alias) => ({
		...{ name: `sensor-${alias}`, alias, tMs, datatype: TYPE.double, double: 20 },
	}));
	const metrics = [{ name: 'bdSeq', tMs, datatype: TYPE.int64, long: 0n }, ...named];
	const body = encodeTestPayload({ tMs, seq: 0, metrics });
	return packet(PUBLISH, Buffer.concat([text(`spBv1.0/bench/NBIRTH/edge-${node}`), body]));
}

/** Packets in chunks of what is due every ten milliseconds. */
function build(
	{ topics, messages, messagesPerSecond, qos, payload, values }: PublishJob,
	startMicros: number,
): Buffer[] {
	const normal = createNormal(7);
	const sparkplug = (n: number, micros: number) => {
		const round = Math.floor(n / topics);
		const v = 20 + (round % 2 ? 1 : -1) * (0.5 + (n % 97) / 97);
		return dataOf(n % topics, { seq: (round + 1) % 256, tMs: Math.round(micros / 1000), v });
	};
	const perChunk = Math.round((messagesPerSecond * EVERY_MS) / 1000);
	const one = (n: number) => {
		if (payload === 'sparkplug') return sparkplug(n, startMicros + (n / messagesPerSecond) * 1e6);
		const round = Math.floor(n / topics);
		const deviation = values === 'noise' ? normal() : (round % 2 ? 1 : -1) * (0.5 + (n % 97) / 97);
		const v = Math.round((20 + deviation) * 1e4) / 1e4;
		// As if measured when it is sent, within what the hub takes as now.
		const t = startMicros + Math.round((n / messagesPerSecond) * 1e6);
		const body = payload === 'number' ? String(v) : JSON.stringify({ value: v, ts: t, unit: 'bar', ok: true });
		const id = (n % 65_535) + 1;
		const topic = text(`bench/line-${n % topics}/pressure`);
		const head = qos === 0 ? topic : Buffer.concat([topic, Buffer.from([id >> 8, id & 255])]);
		return packet(PUBLISH | (qos << 1), Buffer.concat([head, Buffer.from(body)]));
	};
	return Array.from({ length: Math.ceil(messages / perChunk) }, (_, chunk) =>
		Buffer.concat(
			Array.from({ length: Math.min(perChunk, messages - chunk * perChunk) }, (__, i) => one(chunk * perChunk + i)),
		),
	);
}

/** Counts the answers of QoS 1: packets of four bytes, after the CONNACK, also of four. */
function countAnswers(socket: Socket): { acknowledged(): number } {
	let bytes = 0;
	socket.on('data', (data) => {
		bytes += data.length;
		if (bytes === data.length && data[0] === PUBACK) throw new Error('PUBACK before CONNACK');
	});
	return { acknowledged: () => Math.floor(bytes / 4) - 1 };
}

/**
 * The publisher of ./mqtt-ingest.ts, a process of its own on a bare socket: builds all packets, says `ready`, and on
 * `go` sends them at its pace. A client library would take more of the machine than what is measured.
 */
async function run(job: PublishJob): Promise<void> {
	const startMs = Date.now();
	const chunks = build(job, startMs * 1000);
	const perChunk = Math.round((job.messagesPerSecond * EVERY_MS) / 1000);
	const socket = connect(job.port, '127.0.0.1');
	socket.setNoDelay(true);
	const answers = countAnswers(socket);
	socket.write(connectPacket);
	const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
	while (answers.acknowledged() < 0) await wait(1);
	if (job.payload === 'sparkplug')
		socket.write(Buffer.concat(Array.from({ length: job.topics }, (_, n) => birthOf(n, startMs - 1))));
	process.send?.('ready');
	await new Promise((resolve) => process.once('message', resolve));
	const cpu = process.cpuUsage();
	const start = performance.now();
	for (const [i, chunk] of chunks.entries()) {
		const waitMs = start + i * EVERY_MS - performance.now();
		if (waitMs > 0) await wait(waitMs);
		while (job.qos === 1 && i * perChunk - answers.acknowledged() > WINDOW) await wait(1);
		if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve));
	}
	while (job.qos === 1 && answers.acknowledged() < job.messages) await wait(1);
	const ms = performance.now() - start;
	const { user, system } = process.cpuUsage(cpu);
	const published: Published = { messages: job.messages, ms, cpuMs: (user + system) / 1000 };
	socket.end(Buffer.from([0xe0, 0]), () => process.send?.(published, () => process.exit()));
}

process.once('message', (job) => void run(job as PublishJob));
