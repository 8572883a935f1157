import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { encodeCommand } from '#contracts/command.ts';
import { messageOf } from '#contracts/error.ts';
import type { NowMicros } from '#contracts/time.ts';
import { JournalFullError, type Journal, type Lease } from '#server/journal/port.ts';

/** Says what time it is, in the journal, while this process owns the partition. */
export interface Ticker {
	/** Waits for the lease in the background; ticks from then on. */
	start(): void;
	/** No tick is appended once this has resolved; the lease is free. */
	stop(): Promise<void>;
}

const LEASE_TTL_MS = 5000;

/**
 * @param everyMs about once a second: what the engine decides at ticks (absence of points) is at most that much late,
 * and a step of more than 2.5 seconds counts as time in which nobody watched
 */
export function createTicker(parts: {
	readonly journal: Journal;
	readonly partition: number;
	readonly now: NowMicros;
	readonly everyMs: number;
	readonly log: Logger;
}): Ticker {
	const { journal, partition, now, everyMs, log } = parts;
	const stopping = new AbortController();
	let running: Promise<void> | undefined;

	async function append(): Promise<void> {
		try {
			await journal.publish({ topic: 'commands', partition, bytes: encodeCommand({ type: 'tick', tMicros: now() }) });
		} catch (error) {
			// Time that nobody can write down is time in which nobody watched; the engine counts it so.
			if (!(error instanceof JournalFullError)) throw error;
		}
	}

	async function tickUntilLost(lease: Lease): Promise<void> {
		const over = AbortSignal.any([stopping.signal, lease.lost]);
		while (!over.aborted) {
			await append();
			await delay(everyMs, undefined, { signal: over }).catch(() => undefined);
		}
	}

	async function run(): Promise<void> {
		while (!stopping.signal.aborted) {
			const lease = await leaseOrStop();
			if (lease === undefined) return;
			try {
				await tickUntilLost(lease);
			} finally {
				await lease.release();
			}
		}
	}

	/** A lease that comes after the stop is given back. */
	async function leaseOrStop(): Promise<Lease | undefined> {
		const asked = journal.lease(`engine-${partition}`, LEASE_TTL_MS);
		const first = await Promise.race([asked, aborted(stopping.signal)]);
		if (first !== undefined) return first;
		asked.then(
			(lease) => lease.release(),
			() => undefined,
		);
		return undefined;
	}

	return {
		start() {
			running ??= run().catch((error: unknown) => {
				if (stopping.signal.aborted) return;
				log.error({ partition, cause: messageOf(error) }, 'ticks have stopped');
			});
		},
		async stop() {
			stopping.abort();
			await running;
		},
	};
}

function aborted(signal: AbortSignal): Promise<undefined> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve(undefined);
		signal.addEventListener('abort', () => resolve(undefined), { once: true });
	});
}
