import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { messageOf } from '#contracts/error.ts';
import type { NowMicros } from '#contracts/time.ts';
import { encodeVerdicts } from '#contracts/verdict.ts';
import type { Journal, JournalRecord } from '#server/journal/port.ts';
import { createEvaluator } from './evaluator.ts';
import { createEngineMetrics } from './metrics.ts';
import type { EngineChange, EngineView } from './port.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { createView } from './view.ts';

/** The engine of one partition. */
export interface Engine extends EngineView {
	/** Resolves once the snapshot is restored and the engine follows the journal; see `caughtUp`. */
	start(): Promise<void>;
	/** Judges no further record, writes what is left to write, takes a last snapshot. */
	stop(): Promise<void>;
	/** Resolves once everything that is in the journal at the call is judged and its verdicts are durable. */
	caughtUp(): Promise<void>;
	/** Settles when the engine ends: resolves after `stop`, rejects when it cannot go on. */
	readonly ended: Promise<void>;
}

/** The event loop gets a turn after about this many bytes of records (10,000 points). */
const SLICE_BYTES = 210_000;

export function createEngine(parts: {
	readonly journal: Journal;
	readonly partition: number;
	readonly log: Logger;
	readonly registry: Registry;
	/** Paces snapshots; nothing is judged by it. */
	readonly now?: NowMicros;
}): Engine {
	const { journal, partition, log } = parts;
	const source = `engine-${partition}`;
	const metrics = createEngineMetrics(parts.registry, partition);
	const evaluator = createEvaluator();
	const stopping = new AbortController();
	const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
	const listeners = new Set<(change: EngineChange) => void>();
	const waiters = new Set<() => void>();
	let publisher: Publisher | undefined;
	let position = 0;

	function judge(record: JournalRecord): void {
		const verdicts = evaluator.evaluate(record);
		position = record.seq;
		if (verdicts.length === 0) return;
		metrics.verdicts(verdicts);
		publisher!.push(record.seq, encodeVerdicts({ inputSeq: record.seq, verdicts }));
	}

	function advance(): void {
		metrics.points(evaluator.state.counts);
		metrics.position(position);
		metrics.streams(evaluator.state.table.size);
		const change = evaluator.takeChange(position);
		for (const listener of listeners) listener(change);
		for (const waiter of waiters) waiter();
	}

	async function judgeBatch(records: readonly JournalRecord[]): Promise<void> {
		let bytes = 0;
		for (const record of records) {
			if (stopping.signal.aborted) break;
			judge(record);
			bytes += record.bytes.length;
			if (bytes < SLICE_BYTES) continue;
			bytes = 0;
			advance();
			await publisher!.room();
			await turn();
		}
		advance();
		await publisher!.room();
	}

	async function follow(): Promise<void> {
		const range = {
			topics: ['points', 'commands'],
			partition,
			fromSeq: position + 1,
			signal: stopping.signal,
		} as const;
		for await (const records of journal.read(range)) await judgeBatch(records);
		await publisher!.flushed();
	}

	async function reached(seq: number): Promise<void> {
		while (position < seq)
			await new Promise<void>((resolve) => {
				const done = () => {
					waiters.delete(done);
					resolve();
				};
				waiters.add(done);
			});
	}

	return {
		...createView(evaluator.state),
		position: () => position,
		onAdvance(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		async start() {
			const [knownSeq, lastSeq] = await Promise.all([
				journal.highestOf(source, journal.generation),
				journal.lastSeq('verdicts', partition),
			]);
			const onFull = (error: Error) =>
				log.warn({ partition, cause: messageOf(error) }, 'verdicts wait: journal is full');
			publisher = createPublisher({
				journal,
				partition,
				source,
				lastSeq,
				knownSeq,
				onFull,
				sleep: (ms: number) => sleep(ms),
				signal: stopping.signal,
			});
			follow().then(end, fail);
		},
		async stop() {
			stopping.abort();
			if (publisher === undefined) end();
			await ended;
		},
		async caughtUp() {
			const seqs = await Promise.all([journal.lastSeq('points', partition), journal.lastSeq('commands', partition)]);
			await Promise.race([reached(Math.max(...seqs)), ended]);
			await publisher?.flushed();
		},
		ended,
	};
}

function turn(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
