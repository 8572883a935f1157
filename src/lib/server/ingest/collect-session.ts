import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { FromCollector, ToCollector } from '#contracts/collect.ts';
import { InputError } from '#contracts/error.ts';
import type { NewEvent } from '#contracts/event.ts';
import type { LlmCall } from '#contracts/llm-call.ts';
import type { Principal } from '#contracts/principal.ts';
import { readRowsHeader, ROWS_HEADER_BYTES, viewOf } from '#contracts/rows.ts';
import { type Journal, JournalFullError } from '#server/journal/port.ts';
import { batchSeq, type DeclaredSlot } from './collect-batch.ts';
import { createInbox } from './collect-inbox.ts';
import { batchMessage, gapMessage, type NumberedMessage, type Sender } from './collect-message.ts';
import { createOrder, type Order } from './collect-order.ts';
import { declareStreams } from './collect-streams.ts';
import { NumberedInputError, parseText, siteFor } from './collect-text.ts';
import type { IngestMetrics } from './metrics.ts';
import type { Rate } from './rate.ts';
import type { StreamRegistry } from './registry.ts';
import type { Sources } from './sources.ts';

/** One message of a collector: what brokers take for a record. */
const MAX_MESSAGE_BYTES = 512 * 1024;
/** Messages of one connection that share a transaction of the journal. */
const MAX_GROUP = 64;
const RETRY_AFTER_MS = 2000;
/** Collectors give a hub up that acknowledges nothing for half a minute. */
const LONGEST_PAUSE_MS = 5000;
const CLOSE = { badMessage: 1008, failed: 1011, later: 1013 } as const;

export interface CollectParts {
	readonly journal: Journal;
	readonly registry: StreamRegistry;
	readonly partition: number;
	readonly metrics: IngestMetrics;
	readonly rate: Rate;
	readonly sources: Sources;
	readonly now: () => number;
	readonly log: Logger;
	/** Of a prober's calls that are in the journal now. */
	readonly onCalls: (calls: readonly LlmCall[]) => void;
	/** Keeps what happened; told again it is the same. */
	readonly onEvents: (events: readonly NewEvent[]) => Promise<void>;
}

interface Connection {
	readonly socket: WebSocket;
	readonly principal: Principal;
	onHello(source: string, epoch: string): void;
}

/** Set by hello. */
interface Greeted extends Sender {
	readonly order: Order;
	readonly slots: DeclaredSlot[];
}

type Gap = Extract<FromCollector, { gap: unknown }>;

/**
 * One connection. Messages are taken strictly one after the other; those that arrive while the journal writes share
 * its next transaction, all or none, so a later one is never in the journal without the earlier ones.
 */
