import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { CollectorsSetup, CollectorsStatus } from '#collectors/messages.ts';
import type { CollectorConfig } from '#contracts/config.ts';
import type { NowMicros } from '#contracts/time.ts';
import { registerCollectorMetrics } from './collectors-metrics.ts';
import { startCollectors } from './collectors-process.ts';
import { supervise, type Supervisor } from './supervisor.ts';

/** The processes of the collectors: one for all, and one each for those that want one. */
export interface CollectorsPart {
	/** What is to run from now on; a process whose collectors have not changed goes on untouched. */
	run(collectors: readonly CollectorConfig[]): Promise<void>;
	supervisors(): readonly Supervisor[];
	/** What each process said last. */
	statuses(): readonly CollectorsStatus[];
	/** When a collector last had a new point; undefined = not since this start. */
	lastRead(name: string): number | undefined;
	stop(): Promise<void>;
}

interface Group {
	readonly collectors: readonly CollectorConfig[];
	readonly supervisor: Supervisor;
	status: CollectorsStatus | undefined;
}

export function createCollectorsPart(options: {
	/** Where the hub listens, and with which key; asked when a process starts. */
	readonly hub: () => Omit<CollectorsSetup, 'collectors'>;
	readonly log: Logger;
	readonly nowMs: () => number;
	/** Tells when something was read. */
	readonly now: NowMicros;
	readonly registry: Registry;
}): CollectorsPart {
	const { hub, log, nowMs } = options;
	const groups = new Map<string, Group>();
	const reads = new Map<string, { readonly points: number; readonly atMicros: number | undefined }>();
	const statuses = () => [...groups.values()].flatMap(({ status }) => status ?? []);
	registerCollectorMetrics(options.registry, statuses);

	function begin(name: string, collectors: readonly CollectorConfig[]): void {
		const onStatus = (status: CollectorsStatus) => {
			group.status = status;
			for (const { name, points } of status.collectors) {
				const before = reads.get(name);
				// A process that was started anew counts from 0 again.
				const isMore = points > (before?.points ?? 0);
				reads.set(name, { points, atMicros: isMore ? options.now() : before?.atMicros });
			}
		};
		const start = () => startCollectors({ setup: { ...hub(), collectors: [...collectors] }, log, onStatus });
		const supervisor = supervise({ part: { name, start }, log, nowMs });
		const group: Group = { collectors, supervisor, status: undefined };
		groups.set(name, group);
	}

	return {
		async run(collectors) {
			const wanted = groupsOf(collectors);
			const gone = [...groups].filter(([name, group]) => !isDeepStrictEqual(wanted.get(name), group.collectors));
			await Promise.all(gone.map(([, group]) => group.supervisor.stop()));
			for (const [name] of gone) groups.delete(name);
			for (const [name, group] of wanted) if (!groups.has(name)) begin(name, group);
		},
		supervisors: () => [...groups.values()].map((group) => group.supervisor),
		statuses,
		lastRead: (name) => reads.get(name)?.atMicros,
		async stop() {
			await Promise.all([...groups.values()].map((group) => group.supervisor.stop()));
		},
	};
}

/** By the name of the process. */
function groupsOf(collectors: readonly CollectorConfig[]): Map<string, readonly CollectorConfig[]> {
	const groups = new Map<string, CollectorConfig[]>();
	for (const collector of collectors) {
		const name = collector.isolate ? `process of ${collector.name}` : 'collectors';
		groups.set(name, [...(groups.get(name) ?? []), collector]);
	}
	return groups;
}
