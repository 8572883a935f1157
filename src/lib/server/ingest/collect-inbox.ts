import type { RawData, WebSocket } from 'ws';

export interface InboxMessage {
	readonly bytes: Uint8Array;
	readonly isBinary: boolean;
}

/** What has arrived on one connection and is not in the journal yet. Over its bound the socket is not read any more. */
export interface Inbox {
	push(data: RawData, isBinary: boolean): void;
	/** The oldest; undefined when there is none. Its bytes count as held until `settle`. */
	take(): InboxMessage | undefined;
	isEmpty(): boolean;
	/** Everything taken is done with. */
	settle(): void;
	/** Drops what waits and takes no more. */
	stop(): void;
}

const PAUSE_BYTES = 4 * 1024 * 1024;
const RESUME_BYTES = 1024 * 1024;

export function createInbox(socket: Pick<WebSocket, 'pause' | 'resume'>, bytesHeld: { inc(by: number): void }): Inbox {
	let messages: InboxMessage[] = [];
	let next = 0;
	let heldBytes = 0;
	let takenBytes = 0;
	let isPaused = false;
	let isStopped = false;

	return {
		push(data, isBinary) {
			if (isStopped) return;
			const bytes = bytesOf(data);
			messages.push({ bytes, isBinary });
			heldBytes += bytes.length;
			bytesHeld.inc(bytes.length);
			if (heldBytes > PAUSE_BYTES && !isPaused) {
				isPaused = true;
				socket.pause();
			}
		},
		take() {
			const message = messages[next];
			if (message === undefined) return undefined;
			takenBytes += message.bytes.length;
			if (++next === messages.length) {
				messages = [];
				next = 0;
			}
			return message;
		},
		isEmpty: () => messages.length === 0,
		settle() {
			heldBytes -= takenBytes;
			bytesHeld.inc(-takenBytes);
			takenBytes = 0;
			if (isPaused && heldBytes < RESUME_BYTES) {
				isPaused = false;
				socket.resume();
			}
		},
		stop() {
			isStopped = true;
			bytesHeld.inc(-heldBytes);
			heldBytes = 0;
			takenBytes = 0;
			messages = [];
			next = 0;
			// A paused socket would never see the other side's close.
			if (isPaused) socket.resume();
		},
	};
}

function bytesOf(data: RawData): Uint8Array {
	if (Array.isArray(data)) return Buffer.concat(data);
	return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
