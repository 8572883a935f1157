import { OLDEST_MICROS, timeFault } from '#contracts/time.ts';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { ROW_BYTES, type Row } from '#contracts/rows.ts';
import { keyFault, labelsFault } from '#contracts/stream.ts';
import type { DeclaredStream } from '#contracts/collect.ts';
import type { Clock } from './clock.ts';
import {
	isGap,
	type Emission,
	type Emitter,
	type GapSeen,
	type PointSeen,
	type StreamDeclaration,
} from './collector.ts';
import type { Queue } from './queue.ts';
import { ITEM_BYTES, type Spool } from './spool.ts';
import { encodeRows, type GapEntry, type Part } from './spool-part.ts';

/** What has passed; outlives an emitter, as a collector may be started several times. */
export interface EmitterCounts {
	points: number;
	gaps: number;
	faults: number;
}

export interface OpenEmitter {
	readonly emitter: Emitter;
	/**
	 * Aborts, with the error as its reason, when something could not be written: everything after it is refused too, so
	 * that no cursor passes over what was lost. The collector has to be started again.
	 */
	readonly broken: AbortSignal;
	/** Refuses what comes later and waits until what came is on disk or has failed; the cursor is settled then. */
	close(): Promise<void>;
}

const MAX_REASON_CHARS = 200;
const ROWS_PER_PART = Math.floor(ITEM_BYTES / ROW_BYTES);

/** The collector's side of the queue, for one start of it: checks what it is given, counts, and turns it into parts. */
export function createEmitter(options: {
	readonly spool: Spool;
	readonly queue: Queue;
	readonly clock: Clock;
	readonly counts: EmitterCounts;
	readonly onFault: (message: string) => void;
}): OpenEmitter {
	const { spool, queue, clock, counts } = options;
	const underWay = new Set<Promise<void>>();
	const broken = new AbortController();
	let isClosed = false;

	function fault(message: string): void {
		counts.faults++;
		options.onFault(message);
	}

	/** The hub would set such a point aside; here the fault still has its source beside it. */
	function isTimely(seen: PointSeen | GapSeen, nowMicros: number): boolean {
		const cause = isGap(seen) ? gapTimeFault(seen) : timeFault(seen.tMicros, nowMicros);
		if (cause) fault(`${spool.declaration(seen.stream).key}: ${cause}`);
		return cause === undefined;
	}

	async function write(emission: Emission): Promise<void> {
		const nowMicros = clock.nowMicros();
		const seen = emission.seen.filter((one) => isTimely(one, nowMicros)).map(finiteOrGap);
		const gaps = seen.filter(isGap).length;
		const cursor = emission.cursor === undefined ? undefined : JSON.stringify(emission.cursor);
		await queue.write({ parts: partsOf(seen, emission.historical ?? false), cursor });
		counts.points += seen.length - gaps;
		counts.gaps += gaps;
	}

	function emit(emission: Emission): Promise<void> {
		if (isClosed) return Promise.reject(new Error('nothing may be emitted after the collector has ended'));
		if (broken.signal.aborted) return Promise.reject(new Error(messageOf(broken.signal.reason)));
		const writing = write(emission);
		underWay.add(writing);
		writing.catch((error: unknown) => broken.abort(error)).finally(() => underWay.delete(writing));
		return writing;
	}

	return {
		emitter: { cursor: spool.cursor, stream: (declaration) => spool.streamId(declared(declaration)), emit, fault },
		broken: broken.signal,
		async close() {
			isClosed = true;
			await Promise.allSettled(underWay);
		},
	};
}

/** @throws ConfigError when key or labels cannot name a stream */
function declared({ key, unit = '', labels = {}, kind = 'machine' }: StreamDeclaration): DeclaredStream {
	const cause = keyFault(key) ?? labelsFault(labels);
	if (cause) throw new ConfigError(`cannot use this name for a stream: ${cause}; choose another "stream"`);
	return { key, unit, labels, kind };
}

function gapTimeFault(gap: GapSeen): string | undefined {
	const isRight = gap.fromMicros >= OLDEST_MICROS && gap.toMicros >= gap.fromMicros;
	return isRight ? undefined : `a gap from ${gap.fromMicros} to ${gap.toMicros} µs is not a stretch of time after 1971`;
}

function finiteOrGap(seen: PointSeen | GapSeen): PointSeen | GapSeen {
	if (isGap(seen) || Number.isFinite(seen.v)) return seen;
	return { stream: seen.stream, fromMicros: seen.tMicros, toMicros: seen.tMicros, reason: `no value: ${seen.v}` };
}

/** Runs of points and runs of gaps, in order, no part longer than an item. */
function partsOf(seen: readonly (PointSeen | GapSeen)[], historical: boolean): Part[] {
	const parts: Part[] = [];
	let rows: Row[] = [];
	let gaps: GapEntry[] = [];
	const flush = () => {
		if (rows.length > 0) parts.push({ kind: 'rows', body: encodeRows(rows), historical });
		if (gaps.length > 0) parts.push({ kind: 'gaps', gaps });
		rows = [];
		gaps = [];
	};
	for (const one of seen) {
		if (isGap(one) ? rows.length > 0 : gaps.length > 0 || rows.length >= ROWS_PER_PART) flush();
		if (isGap(one)) gaps.push(gapEntry(one));
		else rows.push(one);
	}
	flush();
	return parts;
}

function gapEntry({ stream, fromMicros: from, toMicros: to, reason }: GapSeen): GapEntry {
	return { stream, from, to, reason: reason.slice(0, MAX_REASON_CHARS) };
}
