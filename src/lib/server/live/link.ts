import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Packet } from './packet.ts';

/** More than this waiting in a socket's buffer and its reader gets nothing new. */
export const FULL_BYTES = 256 * 1024;
/** A reader that for so many pings in a row neither answered nor took a byte is gone, whatever its socket says. */
const MISSED_PINGS = 2;

/** One reader's socket with bounds: nothing waits in it without end. */
export interface Link {
	isFull(): boolean;
	/** Sends whatever the buffer holds; the caller has looked at `isFull` where it matters. */
	send(packet: Packet): void;
	/** Resolves once there is room again, or the socket is gone. */
	room(): Promise<void>;
	isGone(): boolean;
	close(code: number, reason: string): void;
}

export interface LinkOptions {
	readonly socket: WebSocket;
	/** What carries it: packets are written to it as they are, in turn with what `socket` itself says. */
	readonly wire: Duplex;
	readonly pingMs: number;
	onSent(packet: Packet): void;
	/** The reader was cut off because it no longer reads. */
	onStuck(): void;
	onGone(): void;
}

export function createLink({ socket, wire, pingMs, onSent, onStuck, onGone }: LinkOptions): Link {
	const waiting = new Set<() => void>();
	let alive = true;
	let missed = 0;
	let gone = false;
	let sentBytes = 0;
	let takenBytes = 0;

	const isOpen = () => !gone && socket.readyState === socket.OPEN;
	const isFull = () => wire.writableLength > FULL_BYTES;
	const wake = () => {
		for (const resume of waiting) resume();
		waiting.clear();
	};
	const ping = setInterval(() => {
		const taken = sentBytes - wire.writableLength;
		missed = alive || taken > takenBytes ? 0 : missed + 1;
		takenBytes = taken;
		alive = false;
		if (missed < MISSED_PINGS) return socket.ping();
		onStuck();
		socket.terminate();
	}, pingMs);

	socket.on('pong', () => (alive = true));
	// A callback for each of ten thousand writes a second costs more than the writes; this comes once it is empty.
	wire.on('drain', wake);
	// What a socket suffers ends in its close; there is nobody left to tell.
	socket.on('error', () => undefined);
	socket.on('close', () => {
		gone = true;
		clearInterval(ping);
		wake();
		onGone();
	});

	return {
		isFull,
		isGone: () => !isOpen(),
		send(packet) {
			if (!isOpen()) return;
			onSent(packet);
			sentBytes += packet.bytes.length;
			wire.write(packet.bytes);
		},
		room: () => (isFull() && !gone ? new Promise((resolve) => waiting.add(resolve)) : Promise.resolve()),
		close: (code, reason) => socket.close(code, reason),
	};
}
