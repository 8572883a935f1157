import { connect } from 'node:net';
import { FRAME_HEADER_BYTES, FRAME_KIND } from '#contracts/live.ts';

/** The many readers of clients.ts, in a process of their own: sockets and the few bytes of a frame that are counted. */
export interface Readers {
	readonly port: number;
	readonly key: string;
	readonly clients: number;
	readonly streams: readonly string[];
	readonly rateHz: number;
	readonly format: 'binary' | 'json';
}

/** What all readers together got since the last time they were asked. */
export interface Received {
	readonly frames: number;
	readonly bytes: number;
	/** Of the reader that got fewest and of the one that got most. */
	readonly pointsOfOne: readonly [number, number];
	readonly latenciesMs: readonly number[];
	readonly cpuMs: number;
}

interface Reader {
	points: number;
	frames: number;
	bytes: number;
}

const OPENED_AT_ONCE = 50;
/** Of a WebSocket frame by a server: two bytes, and more for longer ones. */
const SHORTEST_HEAD = 2;
const BINARY = 2;

function openReader(options: Readers, reader: Reader, latenciesMs: number[]): Promise<void> {
	const socket = connect(options.port, '127.0.0.1');
	const { streams, rateHz, format, key, port } = options;
	socket.write(
		`GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
			`Authorization: Bearer ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n`,
	);
	return new Promise((resolve, reject) => {
		socket.once('error', reject);
		socket.once('data', (answer) => {
			if (!answer.toString('latin1').startsWith('HTTP/1.1 101 ')) return reject(new Error(answer.toString()));
			socket.write(clientFrame(JSON.stringify({ hello: { streams, rateHz, format, window: 10 } })));
			const end = answer.indexOf('\r\n\r\n') + 4;
			const take = createCounter(reader, latenciesMs);
			take(answer.subarray(end));
			socket.on('data', take);
			socket.on('data', function isThere() {
				if (reader.frames === 0) return;
				socket.off('data', isThere);
				resolve();
			});
		});
	});
}

/** A masked text frame; the mask is zero. */
function clientFrame(text: string): Buffer {
	const payload = Buffer.from(text);
	const head = Buffer.alloc(payload.length > 125 ? 8 : 6);
	head[0] = 0x81;
	head[1] = 0x80 | (payload.length > 125 ? 126 : payload.length);
	if (payload.length > 125) head.writeUInt16BE(payload.length, 2);
	return Buffer.concat([head, payload]);
}

/** Walks over the frames of one socket. A frame nearly always comes in one piece; what does not is put together. */
function createCounter(reader: Reader, latenciesMs: number[]): (chunk: Buffer) => void {
	let rest: Buffer | undefined;
	return (chunk) => {
		reader.bytes += chunk.length;
		const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
		let at = 0;
		for (;;) {
			const frame = frameAt(bytes, at);
			if (frame === undefined) break;
			if (frame.opcode === BINARY) count(bytes, frame.payload, reader, latenciesMs);
			at = frame.end;
		}
		rest = at === bytes.length ? undefined : bytes.subarray(at);
	};
}

function frameAt(bytes: Buffer, at: number): { opcode: number; payload: number; end: number } | undefined {
	if (bytes.length < at + SHORTEST_HEAD) return undefined;
	const short = bytes[at + 1]!;
	const payload = at + (short === 127 ? 10 : short === 126 ? 4 : 2);
	if (bytes.length < payload) return undefined;
	const length = short === 127 ? bytes.readUIntBE(at + 4, 6) : short === 126 ? bytes.readUInt16BE(at + 2) : short;
	const end = payload + length;
	return bytes.length < end ? undefined : { opcode: bytes[at]! & 15, payload, end };
}

function count(bytes: Buffer, at: number, reader: Reader, latenciesMs: number[]): void {
	if (bytes[at + 1] !== FRAME_KIND.points) return;
	const points = bytes.readUInt16LE(at + 2);
	reader.frames++;
	reader.points += points;
	if (points === 0) return;
	const tMicros = bytes.readDoubleLE(at + FRAME_HEADER_BYTES + 8);
	latenciesMs.push(performance.timeOrigin + performance.now() - tMicros / 1000);
}

async function main(options: Readers): Promise<void> {
	const readers: Reader[] = Array.from({ length: options.clients }, () => ({ points: 0, frames: 0, bytes: 0 }));
	const latenciesMs: number[] = [];
	for (let first = 0; first < readers.length; first += OPENED_AT_ONCE)
		await Promise.all(
			readers.slice(first, first + OPENED_AT_ONCE).map((reader) => openReader(options, reader, latenciesMs)),
		);
	let cpu = process.cpuUsage();
	process.on('message', () => {
		const used = process.cpuUsage(cpu);
		cpu = process.cpuUsage();
		process.send?.({ ...totals(readers), latenciesMs, cpuMs: (used.user + used.system) / 1000 } satisfies Received);
		for (const reader of readers) Object.assign(reader, { points: 0, frames: 0, bytes: 0 });
		latenciesMs.length = 0;
	});
	process.send?.('ready');
}

function totals(readers: readonly Reader[]): Pick<Received, 'frames' | 'bytes' | 'pointsOfOne'> {
	const points = readers.map((reader) => reader.points);
	return {
		frames: readers.reduce((sum, { frames }) => sum + frames, 0),
		bytes: readers.reduce((sum, { bytes }) => sum + bytes, 0),
		pointsOfOne: [Math.min(...points), Math.max(...points)],
	};
}

process.once('message', (options: Readers) => void main(options));
process.once('disconnect', () => process.exit());
