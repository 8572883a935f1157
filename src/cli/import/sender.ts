import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { BATCH_HEADER_BYTES, type DeclaredStream, encodeBatch, type ToCollector } from '#contracts/collect.ts';
import { messageOf } from '#contracts/error.ts';
import type { ImportMessage } from './messages.ts';

/** Sends numbered messages to a hub and keeps each until it is acknowledged; comes back when the connection breaks. */
export interface ImportSender {
	/** The highest number that the hub had before; what is not above it is not sent. */
	connected(): Promise<number>;
	/** Resolves when there is room for more: the hub's pace is the pace of reading. */
	send(seq: number, message: ImportMessage): Promise<void>;
	/** Resolves once everything sent is in the hub's journal. */
	flushed(): Promise<void>;
	acked(): number;
	/** Streams that the hub did not make, so that their rows are set aside; asked anew. */
	refusedStreams(): Promise<readonly DeclaredStream[]>;
	/** Why the hub takes nothing now; undefined while it does. */
	trouble(): string | undefined;
	stop(): void;
}

export interface SenderOptions {
	readonly hubUrl: string;
	readonly key: string;
	readonly collector: string;
	readonly epoch: string;
	readonly site: string | undefined;
	/** Grows. */
	readonly streams: readonly DeclaredStream[];
	readonly onAck: (seq: number) => void;
	readonly onRefused: (seq: number, error: string) => void;
	/** How long the hub may be away before this gives up, in milliseconds. */
	readonly patienceMs: number;
}

/** Sixteen full messages: enough for a round trip, little enough to hold. */
const WINDOW_BYTES = 7 * 1024 * 1024;
const WAIT_MS = 500;
const STREAMS_PER_MESSAGE = 100_000;

interface Unacked {
	readonly seq: number;
	readonly message: ImportMessage;
	readonly bytes: number;
}

export function createImportSender(options: SenderOptions): ImportSender {
	const { streams } = options;
	const unacked: Unacked[] = [];
	let heldBytes = 0;
	let acked = 0;
	/** On this connection. */
	let sentTo = 0;
	let declared = 0;
	let socket: WebSocket | undefined;
	let isReady = false;
	let trouble: string | undefined;
	let failure: Error | undefined;
	let isStopped = false;
	let refused: readonly DeclaredStream[] = [];
	const first = Promise.withResolvers<number>();
	const changes = new Set<() => void>();

	const changed = () => {
		for (const tell of [...changes]) tell();
		changes.clear();
	};

	async function until(isTrue: () => boolean): Promise<void> {
		while (!isTrue()) {
			if (failure !== undefined) throw failure;
			await new Promise<void>((resolve) => changes.add(resolve));
		}
		if (failure !== undefined) throw failure;
	}

	function fail(error: Error): void {
		failure ??= error;
		first.promise.catch(() => undefined);
		first.reject(error);
		socket?.terminate();
		changed();
	}

	function acknowledge(seq: number): void {
		if (seq <= acked) return;
		acked = seq;
		const left = unacked.findIndex((one) => one.seq > seq);
		for (const one of unacked.splice(0, left < 0 ? unacked.length : left)) heldBytes -= one.bytes;
		options.onAck(seq);
		changed();
	}

	function say(message: object): void {
		socket?.send(JSON.stringify(message));
	}

	function pump(): void {
		if (!isReady) return;
		for (const { seq, message } of unacked) {
			if (seq <= sentTo) continue;
			if (declared < streams.length) {
				say({ declare: streams.slice(declared, declared + STREAMS_PER_MESSAGE) });
				declared = Math.min(streams.length, declared + STREAMS_PER_MESSAGE);
			}
			if ('gap' in message) say({ seq, gap: message.gap });
			else socket?.send(encodeBatch({ seq, ...message, historical: true }));
			sentTo = seq;
		}
	}

	function hear(message: ToCollector): void {
		if ('ack' in message) return acknowledge(message.ack);
		if ('welcome' in message) {
			const { resumeAfter, streams: good } = message.welcome;
			refused = streams.slice(0, declared).filter((_, i) => !good.includes(i));
			acknowledge(resumeAfter);
			sentTo = acked;
			isReady = true;
			trouble = undefined;
			first.resolve(resumeAfter);
			changed();
			return pump();
		}
		if ('refused' in message) {
			options.onRefused(message.refused, message.error);
			return;
		}
		trouble = 'the hub is full and asks to wait';
		isReady = false;
		sentTo = Math.min(sentTo, message.retry - 1);
		const from = socket;
		void sleep(message.afterMs).then(() => {
			if (socket !== from) return;
			isReady = true;
			trouble = undefined;
			pump();
		});
	}

	/** @returns why it ended */
	function connection(): Promise<string> {
		const ended = Promise.withResolvers<string>();
		const url = `${options.hubUrl.replace(/^http/, 'ws')}/api/v1/collect`;
		const one = new WebSocket(url, {
			headers: { authorization: `Bearer ${options.key}` },
			perMessageDeflate: false,
			handshakeTimeout: 10_000,
		});
		socket = one;
		isReady = false;
		sentTo = 0;
		one.on('open', () => {
			declared = Math.min(streams.length, STREAMS_PER_MESSAGE);
			const { collector, epoch, site } = options;
			say({
				hello: { collector, epoch, ...(site === undefined ? {} : { site }), streams: streams.slice(0, declared) },
			});
		});
		one.on('message', (data: Buffer) => {
			try {
				hear(JSON.parse(data.toString()) as ToCollector);
			} catch (error) {
				fail(error instanceof Error ? error : new Error(messageOf(error)));
			}
		});
		one.on('error', (error) => ended.resolve(messageOf(error)));
		one.on('close', (code, why) => ended.resolve(`it closed the connection (${code} ${why.toString()})`));
		return ended.promise;
	}

	async function forever(): Promise<void> {
		let awaySince = 0;
		while (!isStopped && failure === undefined) {
			const reason = await connection();
			if (isStopped) return;
			if (isReady || awaySince === 0) awaySince = performance.now();
			isReady = false;
			trouble = `the hub is away: ${reason}`;
			changed();
			if (reason.includes('1008') || reason.includes('4409')) return fail(new Error(reason));
			if (performance.now() - awaySince > options.patienceMs) return fail(new Error(trouble));
			await sleep(WAIT_MS);
		}
	}

	void forever();
	return {
		connected: () => first.promise,
		async send(seq, message) {
			if (seq <= acked) return;
			const bytes = 'gap' in message ? 100 : message.rows.length + BATCH_HEADER_BYTES;
			unacked.push({ seq, message, bytes });
			heldBytes += bytes;
			pump();
			await until(() => heldBytes < WINDOW_BYTES);
		},
		flushed: () => until(() => unacked.length === 0),
		acked: () => acked,
		async refusedStreams() {
			socket?.close();
			isReady = false;
			await until(() => isReady);
			return refused;
		},
		trouble: () => trouble,
		stop() {
			isStopped = true;
			socket?.terminate();
		},
	};
}
