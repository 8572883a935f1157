import { Counter, Gauge, type Registry } from 'prom-client';
import type { Verdict } from '#contracts/verdict.ts';
import type { Counts } from './partition-state.ts';

export interface EngineMetrics {
	/** Adds what was counted since the last call. */
	points(counts: Counts): void;
	verdicts(verdicts: readonly Verdict[]): void;
	position(seq: number): void;
	streams(count: number): void;
	snapshot(streams: number, bytes: number): void;
}

export function createEngineMetrics(registry: Registry, partition: number): EngineMetrics {
	const points = counter(registry, 'points_total', 'Points read, by what became of them', ['result']);
	const verdicts = counter(registry, 'verdicts_total', 'Verdicts reached, by type', ['type']);
	const position = gauge(registry, 'position', 'Journal position up to which everything has been judged');
	const streams = gauge(registry, 'streams', 'Streams known');
	const snapshotBytes = counter(registry, 'snapshot_bytes_total', 'Bytes of state written to the journal', []);
	const snapshotStreams = counter(registry, 'snapshot_streams_total', 'Streams whose state was written', []);
	const of = { partition: String(partition) };
	const last: Record<string, number> = {};
	return {
		points(counts) {
			for (const [result, count] of Object.entries(counts)) {
				points.inc({ ...of, result }, count - (last[result] ?? 0));
				last[result] = count;
			}
		},
		verdicts(reached) {
			for (const { type } of reached) verdicts.inc({ ...of, type });
		},
		position: (seq) => position.set(of, seq),
		streams: (count) => streams.set(of, count),
		snapshot(count, bytes) {
			snapshotStreams.inc(of, count);
			snapshotBytes.inc(of, bytes);
		},
	};
}

/** Engines of several partitions share a registry. */
function counter(registry: Registry, name: string, help: string, labelNames: readonly string[]): Counter {
	const full = `sigmascope_engine_${name}`;
	const known = registry.getSingleMetric(full);
	if (known instanceof Counter) return known;
	return new Counter({ name: full, help, labelNames: ['partition', ...labelNames], registers: [registry] });
}

function gauge(registry: Registry, name: string, help: string): Gauge {
	const full = `sigmascope_engine_${name}`;
	const known = registry.getSingleMetric(full);
	if (known instanceof Gauge) return known;
	return new Gauge({ name: full, help, labelNames: ['partition'], registers: [registry] });
}
