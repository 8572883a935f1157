import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Command } from '#contracts/command.ts';
import { messageOf, RetriableError } from '#contracts/error.ts';
import { createExclusive, type Exclusive } from '#contracts/exclusive.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Journal, JournalRecord, Topic } from '#server/journal/port.ts';
import { StoreRefusedError } from './errors.ts';
import { STORED_ROW_BYTES } from './port.ts';
import type { Store } from './port.ts';
import { withoutArrived } from './writer/arrived.ts';
import { buildBatch } from './writer/batch.ts';
import type { Batch, NewestTimes } from './writer/batch.ts';
import { MAX_STREAMS_PER_INSERT, createBoundsFile, keyOf, parseBounds, tokenOf } from './writer/bounds.ts';
import type { Bounds, BoundsFile } from './writer/bounds.ts';
import { insertBatch } from './writer/insert.ts';
import type { Refusal } from './writer/insert.ts';
import { INTAKE_LIMITS, createIntake } from './writer/intake.ts';
import type { IntakeLimits } from './writer/intake.ts';
import { createWriterMetrics } from './writer/metrics.ts';
import { createWaiting, createWaitingFile, type Waiting } from './writer/waiting.ts';
import { setAside } from './writer/refused.ts';

export interface StoreWriterOptions {
	readonly journal: Journal;
	readonly store: Store;
	readonly partition: number;
	readonly log: Logger;
	readonly registry: Registry;
	readonly now: NowMicros;
	readonly limits?: IntakeLimits;
	/** Plans as they are now, for a journal in which nothing is noted of those that wait for older points. */
	readonly plans?: () => Promise<readonly Extract<Command, { type: 'stream' }>[]>;
}

/** The reader of the journal that fills the store. Whatever the store does, nobody upstream notices. */
export interface StoreWriter {
	/** Returns at once; the writer waits for the store and goes on from where it stood. */
	start(): void;
	stop(): Promise<void>;
	/** Everything up to this seq is stored, set aside, or nothing for the store; 0 = not known yet. */
	position(): number;
	lag(): StoreLag;
	/**
	 * Runs this between two inserts: what is stored is then what the value in the journal says, which is handed over.
	 *
	 * @throws RetriableError while the outcome of an insert is unknown
	 */
	held<T>(work: (noted: KeptNote) => Promise<T>): Promise<T>;
}

/** The value in which the writer keeps its place. */
export interface KeptNote {
	readonly key: string;
	/** undefined = nothing has been stored yet. */
	readonly value: Uint8Array | undefined;
}

export interface StoreLag {
	/** Read from the journal and not yet stored. */
	readonly records: number;
	readonly rows: number;
	/** How long the last insert has been under way, in milliseconds; 0 = none is. */
	readonly insertingMs: number;
}

const TOPICS: readonly Topic[] = ['points', 'calls', 'logs', 'commands', 'verdicts'];
const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 8_000;
const MAX_CAUSE_CHARS = 300;
/** An insert under way at the stop is waited for so long; its outcome is then unknown, which the next start mends. */
const STOP_GRACE_MS = 5_000;

export function createStoreWriter(options: StoreWriterOptions): StoreWriter {
	const { log, partition, now } = options;
	const metrics = createWriterMetrics(options.registry);
	const label = { partition: String(partition) };
	const ending = new AbortController();
	const progress = { position: 0, insertingSince: 0, waiting: () => ({ records: 0, rows: 0 }) };
	const exclusive = createExclusive();
	let running: Promise<void> | undefined;

	async function run(): Promise<void> {
		for (let failures = 0; !ending.signal.aborted; failures += 1) {
			try {
				await runOnce({ ...options, metrics, label, progress, exclusive, signal: ending.signal });
			} catch (error) {
				if (ending.signal.aborted) return;
				metrics.restarts.inc(label);
				log.error({ partition, cause: messageOf(error) }, 'store writer begins again');
				await pause(failures, ending.signal);
			}
		}
	}

	return {
		start() {
			running ??= run();
		},
		async stop() {
			ending.abort();
			const grace = new Promise<void>((resolve) => setTimeout(resolve, STOP_GRACE_MS).unref());
			await Promise.race([running, grace]);
		},
		position: () => progress.position,
		held: (work) =>
			exclusive(async () => {
				const key = keyOf(partition);
				const value = (await options.journal.get(key))?.value;
				if (value !== undefined && !parseBounds(value).stored)
					throw new RetriableError('the outcome of the last insert into the store is not known yet');
				return work({ key, value });
			}),
		lag: () => ({
			...progress.waiting(),
			insertingMs: progress.insertingSince === 0 ? 0 : Math.max(0, (now() - progress.insertingSince) / 1000),
		}),
	};
}

