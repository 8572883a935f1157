import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import {
	BATCH_HEADER_BYTES,
	BATCH_HISTORICAL,
	fromCollector,
	type DeclaredStream,
	type ToCollector,
} from '#contracts/collect.ts';
import { viewOf } from '#contracts/rows.ts';
import { decodeRows } from '../spool-part.ts';

export interface TakenPoint {
	readonly key: string;
	readonly tMicros: number;
	readonly v: number;
	readonly quality: number;
	readonly historical: boolean;
}
export interface TakenGap {
	readonly key: string;
	readonly from: number;
	readonly to: number;
	readonly reason: string;
}

/** How the hub behaves; a test changes it while it runs. */
export interface Manners {
	maxBytes: number;
	/** Says nothing about a message that it has taken. */
	dropAck: () => boolean;
	/** Says the same twice. */
	doubleAck: () => boolean;
	/** Cuts the connection after taking a message. */
	cut: () => boolean;
	/** Answers `retry` instead of taking. */
	retry: (seq: number) => boolean;
	/** Answers `refused`. */
	refuse: (seq: number) => boolean;
	/** Refuses the key. */
	unauthorized: boolean;
}

const GOOD: Manners = {
	maxBytes: 256 * 1024,
	dropAck: () => false,
	doubleAck: () => false,
	cut: () => false,
	retry: () => false,
	refuse: () => false,
	unauthorized: false,
};

export interface TestHub {
	readonly url: string;
	readonly manners: Manners;
	readonly points: TakenPoint[];
	readonly gaps: TakenGap[];
	readonly hellos: { readonly collector: string; readonly epoch: string; readonly authorization: string }[];
	/** Sizes of the binary messages that came. */
	readonly frameBytes: number[];
	/** What no well-behaved collector does. */
	readonly offences: string[];
	/** Forgets what it has, as with a new data folder. */
	forget(): void;
	/** Claims to have everything up to this number, of all that ever connected. */
	pretend(seq: number): void;
	cutAll(): void;
	close(): Promise<void>;
}

/** The hub's side of the collect protocol, with a memory and with manners that can be bad. Port 0 unless one is given. */
export async function createTestHub(port = 0): Promise<TestHub> {
	const highest = new Map<string, number>();
	const server = createServer();
	const sockets = new WebSocketServer({ noServer: true });
	const hub = {
		url: '',
		manners: { ...GOOD },
		points: [] as TakenPoint[],
		gaps: [] as TakenGap[],
		hellos: [] as TestHub['hellos'],
		frameBytes: [] as number[],
		offences: [] as string[],
		forget: () => highest.clear(),
		pretend: (seq: number) => [...highest.keys()].forEach((source) => highest.set(source, seq)),
		cutAll: () => sockets.clients.forEach((socket) => socket.terminate()),
		close: async () => {
			hub.cutAll();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	server.on('upgrade', (request, socket, head) => {
		// A client that was killed in the middle.
		socket.on('error', () => {});
		if (hub.manners.unauthorized) return socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
		sockets.handleUpgrade(request, socket, head, (client) =>
			serve(client, hub, highest, request.headers.authorization ?? ''),
		);
	});
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return hub;
}

function serve(socket: WebSocket, hub: TestHub, highest: Map<string, number>, authorization: string): void {
	const streams: DeclaredStream[] = [];
	let source = '';
	/** After a retry everything is dropped until the collector has gone back to this number. */
	let awaited: number | undefined;
	const say = (message: ToCollector) => socket.send(JSON.stringify(message));
	const keyOf = (index: number) => {
		const stream = streams[index];
		if (!stream) hub.offences.push(`stream ${index} was never declared`);
		return stream?.key ?? '?';
	};

	function numbered(seq: number, take: () => void): void {
		const last = highest.get(source) ?? 0;
		if (awaited !== undefined && seq !== awaited) return;
		awaited = undefined;
		if (hub.manners.retry(seq)) {
			awaited = seq;
			return say({ retry: seq, afterMs: 5 });
		}
		if (seq > last + 1) hub.offences.push(`${seq} came after ${last}`);
		if (hub.manners.refuse(seq)) {
			highest.set(source, Math.max(last, seq));
			return say({ refused: seq, error: 'bad manners' });
		}
		if (seq > last) {
			take();
			highest.set(source, seq);
		}
		if (!hub.manners.dropAck()) say({ ack: highest.get(source) ?? 0 });
		if (hub.manners.doubleAck()) say({ ack: seq });
		if (hub.manners.cut()) socket.terminate();
	}

	function text(data: string): void {
		const message = fromCollector.parse(JSON.parse(data));
		if ('declare' in message) return void streams.push(...message.declare);
		if ('gap' in message)
			// Ours are all numbered; one that is not counts as the newest and is seen as a fault by the tests.
			return numbered(message.seq ?? Infinity, () => hub.gaps.push({ ...message.gap, key: keyOf(message.gap.stream) }));
		const { collector, epoch } = message.hello;
		source = `${collector} ${epoch}`;
		hub.hellos.push({ collector, epoch, authorization });
		streams.push(...message.hello.streams);
		const resumeAfter = highest.get(source) ?? 0;
		say({ welcome: { streams: streams.map((_, i) => i), resumeAfter, maxBytes: hub.manners.maxBytes } });
	}

	function batch(data: Buffer): void {
		const view = viewOf(data);
		hub.frameBytes.push(data.length);
		const historical = (view.getUint8(0) & BATCH_HISTORICAL) !== 0;
		const rows = decodeRows(data.subarray(BATCH_HEADER_BYTES));
		if (rows.length !== view.getUint32(9, true) || rows.length === 0) hub.offences.push('a batch with a wrong count');
		numbered(Number(view.getBigUint64(1, true)), () =>
			hub.points.push(...rows.map(({ stream, ...row }) => ({ ...row, key: keyOf(stream), historical }))),
		);
	}

	socket.on('message', (data, isBinary) => {
		try {
			if (isBinary) batch(data as Buffer);
			else text((data as Buffer).toString());
		} catch (error) {
			hub.offences.push(String(error));
		}
	});
}
