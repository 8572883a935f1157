import { performance } from 'node:perf_hooks';
import type { OwnValue } from './own-streams.ts';
import type { Rates } from './rates.ts';
import type { Vitals } from './vitals.ts';

/** How long the parts take, and how far the slowest of them is behind. */
export function createOwnValues(parts: {
	readonly vitals: () => Vitals;
	readonly rates: Pick<Rates, 'now'>;
	/** Resolves once all that is in the journal at the call has been judged. */
	readonly caughtUp: () => Promise<void>;
	readonly nowMs: () => number;
}): () => Promise<readonly OwnValue[]> {
	let utilization = performance.eventLoopUtilization();

	return async () => {
		const sinceMs = parts.nowMs();
		await parts.caughtUp();
		const judgingMs = parts.nowMs() - sinceMs;
		const { meanMs } = parts.rates.now();
		const before = utilization;
		utilization = performance.eventLoopUtilization();
		const busy = performance.eventLoopUtilization(utilization, before).utilization;
		const storeLag = parts.vitals().lags?.store.seconds;
		return [
			{ stream: 'hub/busy', unit: '%', v: 100 * busy },
			{ stream: 'journal/commit-time', unit: 'ms', v: meanMs.commit },
			{ stream: 'engine/judging-time', unit: 'ms', v: judgingMs },
			{ stream: 'metadata/statement-time', unit: 'ms', v: meanMs.metadata },
			{ stream: 'store/insert-time', unit: 'ms', v: meanMs.insert },
			{ stream: 'store/lag', unit: 'ms', v: storeLag === undefined ? null : 1000 * storeLag },
		];
	};
}