interface Run extends StoreWriterOptions {
	readonly metrics: ReturnType<typeof createWriterMetrics>;
	readonly label: { readonly partition: string };
	readonly progress: {
		position: number;
		/** Microseconds; 0 = no insert is under way. */
		insertingSince: number;
		waiting: () => { readonly records: number; readonly rows: number };
	};
	/** Around each insert. */
	readonly exclusive: Exclusive;
	readonly signal: AbortSignal;
}

/** From what is noted in the journal until the signal, or until something fails that is no store being down. */
async function runOnce(run: Run): Promise<void> {
	const { journal, partition } = run;
	const file = createBoundsFile(journal, partition);
	const noted = await file.read();
	const newest = new Map(await untilKnown(run, () => run.store.lastTimes()));
	const waitingFile = createWaitingFile(journal, partition);
	const waiting = (await waitingFile.read()) ?? (await waitingOf(run, newest));
	const notes: Notes = { file, waiting, entries: () => waitingFile.entries(waiting) };
	if (noted && !noted.stored) await repeat(run, { notes, noted, newest });
	const from = noted?.last ?? 0;
	run.progress.position = Math.max(run.progress.position, from);
	run.metrics.position.set(run.label, run.progress.position);
	await follow(run, { notes, newest, fromSeq: from + 1 });
}

/** A journal of a version before: what waits is not noted, only which plans say so. */
async function waitingOf({ plans }: Run, newest: NewestTimes): Promise<Waiting> {
	const waiting = createWaiting();
	for (const command of (await plans?.()) ?? []) waiting.obey(command, newest);
	return waiting;
}

/** What the writer keeps in the journal. */
interface Notes {
	readonly file: BoundsFile;
	/** As of the last insert that is noted as stored, and moved on with each batch. */
	readonly waiting: Waiting;
	/** `waiting` as values. */
	readonly entries: () => readonly { readonly key: string; readonly value: Uint8Array }[];
}

interface Repetition {
	readonly notes: Notes;
	readonly noted: Bounds;
	readonly newest: NewestTimes;
}

/** The outcome of this insert is unknown: it is made again, to the byte, under the same token. */
async function repeat(run: Run, { notes, noted, newest }: Repetition): Promise<void> {
	for (const [stream, t] of noted.before) {
		if (t === -Infinity) newest.delete(stream);
		else newest.set(stream, t);
	}
	const records = await readRange(run, noted);
	if (records)
		return void (await run.exclusive(() => storeBatch(run, notes, buildBatch(records, newest, batchOptions(notes)))));
	run.log.error({ token: noted.token }, 'cannot repeat an insert of unknown outcome: the journal no longer has it');
	for (const [stream, t] of await untilKnown(run, () => run.store.lastTimes())) newest.set(stream, t);
	await notes.file.write({ ...noted, stored: true, before: new Map() });
}

/**
 * The records of an insert, all of them: fewer would be another insert under the same token.
 *
 * @returns undefined when they are gone, which only somebody else's hand in the journal explains: what is not noted as
 * stored is never trimmed
 */
async function readRange(run: Run, { first, last, token }: Bounds): Promise<readonly JournalRecord[] | undefined> {
	const { journal, partition, signal } = run;
	const records: JournalRecord[] = [];
	for await (const batch of journal.read({ topics: TOPICS, partition, fromSeq: first, signal })) {
		if (records.length === 0 && batch[0]?.seq !== first) return undefined;
		for (const record of batch) if (record.seq <= last) records.push(record);
		if ((batch.at(-1)?.seq ?? 0) >= last) break;
	}
	if (records.at(-1)?.seq !== last) throw new Error(`cannot repeat insert ${token}: its records could not all be read`);
	return records;
}

