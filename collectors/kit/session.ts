import type { RawData, WebSocket } from 'ws';
import type { ToCollector } from '#contracts/collect.ts';
import { messageOf } from '#contracts/error.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { Clock } from './clock.ts';
import type { DrainLimit } from './drain.ts';
import { parseToCollector } from './hub-message.ts';
import type { Queue } from './queue.ts';
import type { Refused } from './refused.ts';
import { rowsOf, type Message } from './spool-message.ts';
import { gapsInstead } from './spool-part.ts';
import type { Spool } from './spool.ts';
import { createWire } from './wire.ts';

export interface SessionOptions {
	readonly spool: Spool;
	readonly queue: Queue;
	readonly clock: Clock;
	readonly refused: Refused;
	readonly drain: DrainLimit;
	/** The name that the hub knows the numbering by, together with the epoch. */
	readonly collector: string;
	readonly site: string | undefined;
	/** A hub that acknowledges nothing of what it was sent for this long is left, and asked again what it has. */
	readonly ackWithinMs?: number;
	readonly onWelcome: () => void;
	/** Something for a person to know that does not end the session. */
	readonly onFault: (message: string) => void;
}

/** What may be unacknowledged at once: enough for a round trip over a continent, little enough to resend. */
const WINDOW = { messages: 64, bytes: 4 * 1024 * 1024 };
const WELCOME_WITHIN_MS = 10_000;
const PING_EVERY_MS = 10_000;
const SILENT_MS = 30_000;
const ACK_WITHIN_MS = 30_000;

/**
 * One connection to the hub: hello, then everything from the spool that the hub does not have, in order.
 *
 * @param socket an open socket; closed when the promise settles
 * @returns why it ended; never rejects
 */
