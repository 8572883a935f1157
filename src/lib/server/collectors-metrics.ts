import { Counter, Gauge, type Registry } from 'prom-client';
import type { CollectorsStatus, CollectorStatus } from '#collectors/messages.ts';

type Read = (status: CollectorStatus) => number;

const GAUGES: readonly (readonly [name: string, help: string, read: Read])[] = [
	['up', '1 while it runs', ({ state }) => (state === 'running' ? 1 : 0)],
	['connected', '1 while the hub answers it', ({ connected }) => (connected ? 1 : 0)],
	[
		'spool_depth',
		'Points, gaps and documents on its disk that the hub has not acknowledged',
		({ spool }) => spool.depth,
	],
	['spool_bytes', 'Bytes that these take', ({ spool }) => spool.bytes],
	['spool_cap_bytes', 'Bytes that they may take', ({ spool }) => spool.capBytes],
	['spool_oldest_seconds', 'Age of the oldest of them', ({ spool }) => spool.oldestMs / 1000],
];

const COUNTERS: readonly (readonly [name: string, help: string, read: Read])[] = [
	['points_total', 'Points that it has put on its disk', ({ points }) => points],
	['documents_total', 'Lines of logs and calls that it has put on its disk', ({ documents }) => documents],
	['gaps_total', 'Stretches without a value', ({ gaps }) => gaps],
	['faults_total', 'What could not be read or taken', ({ faults }) => faults],
	['restarts_total', 'Starts after a failure', ({ restarts }) => restarts],
	[
		'spool_dropped_total',
		'Points and documents that its full queue gave up; each point is in a gap',
		({ spool }) => spool.dropped,
	],
	['spool_refused_total', 'Batches that the hub refused for good', ({ spool }) => spool.refused],
];

/**
 * What the collectors said last, as `sigmascope_collector_…{collector="name"}`; read when somebody scrapes. A collector
 * that is gone is gone here too; its counters begin anew with its process.
 */
export function registerCollectorMetrics(registry: Registry, statuses: () => readonly CollectorsStatus[]): void {
	const registers = [registry];
	const labelNames = ['collector'] as const;
	const all = () => statuses().flatMap(({ collectors }) => collectors);
	for (const [name, help, read] of GAUGES)
		new Gauge({
			name: `sigmascope_collector_${name}`,
			help,
			labelNames,
			registers,
			collect() {
				this.reset();
				for (const status of all()) this.set({ collector: status.name }, read(status));
			},
		});
	for (const [name, help, read] of COUNTERS)
		new Counter({
			name: `sigmascope_collector_${name}`,
			help,
			labelNames,
			registers,
			collect() {
				this.reset();
				for (const status of all()) this.inc({ collector: status.name }, read(status));
			},
		});
}
