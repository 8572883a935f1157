import type { LlmErrorClass } from '#contracts/llm.ts';
import type { Deadlines } from './call.ts';

export type Passed = Extract<LlmErrorClass, `timeout_${string}`>;

export interface Watch {
	/** The first token came: from now on silence counts. */
	token(atMs: number): void;
	/** Any event after it. */
	event(atMs: number): void;
	stop(): void;
}

/**
 * One wait at a time: events only move a number, and the deadline is worked out anew when the wait is over. Only the first token may
 * bring a deadline closer, so it ends the wait.
 *
 * @param startedMs of the stopwatch; first token and total count from here, connecting included. It moves on once: what a client
 * prepares before it turns to the network is nobody's waiting
 * @param onPassed once, with the deadline that has passed and how long was waited
 */
export function watchDeadlines(options: {
	readonly deadlines: Deadlines;
	readonly startedMs: () => number;
	readonly nowMs: () => number;
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
	readonly onPassed: (passed: Passed, waitedMs: number) => void;
}): Watch {
	const { deadlines, startedMs, nowMs, sleep } = options;
	const over = new AbortController();
	const first = new AbortController();
	let lastMs: number | undefined;

	function next(): { readonly passed: Passed; readonly atMs: number } {
		const totalAt = startedMs() + deadlines.totalMs;
		const [passed, atMs]: [Passed, number] =
			lastMs === undefined
				? ['timeout_first_token', startedMs() + deadlines.firstTokenMs]
				: ['timeout_idle', lastMs + deadlines.idleMs];
		return totalAt < atMs ? { passed: 'timeout_total', atMs: totalAt } : { passed, atMs };
	}

	async function run(): Promise<void> {
		while (!over.signal.aborted) {
			const { passed, atMs } = next();
			const leftMs = atMs - nowMs();
			if (leftMs <= 0) return options.onPassed(passed, nowMs() - startedMs());
			await sleep(leftMs, lastMs === undefined ? AbortSignal.any([over.signal, first.signal]) : over.signal);
		}
	}

	void run();
	return {
		token(atMs) {
			lastMs = atMs;
			if (!first.signal.aborted) first.abort();
		},
		event(atMs) {
			if (lastMs !== undefined) lastMs = atMs;
		},
		stop: () => over.abort(),
	};
}
