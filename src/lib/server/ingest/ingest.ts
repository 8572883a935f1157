import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { NewEvent } from '#contracts/event.ts';
import type { LlmCall } from '#contracts/llm-call.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Journal } from '#server/journal/port.ts';
import { createCollect } from './collect.ts';
import { acceptDerived } from './derived.ts';
import { createDropDuplicates } from './duplicates.ts';
import { createLines } from './lines.ts';
import { createIngestMetrics } from './metrics.ts';
import { acceptPoints } from './points.ts';
import type { Ingest } from './port.ts';
import { createRate } from './rate.ts';
import type { StreamRegistry } from './registry.ts';
import { createSources } from './sources.ts';

/**
 * The ways in, over one registry of streams (which has to be started).
 *
 * @param pointsPerSecondPerKey none = no limit
 * @param lastMicros t of a stream's newest judged point: a second one of the same t is a duplicate
 */
export function createIngest(parts: {
	readonly journal: Journal;
	readonly registry: StreamRegistry;
	readonly partition: number;
	readonly now: NowMicros;
	readonly log: Logger;
	readonly metrics: Registry;
	readonly pointsPerSecondPerKey?: number;
	/** Of a prober's calls that are in the journal now. */
	readonly onCalls?: (calls: readonly LlmCall[]) => void;
	/** Of what happened on machines; told again it is the same. */
	readonly onEvents?: (events: readonly NewEvent[]) => Promise<void>;
	readonly lastMicros?: (streamId: number) => number | undefined;
}): Ingest {
	const rate = createRate({ perSecond: parts.pointsPerSecondPerKey ?? Number.MAX_SAFE_INTEGER, now: parts.now });
	const sources = createSources({ registry: parts.metrics, log: parts.log });
	const shared = {
		onCalls: () => undefined,
		onEvents: async () => undefined,
		...parts,
		metrics: createIngestMetrics(parts.metrics),
		rate,
		sources,
		dropDuplicates: createDropDuplicates(parts.lastMicros),
	};
	const lines = createLines(shared);
	return {
		clockOf: sources.clockOf,
		admit(principal) {
			if (rate.waitMs(principal.name) > 0) shared.metrics.quota.inc({ limit: 'points' });
			rate.admit(principal.name);
		},
		spend: (principal, points) => rate.spend(principal.name, points),
		points: (request) => acceptPoints(shared, request),
		lines,
		derived: (request) => acceptDerived(shared, request),
		collect: createCollect(shared),
	};
}
