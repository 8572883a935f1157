import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { messageOf } from '#contracts/error.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { Clock } from './clock.ts';
import { createDrainLimit } from './drain.ts';
import { createQueue, type Queue } from './queue.ts';
import { createRefused, type Refused } from './refused.ts';
import { createSender, type Sender } from './sender.ts';
import { isCorrupt } from './spool-file.ts';
import type { SpoolSettings } from './spool-options.ts';
import { createSpool, type Spool } from './spool.ts';

/** What lies between a collector and the hub. */
export interface Plumbing {
	readonly spool: Spool;
	readonly queue: Queue;
	readonly sender: Sender;
	readonly refused: Refused;
	/** Aborts when the file turns out to be damaged: `close`, and open it anew. */
	readonly damaged: AbortSignal;
	/** Writes that wait are refused; what was taken is on disk. */
	close(): Promise<void>;
}

export interface PlumbingOptions {
	readonly name: string;
	readonly site: string | undefined;
	readonly hubUrl: string;
	readonly key: string;
	/** Of this collector alone. */
	readonly folder: string;
	readonly settings: SpoolSettings;
	readonly clock: Clock;
	/** 0 to 1. */
	readonly random: () => number;
	/** How many points were measured so far. */
	readonly points: () => number;
	readonly ackWithinMs?: number;
	readonly onFault: (source: 'collector' | 'hub', message: string) => void;
	readonly onConnected: () => void;
}

const COMMIT_EVERY_MS = 10;
const BYTES_PER_MEGABYTE = 1_000_000;

/** @throws RetriableError when the queue's file cannot be opened or another process holds it */
export function openPlumbing(options: PlumbingOptions): Plumbing {
	const { folder, settings, clock, onFault } = options;
	const file = join(folder, 'queue.sqlite');
	mkdirSync(folder, { recursive: true });
	const damaged = new AbortController();
	const { maxMegabytes, whenFull, drainRate } = settings;
	const make = () =>
		createSpool({
			file,
			capBytes: maxMegabytes * BYTES_PER_MEGABYTE,
			whenFull,
			newEpoch: randomUUID,
			nowMs: () => Math.round(clock.nowMicros() / MICROS_PER_MS),
			onDamaged: (error) => damaged.abort(error),
		});
	const spool = openOrBeginAnew(make, (error) => onFault('collector', setAside(file, { error, clock })));
	const onError = (message: string) => onFault('collector', `cannot write the queue: ${message}`);
	const queue = createQueue({ spool, clock, everyMs: COMMIT_EVERY_MS, onError });
	const refused = createRefused({ folder: join(folder, 'refused'), collector: options.name, hubUrl: options.hubUrl });
	const rowsPerSecond = drainRate === 'unlimited' ? undefined : drainRate;
	const drain = createDrainLimit({ rowsPerSecond, points: options.points, clock });
	const toHub = { ...options, collector: options.name, onFault: (message: string) => onFault('hub', message) };
	const sender = createSender({ ...toHub, spool, queue, refused, drain });
	return {
		spool,
		queue,
		sender,
		refused,
		damaged: damaged.signal,
		async close() {
			queue.close();
			await sender.stop();
			spool.close();
			if (damaged.signal.aborted) onFault('collector', setAside(file, { error: damaged.signal.reason, clock }));
		},
	};
}

function openOrBeginAnew(make: () => Spool, onDamaged: (error: unknown) => void): Spool {
	try {
		return make();
	} catch (error) {
		if (!isCorrupt(error)) throw error;
		onDamaged(error);
		return make();
	}
}

/** Never deleted: what was not sent may be read from it yet. @returns what to tell a person */
function setAside(file: string, { error, clock }: { readonly error: unknown; readonly clock: Clock }): string {
	const kept = `${file}.damaged-${Math.round(clock.nowMicros() / MICROS_PER_MS)}`;
	for (const end of ['', '-wal', '-shm']) if (existsSync(file + end)) renameSync(file + end, kept + end);
	return (
		`the queue ${JSON.stringify(file)} is damaged (${messageOf(error)}) and was set aside as "${basename(kept)}"; ` +
		`a new one begins. What the hub did not have yet is in the old one: "sqlite3 ${basename(kept)} .recover" reads it`
	);
}