export function runSession(socket: WebSocket, options: SessionOptions): Promise<string> {
	const { spool, queue, clock } = options;
	const ended = new AbortController();
	const result = Promise.withResolvers<string>();
	const wire = createWire(spool.declaration);
	const greeting = new AbortController();
	const isGreeted = AbortSignal.any([greeting.signal, ended.signal]);
	let isWelcome = false;
	let maxBytes = 0;
	let sentTo = 0;
	let heardMicros = clock.nowMicros();
	/** When something sent was last settled, or the first unsettled one was sent. */
	let progressMicros = heardMicros;
	const ackWithinMs = options.ackWithinMs ?? ACK_WITHIN_MS;
	/** Counted, so that only the last one ends the pause. */
	let pauses = 0;
	let isPaused = false;

	function end(reason: string): void {
		if (ended.signal.aborted) return;
		ended.abort();
		stopListening();
		queue.setWindow(undefined);
		socket.removeAllListeners('message');
		// A dead peer answers no close frame; the socket goes anyway.
		socket.terminate();
		result.resolve(reason);
	}

	/** A fault of ours or of the disk must end the session, not the process. */
	function guarded<Args extends unknown[]>(act: (...args: Args) => void): (...args: Args) => void {
		return (...args) => {
			try {
				if (!ended.signal.aborted) act(...args);
			} catch (error) {
				end(messageOf(error));
			}
		};
	}

	function isUnderWay(): boolean {
		const first = spool.nextSeq(spool.acked());
		return first !== undefined && first <= sentTo;
	}

	const say = (message: object) => socket.send(JSON.stringify(message));

	const pump = guarded(() => {
		while (isWelcome && !isPaused) {
			const seq = spool.nextSeq(sentTo);
			if (seq === undefined) return;
			const message = spool.message(seq);
			const waitMs = options.drain.waitMs(rowsOf(message), message.writtenMs);
			if (waitMs > 0) return pause(waitMs);
			if (!isUnderWay()) progressMicros = clock.nowMicros();
			send(message);
			sentTo = seq;
		}
	});

	function send(message: Message): void {
		const { frame, declare } = wire.encode(message);
		if (declare.length > 0) say({ declare });
		// Sealed for a hub that took more at once: it can be neither sent nor divided now.
		if (frame.length > maxBytes && message.kind !== 'gap')
			return setAside(message.seq, `the hub takes ${maxBytes} bytes at once, this batch has ${frame.length}`);
		socket.send(frame);
	}

	function setAside(seq: number, error: string): void {
		if (spool.nextSeq(seq - 1) !== seq) return;
		const message = spool.message(seq);
		const isKept = options.refused.keep({ epoch: spool.epoch(), message, declaration: spool.declaration, error });
		const where = isKept ? 'it is kept in the folder "refused"' : 'it is not kept, as the folder "refused" is full';
		options.onFault(`the hub refused batch ${seq} for good: ${error}; ${where}`);
		queue.settle(seq);
		if (message.kind !== 'rows') return;
		const gaps = gapsInstead(message, `refused by the hub: ${error}`.slice(0, 200));
		queue
			.write({ parts: [{ kind: 'gaps', gaps }], cursor: undefined })
			.catch((cause: unknown) => end(messageOf(cause)));
	}

	function welcome(to: Extract<ToCollector, { welcome: unknown }>['welcome']): void {
		// Fewer than it has acknowledged, or more than was ever numbered: another journal, or an older copy of one of us.
		if (to.resumeAfter < spool.acked() || !spool.acknowledge(to.resumeAfter)) {
			options.onFault('the hub does not have what it acknowledged: its data were replaced; numbering begins anew');
			spool.renumber();
			return end('numbering begins anew');
		}
		maxBytes = to.maxBytes;
		isWelcome = true;
		greeting.abort();
		options.onWelcome();
		queue.setWindow({ ...WINDOW, maxBytes });
		pump();
	}

	function pause(ms: number): void {
		isPaused = true;
		const mine = ++pauses;
		void clock.sleep(ms, ended.signal).then(() => {
			if (mine !== pauses) return;
			isPaused = false;
			pump();
		});
	}

	function retry(seq: number, afterMs: number): void {
		sentTo = Math.min(sentTo, seq - 1);
		pause(afterMs);
	}

	function hear(message: ToCollector): void {
		progressMicros = clock.nowMicros();
		if ('welcome' in message) return welcome(message.welcome);
		if ('retry' in message) return retry(message.retry, message.afterMs);
		if ('refused' in message) return setAside(message.refused, message.error);
		if (!queue.acknowledge(message.ack)) throw new Error(`the hub acknowledged ${message.ack}, which was never sent`);
		pump();
	}

	/** A peer that vanished without a word (power, a pulled cable) is noticed by its silence. */
	async function watch(): Promise<void> {
		await clock.sleep(WELCOME_WITHIN_MS, isGreeted);
		if (!isWelcome) return end('the hub did not answer hello');
		while (!ended.signal.aborted) {
			const now = clock.nowMicros();
			if (now - heardMicros > SILENT_MS * MICROS_PER_MS) return end('the hub has gone silent');
			if (isUnderWay() && now - progressMicros > ackWithinMs * MICROS_PER_MS)
				return end('the hub acknowledges nothing');
			socket.ping();
			await clock.sleep(Math.min(PING_EVERY_MS, ackWithinMs), ended.signal);
		}
	}

	const stopListening = queue.onCommit(pump);
	const heard = () => (heardMicros = clock.nowMicros());
	socket.on('pong', heard);
	socket.on('message', (data: RawData, isBinary: boolean) => {
		heard();
		guarded(() => {
			if (!isBinary) hear(parseToCollector(textOf(data)));
		})();
	});
	socket.on('close', (code, why) =>
		end(`the hub closed the connection (${code}${why.length > 0 ? ` ${why.toString()}` : ''})`),
	);
	socket.on('error', (error) => end(messageOf(error)));
	const streams = wire.declare(spool.currentStreams());
	say({ hello: { collector: options.collector, epoch: spool.epoch(), site: options.site, streams } });
	void watch();
	return result.promise;
}

function textOf(data: RawData): string {
	return Buffer.isBuffer(data) ? data.toString() : '';
}
