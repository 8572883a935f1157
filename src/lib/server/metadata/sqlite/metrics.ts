import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface MetadataMetrics {
	/** A statement was handed over; settles with its answer. */
	asked(answer: Promise<unknown>): void;
}

export function createMetadataMetrics(registry: Registry): MetadataMetrics {
	const registers = [registry];
	let waiting = 0;
	const seconds = new Histogram({
		name: 'sigmascope_metadata_statement_seconds',
		help: 'Time of a statement of the metadata database, waiting for its thread and commits included',
		buckets: [0.0002, 0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
		registers,
	});
	const failures = new Counter({
		name: 'sigmascope_metadata_failures_total',
		help: 'Statements that failed',
		registers,
	});
	new Gauge({
		name: 'sigmascope_metadata_waiting',
		help: 'Statements handed over and not answered',
		registers,
		collect() {
			this.set(waiting);
		},
	});
	return {
		asked(answer) {
			waiting++;
			const end = seconds.startTimer();
			const done = () => {
				waiting--;
				end();
			};
			answer.then(done, () => {
				done();
				failures.inc();
			});
		},
	};
}
