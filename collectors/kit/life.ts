import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { NO_SPOOL, type CollectorState, type CollectorStatus } from '../messages.ts';
import { createBackoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Collector, CollectorType } from './collector.ts';
import { createEmitter, type EmitterCounts } from './emitter.ts';
import { openPlumbing, type Plumbing } from './plumbing.ts';
import { spoolOptionsSchema } from './spool-options.ts';

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

type Source = 'collector' | 'hub';

const LOGGED_FAULTS = 20;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A collector that does not end by then is left behind: its emitter is closed. */
const STOP_WITHIN_MS = 500;

export function createLife(options: LifeOptions): Life {
	const { name, typeName, clock } = options;
	const log = options.log.child({ collector: name });
	const folder = join(options.spoolFolder, name);
	const stopping = new AbortController();
	const counts: EmitterCounts = { points: 0, gaps: 0, documents: 0, faults: 0, newest: null };
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
		return openPlumbing({
			...options,
			folder,
			settings: spoolOptionsSchema.parse(options.spoolOptions),
			points: () => counts.points + counts.documents,
			onFault: report,
			onConnected() {
				log.info('connected to the hub');
				errors.delete('hub');
			},
		});
	}

	function makeCollector(): Collector {
		if (!options.type) throw new ConfigError(`there is no collector type ${JSON.stringify(typeName)}`);
		const onReached = (what: string) => log.info(what);
		return options.type.create(options.options, { name, log, clock, random: options.random, folder, onReached });
	}

	/** One start, until the collector ends, fails, cannot be written for, or is told to stop. */
	async function once({ spool, queue, damaged }: Plumbing): Promise<void> {
		const collector = makeCollector();
		const open = createEmitter({ spool, queue, clock, counts, onFault });
		const signal = AbortSignal.any([stopping.signal, open.broken, damaged]);
		state = 'running';
		try {
			await settledBy(collector.start(open.emitter, signal), signal, clock);
			if (open.broken.aborted) throw open.broken.reason;
		} finally {
			await open.close();
		}
	}

	/** What the hub had not yet is read from the source again, as far as that can go back. */
	async function replaceDamaged(): Promise<void> {
		const old = plumbing;
		plumbing = undefined;
		await old?.close();
	}

	/** Until there is a reason to try again, or to stop. */
	async function attempt(): Promise<void> {
		try {
			plumbing ??= open();
			await once(plumbing);
			if (!plumbing.damaged.aborted) state = 'ended';
			await firstOf(stopping.signal, plumbing.damaged);
		} catch (error) {
			if (stopping.signal.aborted || plumbing?.damaged.aborted) return;
			report('collector', textOf(error));
			state = isForPeople(error) ? 'misconfigured' : 'waiting';
			if (state === 'misconfigured') await firstOf(stopping.signal);
		}
	}

	async function live(): Promise<void> {
		while (!stopping.signal.aborted) {
			const sinceMicros = clock.nowMicros();
			await attempt();
			if (stopping.signal.aborted) return;
			if (plumbing?.damaged.aborted) await replaceDamaged();
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
			await plumbing?.close();
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

function firstOf(...signals: AbortSignal[]): Promise<void> {
	const any = AbortSignal.any(signals);
	return new Promise((resolve) => {
		if (any.aborted) resolve();
		else any.addEventListener('abort', () => resolve(), { once: true });
	});
}

function isForPeople(error: unknown): boolean {
	return error instanceof ConfigError || error instanceof z.ZodError;
}

function textOf(error: unknown): string {
	if (!(error instanceof z.ZodError)) return messageOf(error);
	return error.issues.map((issue) => `${issue.path.join('.') || 'options'}: ${issue.message}`).join('; ');
}