export function createSession(parts: CollectParts, { socket, principal, onHello }: Connection) {
	const { journal, registry, metrics, rate, log } = parts;
	const inbox = createInbox(socket, metrics.inboxBytes);
	let greeted: Greeted | undefined;
	let group: NumberedMessage[] = [];
	let isWorking = false;

	async function work(): Promise<void> {
		for (let message = inbox.take(); message !== undefined; message = inbox.take()) {
			const parsed = message.isBinary ? message.bytes : textOf(message.bytes);
			if (parsed === undefined) continue;
			if (parsed instanceof Uint8Array || 'gap' in parsed) number(parsed);
			else await declare(parsed);
			if (group.length >= MAX_GROUP || inbox.isEmpty()) await flush();
			await payDebt();
		}
		isWorking = false;
	}

	/** Who is over its rate is read no further for a while: the sender's own queue is where the rest belongs. */
	async function payDebt(): Promise<void> {
		const waitMs = rate.waitMs(principal.name);
		if (waitMs === 0) return;
		metrics.quota.inc({ limit: 'points' });
		await flush();
		await sleep(Math.min(waitMs, LONGEST_PAUSE_MS));
	}

	function textOf(bytes: Uint8Array): FromCollector | undefined {
		try {
			return parseText(new TextDecoder().decode(bytes));
		} catch (error) {
			if (!(error instanceof NumberedInputError)) throw error;
			refuse(error.seq, error);
			return undefined;
		}
	}

	async function declare(message: Exclude<FromCollector, Gap>): Promise<void> {
		await flush();
		if ('declare' in message) {
			const { site, slots } = known();
			slots.push(...(await slotsOf(site, message.declare)));
			return;
		}
		if (greeted !== undefined) throw new InputError('hello was said before');
		const { hello } = message;
		const site = siteFor(principal, hello.site);
		const source = `${site}/${hello.collector}`;
		onHello(source, hello.epoch);
		const slots = await slotsOf(site, hello.streams);
		const resumeAfter = await journal.highestOf(source, hello.epoch);
		greeted = { site, source, epoch: hello.epoch, slots, order: createOrder(resumeAfter) };
		const streams = slots.flatMap((slot, i) => (slot.id === undefined ? [] : [i]));
		say({ welcome: { streams, resumeAfter, maxBytes: MAX_MESSAGE_BYTES } });
	}

	async function slotsOf(site: string, declared: Parameters<typeof declareStreams>[2]): Promise<DeclaredSlot[]> {
		const slots = await declareStreams(registry, { site, owner: principal.name }, declared);
		const bad = slots.findIndex((slot) => slot.id === undefined);
		const slot = slots[bad];
		if (slot !== undefined && slot.id === undefined)
			log.warn({ owner: principal.name, site }, `cannot take stream ${bad} of a collector: ${slot.fault}`);
		return slots;
	}

	/** Puts a numbered message into the group, or answers it at once. */
	function number(message: Uint8Array | Gap): void {
		const sender = known();
		const isBatch = message instanceof Uint8Array;
		const seq = isBatch ? batchSeq(message) : (message.seq ?? sender.order.next());
		const turn = sender.order.turn(seq);
		if (turn === 'drop') return;
		if (turn === 'have') return acknowledge(sender.order.acked());
		const context = { ...sender, seq, nowMicros: parts.now(), partition: parts.partition };
		try {
			if (isBatch && message.length > MAX_MESSAGE_BYTES)
				throw new InputError(`batch of ${message.length} bytes; ${MAX_MESSAGE_BYTES} are allowed`);
			group.push(isBatch ? batchMessage(message, context) : gapMessage(message.gap, context));
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			refuse(seq, error);
		}
		if (isBatch) metrics.bytes.inc({ via: 'collect' }, message.length);
	}

	/** The group into the journal, then the acknowledgement. */
	async function flush(): Promise<void> {
		const messages = group;
		group = [];
		const [first] = messages;
		if (first === undefined) return inbox.settle();
		try {
			// Before they are acknowledged: told a second time they are the same, and so are never lost and never two.
			const events = messages.flatMap(({ documents }) => documents?.events ?? []);
			if (events.length > 0) await parts.onEvents(events);
			const published = await journal.publishAll(messages.flatMap((message) => message.publications));
			count(messages, published);
			acknowledge(messages.at(-1)?.seq ?? first.seq);
		} catch (error) {
			if (!(error instanceof JournalFullError)) throw error;
			known().order.backTo(first.seq);
			say({ retry: first.seq, afterMs: RETRY_AFTER_MS });
		} finally {
			inbox.settle();
		}
	}

	function count(messages: readonly NumberedMessage[], published: readonly { readonly duplicate: boolean }[]): void {
		let at = 0;
		for (const message of messages) {
			const { publications, good, refused, documents } = message;
			const isDuplicate = published[at]?.duplicate === true;
			at += publications.length;
			rate.spend(principal.name, good + refused.length + (documents ? documents.good + documents.refused : 0));
			if (documents) countDocuments(documents, isDuplicate);
			if (isDuplicate) {
				metrics.duplicates.inc({ via: 'collect' }, good);
				parts.sources.duplicates(known().source, good);
			} else metrics.accepted.inc({ via: 'collect' }, good);
			if (!isDuplicate) noteSource(parts, known().source, message);
			if (!isDuplicate) for (const { reason } of refused) metrics.refused.inc({ via: 'collect', reason });
		}
	}

	function countDocuments(documents: NonNullable<NumberedMessage['documents']>, isDuplicate: boolean): void {
		const { kind, good, refused: bad, calls } = documents;
		metrics.documents.inc({ kind, result: isDuplicate ? 'duplicate' : 'accepted' }, good);
		metrics.documents.inc({ kind, result: 'refused' }, isDuplicate ? 0 : bad);
		if (!isDuplicate && calls.length > 0) parts.onCalls(calls);
	}

	function known(): Greeted {
		if (greeted === undefined) throw new InputError('the first message must be hello');
		return greeted;
	}

	function acknowledge(seq: number): void {
		known().order.acknowledge(seq);
		say({ ack: known().order.acked() });
	}

	function refuse(seq: number, error: InputError): void {
		metrics.refused.inc({ via: 'collect', reason: 'batch' });
		log.warn({ source: greeted?.source, seq }, `refused a message of a collector: ${error.message}`);
		say({ refused: seq, error: error.message });
	}

	function say(message: ToCollector): void {
		if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
	}

	function fail(error: unknown): void {
		inbox.stop();
		if (error instanceof InputError) return socket.close(CLOSE.badMessage, shortened(error.message));
		if (error instanceof JournalFullError) return socket.close(CLOSE.later, 'the journal is full');
		log.error({ err: error, source: greeted?.source }, 'cannot take what a collector sends');
		socket.close(CLOSE.failed, 'the hub failed; try again');
	}

	return {
		receive(data: RawData, isBinary: boolean): void {
			inbox.push(data, isBinary);
			if (isWorking) return;
			isWorking = true;
			work().catch(fail);
		},
		stop: inbox.stop,
	};
}

/** The times of a live batch against the hub's, also those that were refused: a clock an hour ahead has no others. */
function noteSource(parts: CollectParts, source: string, { publications, refused }: NumberedMessage): void {
	const record = publications.find(({ topic }) => topic === 'points');
	const refusedMicros = refused
		.filter(({ reason }) => reason === 'time')
		.reduce((most, { tMicros }) => Math.max(most, Number(tMicros)), -Infinity);
	if (record === undefined) {
		const nothing = { view: viewOf(new Uint8Array()), from: 0, count: 0 };
		if (refusedMicros > -Infinity)
			parts.sources.note({ source, receivedMicros: parts.now(), ...nothing, refusedMicros });
		return;
	}
	const view = viewOf(record.bytes);
	const { historical, receivedMicros, count } = readRowsHeader(view);
	if (!historical) parts.sources.note({ source, receivedMicros, view, from: ROWS_HEADER_BYTES, count, refusedMicros });
}

/** A close reason has at most 123 bytes. */
function shortened(reason: string): string {
	const bytes = new TextEncoder().encode(reason);
	return bytes.length <= 123
		? reason
		: `${new TextDecoder().decode(bytes.subarray(0, 117)).replace(/\ufffd+$/, '')}...`;
}
