import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { NO_SPOOL, type CollectorState, type CollectorStatus } from '../messages.ts';
import { createBackoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Collector, CollectorType } from './collector.ts';
import { createDrainLimit } from './drain.ts';
import { createEmitter, type EmitterCounts } from './emitter.ts';
import { createQueue, type Queue } from './queue.ts';
import { createRefused, type Refused } from './refused.ts';
import { createSender, type Sender } from './sender.ts';
import { spoolOptionsSchema } from './spool-options.ts';
import { createSpool, type Spool } from './spool.ts';

export interface LifeOptions {
	readonly name: string;
	readonly typeName: string;
	/** undefined when no collector has this type. */
	readonly type: CollectorType | undefined;
	/** The collector's own options, unchecked. */
	readonly options: unknown;
	readonly spoolOptions: unknown;
	readonly site: string | undefined;
	readonly hubUrl: string;
	readonly key: string;
	readonly spoolFolder: string;
	readonly log: Logger;
	readonly clock: Clock;
	readonly random: () => number;
	/** See SessionOptions. */
	readonly ackWithinMs?: number;
}

/** One configured collector: its queue, its connection, and the program itself, started again whenever it fails. */
export interface Life {
	status(): CollectorStatus;
	stop(): Promise<void>;
}

interface Plumbing {
	readonly spool: Spool;
	readonly queue: Queue;
	readonly sender: Sender;
	readonly refused: Refused;
}

type Source = 'collector' | 'hub';

const LOGGED_FAULTS = 20;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const COMMIT_EVERY_MS = 10;
/** A collector that does not end by then is left behind: its emitter is closed. */
const STOP_WITHIN_MS = 500;
const BYTES_PER_MEGABYTE = 1_000_000;

export function createLife(options: LifeOptions): Life {
	const { name, typeName, clock } = options;
	const log = options.log.child({ collector: name });
	const stopping = new AbortController();
	const counts: EmitterCounts = { points: 0, gaps: 0, faults: 0 };
	const wait = createBackoff({ firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS, random: options.random });
	let state: CollectorState = 'waiting';
	let restarts = 0;
	const errors = new Map<Source, NonNullable<CollectorStatus['lastError']>>();
	let plumbing: Plumbing | undefined;

	/** Told once: what repeats itself is only kept in the status. */
	function report(source: Source, message: string): void {
		if (errors.get(source)?.message !== message) log.warn({ source }, message);
		remember(source, message);
	}

	function remember(source: Source, message: string): void {
		errors.delete(source);
		errors.set(source, { source, message, atMicros: clock.nowMicros() });
	}

	/** A file may have as many faults as rows. */
	function onFault(message: string): void {
		if (counts.faults <= LOGGED_FAULTS) log.warn(message);
		if (counts.faults === LOGGED_FAULTS) log.warn('further faults are counted, and the last one is in the status');
		remember('collector', message);
	}

	function open(): Plumbing {
		const { maxMegabytes, whenFull, drainRate } = spoolOptionsSchema.parse(options.spoolOptions);
		const folder = join(options.spoolFolder, name);
		mkdirSync(folder, { recursive: true });
		const spool = createSpool({
			file: join(folder, 'queue.sqlite'),
			capBytes: maxMegabytes * BYTES_PER_MEGABYTE,
			whenFull,
			newEpoch: randomUUID,
			nowMs: () => Math.round(clock.nowMicros() / MICROS_PER_MS),
		});
		const onError = (message: string) => report('collector', `cannot write the queue: ${message}`);
		const queue = createQueue({ spool, clock, everyMs: COMMIT_EVERY_MS, onError });
		const refused = createRefused(join(folder, 'refused'));
		const rowsPerSecond = drainRate === 'unlimited' ? undefined : drainRate;
		const drain = createDrainLimit({ rowsPerSecond, points: () => counts.points, clock });
		const sender = createSender({ ...options, spool, queue, refused, drain, ...hubEvents(name) });
		return { spool, queue, refused, sender };
	}

	function hubEvents(collector: string) {
		return {
			collector,
			onFault: (message: string) => report('hub', message),
			onConnected: () => {
				log.info('connected to the hub');
				errors.delete('hub');
			},
		};
	}

	function makeCollector(): Collector {
		if (!options.type) throw new ConfigError(`there is no collector type ${JSON.stringify(typeName)}`);
		return options.type.create(options.options, { name, log, clock, random: options.random });
	}

	/** One start, until the collector ends, fails, cannot be written for, or is told to stop. */
	async function once({ spool, queue }: Plumbing): Promise<void> {
		const collector = makeCollector();
		const open = createEmitter({ spool, queue, clock, counts, onFault });
		const signal = AbortSignal.any([stopping.signal, open.broken]);
		state = 'running';
		try {
			await settledBy(collector.start(open.emitter, signal), signal, clock);
			if (open.broken.aborted) throw open.broken.reason;
		} finally {
			await open.close();
		}
	}

	/** @returns whether it is to be tried again */
	async function attempt(): Promise<boolean> {
		try {
			plumbing ??= open();
			await once(plumbing);
			state = 'ended';
			return false;
		} catch (error) {
			if (stopping.signal.aborted) return false;
			report('collector', textOf(error));
			state = isForPeople(error) ? 'misconfigured' : 'waiting';
			return state === 'waiting';
		}
	}

	async function live(): Promise<void> {
		while (!stopping.signal.aborted) {
			const sinceMicros = clock.nowMicros();
			if (!(await attempt())) return;
			if (clock.nowMicros() - sinceMicros > LONGEST_WAIT_MS * MICROS_PER_MS) wait.reset();
			await clock.sleep(wait.nextMs(), stopping.signal);
			restarts++;
		}
	}

	const done = live();
	return {
		status: () => ({
			name,
			type: typeName,
			state,
			connected: plumbing?.sender.isConnected() ?? false,
			...counts,
			restarts,
			spool: plumbing ? { ...plumbing.spool.stats(), refused: plumbing.refused.count() } : NO_SPOOL,
			lastError: [...errors.values()].at(-1) ?? null,
		}),
		async stop() {
			stopping.abort();
			// A write that waits for room must not hold up the end: closing the queue refuses it.
			plumbing?.queue.close();
			await done;
			await plumbing?.sender.stop();
			plumbing?.spool.close();
			plumbing = undefined;
		},
	};
}

/** Waits for the collector, but not for ever once it has been told to end. */
async function settledBy(work: Promise<void>, signal: AbortSignal, clock: Clock): Promise<void> {
	const late = new Promise<void>((resolve) => {
		const limit = () => void clock.sleep(STOP_WITHIN_MS, new AbortController().signal).then(resolve);
		if (signal.aborted) limit();
		else signal.addEventListener('abort', limit, { once: true });
	});
	await Promise.race([work, late]);
}

function isForPeople(error: unknown): boolean {
	return error instanceof ConfigError || error instanceof z.ZodError;
}

function textOf(error: unknown): string {
	if (!(error instanceof z.ZodError)) return messageOf(error);
	return error.issues.map((issue) => `${issue.path.join('.') || 'options'}: ${issue.message}`).join('; ');
}
