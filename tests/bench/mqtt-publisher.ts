import { connect, type Socket } from 'node:net';
import { createNormal } from '#rules/testing/random.ts';

/**
 * The publisher of ./mqtt-ingest.ts, a process of its own on a bare socket: builds all packets, says `ready`, and on
 * `go` sends them at its pace. A client library would take more of the machine than what is measured.
 */
export interface PublishJob {
	readonly port: number;
	readonly topics: number;
	readonly messages: number;
	readonly messagesPerSecond: number;
	readonly qos: 0 | 1;
	readonly payload: 'number' | 'json';
	/** `noise`: rules 1 2 5 6 fire at about one point of a hundred; `quiet`: none does. */
	readonly values: 'noise' | 'quiet';
}

export interface Published {
	readonly messages: number;
	readonly ms: number;
	readonly cpuMs: number;
}

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

/** Packets in chunks of what is due every ten milliseconds. */
function build({ topics, messages, messagesPerSecond, qos, payload, values }: PublishJob): Buffer[] {
	const normal = createNormal(7);
	const perChunk = Math.round((messagesPerSecond * EVERY_MS) / 1000);
	const startMicros = Date.now() * 1000;
	const one = (n: number) => {
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

async function run(job: PublishJob): Promise<void> {
	const chunks = build(job);
	const perChunk = Math.round((job.messagesPerSecond * EVERY_MS) / 1000);
	const socket = connect(job.port, '127.0.0.1');
	socket.setNoDelay(true);
	const answers = countAnswers(socket);
	socket.write(connectPacket);
	const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
	while (answers.acknowledged() < 0) await wait(1);
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
