import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { messageOf } from '#contracts/error.ts';
import { MICROS_PER_MS, MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import { encodeVerdicts, type Verdict } from '#contracts/verdict.ts';
import type { Journal, JournalRecord } from '#server/journal/port.ts';
import { createAdvances } from '#server/engine/plans/advances.ts';
import { createEvaluator } from './evaluator.ts';
import { createEngineMetrics } from './metrics.ts';
import type { EngineView } from './port.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { createSnapshots } from './snapshots.ts';
import { createView } from './view.ts';

/** The engine of one partition. */
export interface Engine extends EngineView {
	/** Resolves once the snapshot is restored and the engine follows the journal; see `caughtUp`. */
	start(): Promise<void>;
	/** Judges no further record, writes what is left to write, takes a last snapshot. */
	stop(): Promise<void>;
	/** Resolves once everything that is in the journal at the call is judged and its verdicts are durable. */
	caughtUp(): Promise<void>;
	/** The engine never reads records up to this one again, whatever happens. */
	snapshotPosition(): number;
	/** Settles when the engine ends: resolves after `stop`, rejects when it cannot go on. */
	readonly ended: Promise<void>;
}

export interface EngineParts {
	readonly journal: Journal;
	readonly partition: number;
	readonly log: Logger;
	readonly registry: Registry;
	/** Paces snapshots; nothing is judged by it. */
	readonly now?: NowMicros;
	readonly snapshotEvery?: { readonly micros: number; readonly points: number };
}

/** The event loop gets a turn after about this many bytes of records (10,000 points). */
const SLICE_BYTES = 210_000;
const VERDICTS_PER_RECORD = 1000;
const SNAPSHOT_EVERY = { micros: 10 * MICROS_PER_SECOND, points: 1_000_000 };

export function createEngine(parts: EngineParts): Engine {
	const { journal, partition, log, now = () => Date.now() * MICROS_PER_MS, snapshotEvery = SNAPSHOT_EVERY } = parts;
	const source = `engine-${partition}`;
	const metrics = createEngineMetrics(parts.registry, partition);
	const evaluator = createEvaluator();
	const { state } = evaluator;
	const advances = createAdvances();
	const stopping = new AbortController();
	const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
	const crash = (error: unknown) => {
		fail(error);
		stopping.abort();
	};
	const warnFull = (error: Error) => log.warn({ partition, cause: messageOf(error) }, 'engine waits: journal is full');
	const snapshots = createSnapshots({ journal, partition, state, onTaken: metrics.snapshot, onFull: warnFull });
	let taking: Promise<void> | undefined;
	let last = { atMicros: now(), points: 0 };
	let publisher: Publisher | undefined;
	let running: Promise<void> | undefined;

	async function takeSnapshot(writer: Publisher): Promise<void> {
		const position = advances.position();
		last = { atMicros: now(), points: state.counts.plotted };
		await snapshots.take(position, () => writer.flushed(position));
	}

	function snapshotWhenDue(writer: Publisher): void {
		const due =
			now() - last.atMicros >= snapshotEvery.micros || state.counts.plotted - last.points >= snapshotEvery.points;
		if (!due || taking !== undefined) return;
		taking = takeSnapshot(writer).finally(() => {
			taking = undefined;
		});
		taking.catch(crash);
	}

	function judge(record: JournalRecord, writer: Publisher): void {
		const { unreadable } = state.counts;
		const verdicts = evaluator.evaluate(record);
		if (state.counts.unreadable > unreadable)
			log.error({ partition, seq: record.seq, topic: record.topic }, 'record cannot be read and is passed over');
		if (verdicts.length === 0) return;
		metrics.verdicts(verdicts);
		writer.push(record.seq, encodeInParts(record.seq, verdicts));
	}

	async function advance(seq: number, writer: Publisher): Promise<void> {
		metrics.advanced({ seq, counts: state.counts, streams: state.table.size });
		advances.tell(evaluator.takeChange(seq));
		snapshotWhenDue(writer);
		await writer.room();
	}

	async function judgeBatch(records: readonly JournalRecord[], writer: Publisher): Promise<void> {
		let bytes = 0;
		for (const record of records) {
			judge(record, writer);
			bytes += record.bytes.length;
			if (bytes < SLICE_BYTES && record !== records.at(-1)) continue;
			bytes = 0;
			await advance(record.seq, writer);
			// Only here, where position and state agree.
			if (stopping.signal.aborted) return;
			await turn();
		}
	}

	async function follow(writer: Publisher): Promise<void> {
		const fromSeq = advances.position() + 1;
		const range = { topics: ['points', 'commands'], partition, fromSeq, signal: stopping.signal } as const;
		for await (const records of journal.read(range)) await judgeBatch(records, writer);
		await taking;
		await takeSnapshot(writer);
	}

	async function openPublisher(): Promise<Publisher> {
		const [knownSeq, lastSeq] = await Promise.all([
			journal.highestOf(source, journal.generation),
			journal.lastSeq('verdicts', partition),
		]);
		const writing = { onFull: warnFull, onFailure: crash, sleep: (ms: number) => sleep(ms), signal: stopping.signal };
		return createPublisher({ journal, partition, source, lastSeq, knownSeq, ...writing });
	}

	return {
		...createView(state),
		position: advances.position,
		onAdvance: advances.on,
		snapshotPosition: snapshots.position,
		async start() {
			publisher = await openPublisher();
			const seq = await snapshots.restore();
			advances.tell(evaluator.takeChange(seq));
			running = follow(publisher).then(end, crash);
		},
		async stop() {
			stopping.abort();
			await running;
			end();
		},
		async caughtUp() {
			const seqs = await Promise.all([journal.lastSeq('points', partition), journal.lastSeq('commands', partition)]);
			const seq = Math.max(...seqs);
			await Promise.race([advances.reached(seq), ended]);
			await publisher?.flushed(seq);
		},
		ended,
	};
}

/** Where every one of 20,000 points opens and ends episodes, one record would be larger than a journal takes. */
function encodeInParts(inputSeq: number, verdicts: readonly Verdict[]): readonly Uint8Array[] {
	const parts: Uint8Array[] = [];
	for (let first = 0; first < verdicts.length; first += VERDICTS_PER_RECORD)
		parts.push(encodeVerdicts({ inputSeq, verdicts: verdicts.slice(first, first + VERDICTS_PER_RECORD) }));
	return parts;
}
