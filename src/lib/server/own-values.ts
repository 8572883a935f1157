import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { OwnValue } from './own-streams.ts';
import type { Rates } from './rates.ts';

const POLL_MS = 20;
/** A store that is away is told of by its lag; a chart of delays then has no point. */
const STORED_WITHIN_MS = 8000;

/** How long the parts take: each is asked how long it needs for what is newest now. */
export function createOwnValues(parts: {
	readonly rates: Pick<Rates, 'now'>;
	/** Of the newest record that is to be stored. */
	readonly newestSeq: () => Promise<number>;
	readonly storedUpTo: () => number;
	/** Resolves once all that is in the journal at the call has been judged. */
	readonly caughtUp: () => Promise<void>;
	readonly nowMs: () => number;
}): () => Promise<readonly OwnValue[]> {
	const { nowMs, storedUpTo } = parts;
	let utilization = performance.eventLoopUtilization();

	async function storingMs(seq: number, sinceMs: number): Promise<number | null> {
		while (storedUpTo() < seq) {
			if (nowMs() - sinceMs > STORED_WITHIN_MS) return null;
			await delay(POLL_MS);
		}
		return nowMs() - sinceMs;
	}

	return async () => {
		const sinceMs = nowMs();
		const seq = await parts.newestSeq();
		const judged = parts.caughtUp().then(() => nowMs() - sinceMs);
		const [judgingMs, storing] = await Promise.all([judged, storingMs(seq, sinceMs)]);
		const { meanMs } = parts.rates.now();
		const before = utilization;
		utilization = performance.eventLoopUtilization();
		const busy = performance.eventLoopUtilization(utilization, before).utilization;
		return [
			{ stream: 'hub/busy', unit: '%', v: 100 * busy },
			{ stream: 'journal/commit-time', unit: 'ms', v: meanMs.commit },
			{ stream: 'engine/judging-time', unit: 'ms', v: judgingMs },
			{ stream: 'metadata/statement-time', unit: 'ms', v: meanMs.metadata },
			{ stream: 'store/insert-time', unit: 'ms', v: meanMs.insert },
			{ stream: 'store/storing-time', unit: 'ms', v: storing },
		];
	};
}
