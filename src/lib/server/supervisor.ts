import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';

/** A child that runs: ends by itself or when told. */
export interface Running {
	/** Resolves with the reason once it has ended, however it ended. */
	readonly exited: Promise<string>;
	/** undefined = it is no process of ours. */
	readonly pid?: number | undefined;
	stop(): Promise<void>;
}

export interface Supervised {
	readonly name: string;
	/** Rejects when it cannot start now; it is tried again. */
	start(): Promise<Running>;
}

export interface Supervisor {
	readonly name: string;
	/** What it does now, for health and the system page. */
	state(): 'starting' | 'running' | 'down' | 'stopped';
	restarts(): number;
	/** Of the child, while it runs. */
	pid(): number | undefined;
	/** Resolves with the first child that runs. */
	readonly up: Promise<void>;
	stop(): Promise<void>;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 15_000;
/** A child that lived this long has earned a quick restart. */
const HEALTHY_MS = 30_000;

/** Keeps one child alive: starts it again with growing waits, for ever, until told to stop. */
export function supervise(options: {
	readonly part: Supervised;
	readonly log: Logger;
	readonly nowMs: () => number;
}): Supervisor {
	const { part, log, nowMs } = options;
	let state: ReturnType<Supervisor['state']> = 'starting';
	let restarts = 0;
	let running: Running | undefined;
	const up = Promise.withResolvers<void>();
	const stopping = new AbortController();

	async function once(): Promise<string> {
		state = 'starting';
		running = await part.start();
		state = 'running';
		up.resolve();
		if (stopping.signal.aborted) await running.stop();
		return running.exited;
	}

	async function forever(): Promise<void> {
		let waitMs = FIRST_WAIT_MS;
		while (!stopping.signal.aborted) {
			const since = nowMs();
			const reason = await once().catch((error: unknown) => `cannot start: ${messageOf(error)}`);
			running = undefined;
			if (stopping.signal.aborted) break;
			state = 'down';
			restarts++;
			if (nowMs() - since > HEALTHY_MS) waitMs = FIRST_WAIT_MS;
			log.warn({ part: part.name, waitMs }, `${part.name} ended (${reason}); starting it again in ${waitMs} ms`);
			await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
			waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
		}
		state = 'stopped';
	}

	const done = forever();
	return {
		name: part.name,
		state: () => state,
		restarts: () => restarts,
		pid: () => running?.pid,
		up: up.promise,
		async stop() {
			stopping.abort();
			await running?.stop();
			await done;
		},
	};
}
