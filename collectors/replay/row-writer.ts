import { QUALITY } from '#contracts/point.ts';
import { MICROS_PER_MS, timeFault } from '#contracts/time.ts';
import type { Clock } from '../kit/clock.ts';
import type { Emitter, GapSeen, PointSeen } from '../kit/collector.ts';
import type { ReplayConfig } from './config.ts';
import type { FilePlace } from '#contracts/csv.ts';
import { createGapCloser } from './gaps.ts';
import { createPace } from './pace.ts';
import type { Row } from './rows.ts';

export interface Resumed extends FilePlace {
	/** The time of the last row that had one, as it was emitted. */
	readonly lastMicros?: number | undefined;
}

/** Where the replay stands in which file. */
export interface Cursor extends Resumed {
	readonly file: string;
	/** The header line: another one is another file of the same name. */
	readonly header: string;
}

/** Rows that share an emission while none of them has to be waited for. */
const ROWS_AT_ONCE = 2000;

/**
 * Gathers rows into emissions, waits until they are due, and makes gaps of what is missing. Its cursor never passes a
 * row that is not in an emission: what a kill takes away is read again.
 */
export function createRowWriter(options: {
	readonly config: ReplayConfig;
	readonly clock: Clock;
	readonly emitter: Emitter;
	/** One for each column. */
	readonly streams: readonly number[];
	readonly header: string;
	readonly from: Resumed;
}) {
	const { config, clock, emitter, streams, header } = options;
	const dueMicros = createPace({ speed: config.speed, nowMicros: clock.nowMicros });
	const closeGaps = config.gaps === 'close' ? createGapCloser() : undefined;
	let { offset, line, lastMicros } = options.from;
	let seen: (PointSeen | GapSeen)[] = [];
	/** The first record without a time since the last one that had one: a gap once the next time is known. */
	let lost: string | undefined;
	/** Between the last two rows, as they were emitted. */
	let stepMicros = 0;

	async function emit(): Promise<void> {
		const cursor: Cursor = { file: config.file, header, offset, line, lastMicros };
		const gathered = seen;
		seen = [];
		await emitter.emit({ seen: gathered, cursor, historical: config.as === 'original' });
	}

	function gap(fromMicros: number, toMicros: number, reason: string): void {
		for (const stream of streams) seen.push({ stream, fromMicros: Math.min(fromMicros, toMicros), toMicros, reason });
	}

	function closeLost(tMicros: number): void {
		if (lost !== undefined) gap(lastMicros ?? tMicros, tMicros, lost);
		lost = undefined;
	}

	function lose(cause: string): void {
		emitter.fault(cause);
		lost ??= cause;
	}

	function take(row: Exclude<Row, { kind: 'bad' }>, tMicros: number): void {
		closeLost(tMicros);
		row.cells.forEach((cell, i) => {
			const stream = streams[i] ?? 0;
			if (cell.kind === 'point') return void seen.push({ stream, tMicros, v: cell.v, quality: QUALITY.good });
			const reason = `${row.place}: ${cell.kind === 'empty' ? 'no value' : cell.cause}`;
			seen.push({ stream, fromMicros: tMicros, toMicros: tMicros, reason });
			if (cell.kind === 'bad-value') emitter.fault(`${row.place}: ${cell.cause}`);
		});
		if (lastMicros !== undefined) stepMicros = tMicros - lastMicros;
		lastMicros = tMicros;
	}

	return {
		stepMicros: () => stepMicros,
		lastMicros: () => lastMicros,
		/** Resolves once the row has been taken, or at once when the signal aborts: then it has not. */
		async row(row: Row, after: FilePlace, signal: AbortSignal): Promise<void> {
			const cause = row.kind === 'bad' ? row.cause : timeFault(row.tMicros, clock.nowMicros());
			if (row.kind === 'bad' || cause !== undefined) return lose(`${row.place}: ${cause}`);
			const isEmpty = row.cells.every(({ kind }) => kind === 'empty');
			const paceMicros = closeGaps?.({ tMicros: row.tMicros, isEmpty }) ?? row.tMicros;
			if (closeGaps && isEmpty) return void ({ offset, line } = after);
			let due = dueMicros(paceMicros);
			if (due > clock.nowMicros() && seen.length > 0) {
				await emit();
				due = dueMicros(paceMicros);
			}
			const waitMs = (due - clock.nowMicros()) / MICROS_PER_MS;
			if (waitMs > 0) await clock.sleep(waitMs, signal);
			if (signal.aborted) return;
			const tMicros = config.as === 'original' ? row.tMicros : due;
			// With their own times the hub flags such points as late; made anew, two points would share a time.
			if (config.as === 'now' && lastMicros !== undefined && tMicros <= lastMicros)
				return lose(`${row.place}: its time is not after that of the row before`);
			take(row, tMicros);
			({ offset, line } = after);
			if (seen.length >= ROWS_AT_ONCE) await emit();
		},
		/** Everything up to the end of the file. */
		async end(after: FilePlace): Promise<void> {
			if (lastMicros !== undefined) closeLost(lastMicros);
			({ offset, line } = after);
			await emit();
		},
	};
}
