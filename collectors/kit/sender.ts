import { WebSocket } from 'ws';
import { messageOf } from '#contracts/error.ts';
import { createBackoff } from './backoff.ts';
import { runSession, type SessionOptions } from './session.ts';

export interface SenderOptions extends Omit<SessionOptions, 'onWelcome' | 'onFault'> {
	/** `http://host:port` of the hub. */
	readonly hubUrl: string;
	/** API key with scope `write`; goes into a header and nowhere else. */
	readonly key: string;
	/** 0 to 1. */
	readonly random: () => number;
	/** Why the hub cannot be reached, or what it refused, with the remedy. Repeats itself while the cause lasts. */
	readonly onFault: (message: string) => void;
	readonly onConnected: () => void;
}

export interface Sender {
	isConnected(): boolean;
	/** Resolves once the connection is gone. */
	stop(): Promise<void>;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;
const HANDSHAKE_MS = 10_000;
const CLOSE_MS = 200;
/** The hub's messages are short; whatever sends more is no hub. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

/** Keeps a connection to the hub and sends what the queue holds; comes back for ever. */
export function createSender(options: SenderOptions): Sender {
	const { clock } = options;
	const stopping = new AbortController();
	const url = `${options.hubUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}/api/v1/collect`;
	const backoff = createBackoff({ firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS, random: options.random });
	let isConnected = false;

	function onWelcome(): void {
		isConnected = true;
		backoff.reset();
		options.onConnected();
	}

	async function once(): Promise<string> {
		const socket = await connect(url, options.key, stopping.signal);
		const stop = () => {
			socket.close(1001, 'collector stops');
			// A dead peer never answers; a process that is told to end has about a second.
			setTimeout(() => socket.terminate(), CLOSE_MS).unref();
		};
		stopping.signal.addEventListener('abort', stop);
		const reason = await runSession(socket, { ...options, onWelcome });
		stopping.signal.removeEventListener('abort', stop);
		return reason;
	}

	async function forever(): Promise<void> {
		while (!stopping.signal.aborted) {
			const reason = await once().catch(messageOf);
			isConnected = false;
			if (stopping.signal.aborted) return;
			options.onFault(`cannot send to the hub at ${url}: ${reason}`);
			await clock.sleep(backoff.nextMs(), stopping.signal);
		}
	}

	const done = forever();
	return {
		isConnected: () => isConnected,
		async stop() {
			stopping.abort();
			await done;
		},
	};
}

/** Rejects with a text that says the remedy. */
function connect(url: string, key: string, signal: AbortSignal): Promise<WebSocket> {
	return new Promise((resolve, reject) => {
		const socket = new WebSocket(url, {
			headers: { authorization: `Bearer ${key}` },
			handshakeTimeout: HANDSHAKE_MS,
			perMessageDeflate: false,
			maxPayload: MAX_PAYLOAD_BYTES,
		});
		const abort = () => socket.terminate();
		signal.addEventListener('abort', abort);
		const settle = (act: () => void) => {
			signal.removeEventListener('abort', abort);
			socket.removeAllListeners();
			// Whatever the socket still has to say after this is said to nobody, but must not be uncaught.
			socket.on('error', () => {});
			act();
		};
		socket.on('open', () => settle(() => resolve(socket)));
		socket.on('error', (error) => settle(() => reject(new Error(remedy(error)))));
		socket.on('unexpected-response', (request, response) => {
			request.destroy();
			settle(() => reject(new Error(statusRemedy(response.statusCode ?? 0))));
		});
	});
}

function remedy(error: Error): string {
	const code = 'code' in error ? String(error.code) : '';
	if (code === 'ECONNREFUSED') return 'nothing listens there; is the hub running?';
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'this name is not known; check the hub URL';
	return messageOf(error) || code;
}

function statusRemedy(status: number): string {
	if (status === 401) return 'it does not know the key (401); make a new one with scope "write"';
	if (status === 403) return 'the key may not write (403); it needs the scope "write"';
	if (status === 404) return 'there is no /api/v1/collect (404); is this the address of the hub?';
	return `it answered ${status}`;
}
