import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** One set per registry, by partition. */
export interface WriterMetrics {
	readonly rows: Counter<'partition'>;
	readonly duplicates: Counter<'partition'>;
	readonly refused: Counter<'partition' | 'table'>;
	readonly failures: Counter<'partition'>;
	readonly restarts: Counter<'partition'>;
	readonly position: Gauge<'partition'>;
	readonly insertSeconds: Histogram<'partition'>;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

export function createWriterMetrics(registry: Registry): WriterMetrics {
	const registers = [registry];
	const counter = <L extends string>(name: string, help: string, labelNames: L[]): Counter<L> =>
		(registry.getSingleMetric(name) as Counter<L> | undefined) ?? new Counter({ name, help, labelNames, registers });
	const position = 'sigmascope_store_writer_position';
	const seconds = 'sigmascope_store_insert_seconds';
	return {
		rows: counter('sigmascope_store_rows_total', 'Points stored', ['partition']),
		duplicates: counter('sigmascope_store_duplicates_total', 'Points at the newest time of their stream, dropped', [
			'partition',
		]),
		refused: counter('sigmascope_store_refused_total', 'Items that the store refused for their content, set aside', [
			'partition',
			'table',
		]),
		failures: counter('sigmascope_store_insert_failures_total', 'Inserts of unknown outcome, repeated', ['partition']),
		restarts: counter('sigmascope_store_writer_restarts_total', 'Faults after which the writer began again', [
			'partition',
		]),
		position:
			(registry.getSingleMetric(position) as Gauge<'partition'> | undefined) ??
			new Gauge({
				name: position,
				help: 'Everything up to this journal position is stored',
				labelNames: ['partition'],
				registers,
			}),
		insertSeconds:
			(registry.getSingleMetric(seconds) as Histogram<'partition'> | undefined) ??
			new Histogram({
				name: seconds,
				help: 'Time of one insert, with its notes in the journal',
				labelNames: ['partition'],
				buckets: SECONDS,
				registers,
			}),
	};
}
