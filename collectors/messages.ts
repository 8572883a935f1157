import { z } from 'zod';
import { collectorSchema } from '#contracts/config.ts';

/**
 * How the process of the collectors is started. What it reads lives for a moment and there is much of it: left alone V8 lets a young
 * generation of 134 MB and an old one of three times of what lives pile up before it looks, and each of its threads gets memory of its own
 * from the system. With these a thousand variables of OPC UA at 50 Hz take a third less memory and a fifth of a core; half the young
 * generation costs half as much processor time again (opcua/bench.ts). The bound of the old generation is also where the process ends and
 * is started again, from its queue on disk: what waits in memory is bounded far below it.
 */
export const HEAP_FLAGS: readonly string[] = ['--max-semi-space-size=8', '--max-old-space-size=512'];
export const HEAP_ENV: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '2' };

/** Told over IPC by the parent, or read from a JSON file when run by hand. A later one replaces it; what is unchanged goes on. */
export const collectorsSetupSchema = z.strictObject({
	/** `http://127.0.0.1:3000`: where `/api/v1/collect` is. */
	hubUrl: z.url(),
	/** An API key with scope `write`. */
	key: z.string().min(1),
	/** Each collector keeps its queue below it. */
	spoolFolder: z.string().min(1),
	/** Entries of the configuration file, their own options still unchecked. */
	collectors: z.array(collectorSchema),
});
export type CollectorsSetup = z.output<typeof collectorsSetupSchema>;

export interface ToCollectors {
	readonly configure: CollectorsSetup;
}

/** What the collectors say, about once a second. */
export interface FromCollectors {
	readonly status: CollectorsStatus;
}

export interface CollectorsStatus {
	readonly collectors: readonly CollectorStatus[];
}

/**
 * `waiting`: it failed and is tried again. `misconfigured`: a person has to mend something first.
 * `ended`: its source is exhausted (a replay at the end of its file).
 */
export type CollectorState = 'running' | 'waiting' | 'misconfigured' | 'ended';

export interface CollectorStatus {
	readonly name: string;
	readonly type: string;
	readonly state: CollectorState;
	/** Whether the hub answers now. */
	readonly connected: boolean;
	/** Points and gaps on disk since this process began. */
	readonly points: number;
	readonly gaps: number;
	/** Lines of logs and calls, likewise. */
	readonly documents: number;
	/** What could not be read or taken, since this process began. */
	readonly faults: number;
	readonly restarts: number;
	/** What was measured last, by its own time; null = nothing since this process began. */
	readonly newest: NewestValue | null;
	readonly spool: SpoolStats;
	/** What went wrong last, with its remedy; null when nothing has. `source` tells the device from the way to the hub. */
	readonly lastError: {
		readonly source: 'collector' | 'hub';
		readonly message: string;
		readonly atMicros: number;
	} | null;
}

export interface NewestValue {
	/** Key of its stream. */
	readonly stream: string;
	readonly unit: string;
	readonly v: number;
	readonly tMicros: number;
}

export interface SpoolStats {
	/** Points, gaps and lines of logs that the hub has not acknowledged. */
	readonly depth: number;
	readonly bytes: number;
	readonly capBytes: number;
	/** Age of the oldest of them in milliseconds; 0 when there are none. */
	readonly oldestMs: number;
	/** Points and lines given up because the queue was full, since this process began; each point made a gap. */
	readonly dropped: number;
	/** Batches that the hub refused for good, since this process began. */
	readonly refused: number;
}

export const NO_SPOOL: SpoolStats = { depth: 0, bytes: 0, capBytes: 0, oldestMs: 0, dropped: 0, refused: 0 };
