import type { WebSocket } from 'ws';

/** More than this waiting in a socket's buffer and its reader gets nothing new. */
export const FULL_BYTES = 256 * 1024;
/** A reader that for so many pings in a row neither answered nor took a byte is gone, whatever its socket says. */
const MISSED_PINGS = 2;

/** One reader's socket with bounds: nothing waits in it without end. */
export interface Link {
	isFull(): boolean;
	/** Sends whatever the buffer holds; the caller has looked at `isFull` where it matters. */
	send(data: string | Uint8Array): void;
	/** Resolves once there is room again, or the socket is gone. */
	room(): Promise<void>;
	isGone(): boolean;
	close(code: number, reason: string): void;
}

export interface LinkOptions {
	readonly socket: WebSocket;
	readonly pingMs: number;
	onSent(bytes: number): void;
	/** The reader was cut off because it no longer reads. */
	onStuck(): void;
	onGone(): void;
}

export function createLink({ socket, pingMs, onSent, onStuck, onGone }: LinkOptions): Link {
	const waiting = new Set<() => void>();
	let alive = true;
	let missed = 0;
	let gone = false;

	const isFull = () => socket.bufferedAmount > FULL_BYTES;
	const wake = () => {
		for (const resume of waiting) resume();
		waiting.clear();
	};
	const taken = () => {
		alive = true;
		if (!isFull()) wake();
	};
	const ping = setInterval(() => {
		missed = alive ? 0 : missed + 1;
		alive = false;
		if (missed < MISSED_PINGS) return socket.ping();
		onStuck();
		socket.terminate();
	}, pingMs);

	socket.on('pong', () => (alive = true));
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
		isGone: () => gone || socket.readyState !== socket.OPEN,
		send(data) {
			if (socket.readyState !== socket.OPEN) return;
			onSent(data.length);
			socket.send(data, taken);
		},
		room: () => (isFull() && !gone ? new Promise((resolve) => waiting.add(resolve)) : Promise.resolve()),
		close: (code, reason) => socket.close(code, reason),
	};
}
