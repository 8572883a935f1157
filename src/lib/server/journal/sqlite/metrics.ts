import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Topic } from '../port.ts';

export interface JournalMetrics {
	published(topic: Topic): void;
	duplicate(topic: Topic): void;
	full(): void;
	group(commitMs: number, bytes: number): void;
	lastSeq(seq: number): void;
	/** Asked when somebody scrapes. */
	queue(bytes: () => number): void;
}

const NOTHING: JournalMetrics = {
	published() {},
	duplicate() {},
	full() {},
	group() {},
	lastSeq() {},
	queue() {},
};

export function createJournalMetrics(registry: Registry | undefined): JournalMetrics {
	if (!registry) return NOTHING;
	const registers = [registry];
	const published = new Counter({
		name: 'sigmascope_journal_records_total',
		help: 'Records written to the journal',
		labelNames: ['topic'],
		registers,
	});
	const duplicates = new Counter({
		name: 'sigmascope_journal_duplicates_total',
		help: 'Records that the journal had already',
		labelNames: ['topic'],
		registers,
	});
	const full = new Counter({
		name: 'sigmascope_journal_full_total',
		help: 'Publications refused because the byte cap or the reserve of the disk was reached',
		registers,
	});
	const commit = new Histogram({
		name: 'sigmascope_journal_commit_seconds',
		help: 'Time of a group commit including its fsync',
		buckets: [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
		registers,
	});
	const lastSeq = new Gauge({ name: 'sigmascope_journal_last_seq', help: 'Seq of the newest record', registers });
	const size = new Gauge({ name: 'sigmascope_journal_bytes', help: 'Bytes of records and values', registers });
	return {
		published: (topic) => published.inc({ topic }),
		duplicate: (topic) => duplicates.inc({ topic }),
		full: () => full.inc(),
		group(commitMs, bytes) {
			commit.observe(commitMs / 1000);
			size.set(bytes);
		},
		lastSeq: (seq) => lastSeq.set(seq),
		queue(bytes) {
			new Gauge({
				name: 'sigmascope_journal_queue_bytes',
				help: 'Handed over and not yet durable; at 128 MiB publishers are refused',
				registers,
				collect() {
					this.set(bytes());
				},
			});
		},
	};
}
