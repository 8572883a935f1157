import { Counter, Gauge, type Registry } from 'prom-client';
import type { Verdict } from '#contracts/verdict.ts';
import type { Counts } from './partition-state.ts';

export interface EngineMetrics {
	/** After a batch; of the counts, what came since the last call is added. */
	advanced(to: { readonly seq: number; readonly counts: Counts; readonly streams: number }): void;
	verdicts(verdicts: readonly Verdict[]): void;
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
		advanced({ seq, counts, streams: known }) {
			position.set(of, seq);
			streams.set(of, known);
			for (const [result, count] of Object.entries(counts)) {
				points.inc({ ...of, result }, count - (last[result] ?? 0));
				last[result] = count;
			}
		},
		verdicts(reached) {
			for (const { type } of reached) verdicts.inc({ ...of, type });
		},
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
