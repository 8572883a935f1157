import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { NowMicros } from '#contracts/time.ts';
import type { Journal } from '#server/journal/port.ts';
import { createCollect } from './collect.ts';
import { createLines } from './lines.ts';
import { createIngestMetrics } from './metrics.ts';
import { acceptPoints } from './points.ts';
import type { Ingest } from './port.ts';
import type { StreamRegistry } from './registry.ts';

/**
 * The ways in, over one registry of streams (which has to be started).
 *
 * @param lastMicros t of a stream's newest judged point: a second one of the same t is a duplicate
 */
export function createIngest(parts: {
	readonly journal: Journal;
	readonly registry: StreamRegistry;
	readonly partition: number;
	readonly now: NowMicros;
	readonly log: Logger;
	readonly metrics: Registry;
	readonly lastMicros?: (streamId: number) => number | undefined;
}): Ingest {
	const shared = { ...parts, metrics: createIngestMetrics(parts.metrics) };
	return {
		points: (request) => acceptPoints(shared, request),
		lines: createLines(shared),
		collect: createCollect(shared),
	};
}