/** Reads ahead while an insert is under way; both end together. */
async function follow(
	run: Run,
	{ notes, newest, fromSeq }: { notes: Notes; newest: NewestTimes; fromSeq: number },
): Promise<void> {
	const intake = createIntake(run.limits ?? INTAKE_LIMITS);
	run.progress.waiting = intake.waiting;
	const failed = new AbortController();
	const signal = AbortSignal.any([run.signal, failed.signal]);
	const reading = (async () => {
		for await (const records of run.journal.read({ topics: TOPICS, partition: run.partition, fromSeq, signal }))
			await intake.add(records, signal);
	})();
	const writing = (async () => {
		while (!signal.aborted) {
			let records = await intake.take(signal);
			while (records.length > 0 && !signal.aborted) {
				const batch = buildBatch(records, newest, batchOptions(notes));
				await run.exclusive(() => storeBatch(run, notes, batch));
				records = records.slice(batch.used);
			}
		}
	})();
	try {
		await Promise.all([reading, writing]);
	} finally {
		failed.abort();
		await Promise.allSettled([reading, writing]);
	}
}

function batchOptions({ waiting }: Notes) {
	return { maxStreams: MAX_STREAMS_PER_INSERT, waiting };
}

async function storeBatch(run: Run, { file, waiting, entries }: Notes, given: Batch): Promise<void> {
	const { journal, partition, metrics, label, now, store, progress } = run;
	const batch = await withoutArrived(given, (names) => untilKnown(run, () => store.arrivals(names)));
	const { first, last, before } = batch;
	const isEmpty = [batch.rows, batch.gaps, batch.calls, batch.logs, batch.limits, batch.signals, batch.episodes].every(
		(part) => part.length === 0,
	);
	await setAside(run, batch.unreadable.map(refusalOfUnreadable));
	if (!isEmpty) {
		const token = tokenOf({ generation: journal.generation, partition, first, last });
		progress.insertingSince = now();
		const observe = metrics.insertSeconds.startTimer(label);
		await file.write({ first, last, token, stored: false, before });
		const refusals = await insertBatch(batch, token, {
			store,
			nowMicros: now(),
			untilKnown: (send) => untilKnown(run, send),
		});
		await setAside(run, refusals);
		await file.write({ first, last, token, stored: true, before: new Map() }, waiting.isChanged ? entries() : []);
		waiting.noted();
		observe();
		progress.insertingSince = 0;
		metrics.rows.inc(label, batch.rows.length / STORED_ROW_BYTES);
	}
	metrics.duplicates.inc(label, batch.duplicates);
	progress.position = last;
	metrics.position.set(label, last);
}

function refusalOfUnreadable({ record, cause }: Batch['unreadable'][number]): Refusal {
	const items = { seq: record.seq, topic: record.topic, bytes: Buffer.from(record.bytes).toString('base64') };
	return { token: `unreadable:${record.seq}`, code: 0, reason: cause, table: record.topic, items, count: 1 };
}

/** Sends the same until the store says yes or says that it never will; waits longer each time, up to 8 s. */
async function untilKnown<T>(run: Run, send: () => Promise<T>): Promise<T> {
	for (let failures = 0; ; failures += 1) {
		try {
			return await send();
		} catch (error) {
			if (error instanceof StoreRefusedError || run.signal.aborted) throw error;
			run.metrics.failures.inc(run.label);
			if (failures === 0) run.log.warn(`the store takes nothing and its writer waits: ${shortCause(error)}`);
			await pause(failures, run.signal);
			if (run.signal.aborted) throw error;
		}
	}
}

/** The first line of it: what a server says goes on with where in its source it was. */
function shortCause(error: unknown): string {
	const [line = ''] = messageOf(error).split('\n');
	return line.length > MAX_CAUSE_CHARS ? `${line.slice(0, MAX_CAUSE_CHARS)}…` : line;
}

async function pause(failures: number, signal: AbortSignal): Promise<void> {
	const ms = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, 10));
	await delay(ms, undefined, { signal }).catch(() => undefined);
}
