import { OLDEST_MICROS, timeFault } from '#contracts/time.ts';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { keyFault, labelsFault } from '#contracts/stream.ts';
import { encodeDocuments, encodeLogLines, type DeclaredStream, type DocumentKind } from '#contracts/collect.ts';
import type { NewestValue } from '../messages.ts';
import type { Clock } from './clock.ts';
import {
	isGap,
	type Emission,
	type Emitter,
	type GapSeen,
	type PointSeen,
	type StreamDeclaration,
} from './collector.ts';
import type { Gathering, Queue } from './queue.ts';
import type { Group } from './group.ts';
import type { GapEntry } from './spool-part.ts';
import type { Spool } from './spool.ts';

/** What has passed; outlives an emitter, as a collector may be started several times. */
export interface EmitterCounts {
	points: number;
	gaps: number;
	faults: number;
	/** Lines of logs, and calls. */
	documents: number;
	/** What was measured last, by its own time. */
	newest: NewestValue | null;
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
/** Half of what a hub takes as one message. */
const MAX_DOCUMENT_BYTES = 256 * 1024;

/** The collector's side of the queue, for one start of it: checks what it is given, counts, and encodes it. */
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

	/** No step of it waits, so all of an emission is in one group. */
	function add(
		{ seen, logs = [], calls = [], events = [], notes, historical = false }: Emission,
		cursor: string | undefined,
		{ group }: Gathering,
	): void {
		const nowMicros = clock.nowMicros();
		let newest: PointSeen | undefined;
		for (const one of seen) {
			if (!isTimely(one, nowMicros)) continue;
			if (isGap(one)) group.gap(gapEntry(one));
			else if (Number.isFinite(one.v)) {
				group.point(one, historical);
				if (newest === undefined || one.tMicros >= newest.tMicros) newest = one;
			} else group.gap({ stream: one.stream, from: one.tMicros, to: one.tMicros, reason: `no value: ${one.v}` });
		}
		if (newest) keepNewest(newest);
		for (const line of logs) {
			const where = `log of ${line.source ?? 'nobody'}`;
			const late = timeFault(line.tMicros, nowMicros);
			if (late === undefined) addDocument(where, 'logs', encodeLogLines([line]), group);
			else fault(`${where}: ${late}`);
		}
		for (const call of calls)
			addDocument(`call of ${call.provider}/${call.model}`, 'calls', encodeDocuments([call]), group);
		for (const event of events) {
			const late = timeFault(event.tMicros, nowMicros);
			if (late === undefined) addDocument(`${event.kind} of ${event.asset}`, 'events', encodeDocuments([event]), group);
			else fault(`${event.kind} of ${event.asset}: ${late}`);
		}
		if (cursor !== undefined) group.cursor(cursor);
		if (notes) for (const [name, bytes] of notes) group.note(name, bytes);
	}

	function keepNewest({ stream, v, tMicros }: PointSeen): void {
		if (tMicros < (counts.newest?.tMicros ?? -Infinity)) return;
		const { key, unit } = spool.declaration(stream);
		counts.newest = { stream: key, unit, v, tMicros };
	}

	function addDocument(where: string, kind: DocumentKind, body: Uint8Array, group: Group): void {
		if (body.length <= MAX_DOCUMENT_BYTES) group.document(kind, body);
		else fault(`${where}: a line of ${body.length} bytes; ${MAX_DOCUMENT_BYTES} are allowed`);
	}

	/** Once for each group, however many emissions share it. */
	function watch({ group, written }: Gathering): void {
		if (underWay.has(written)) return;
		underWay.add(written);
		const count = () => {
			const { points, gaps, documents } = group.counts();
			counts.points += points;
			counts.gaps += gaps;
			counts.documents += documents;
		};
		written.then(count, (error: unknown) => broken.abort(error)).finally(() => underWay.delete(written));
	}

	function emit(emission: Emission): Promise<void> {
		if (isClosed) return Promise.reject(new Error('nothing may be emitted after the collector has ended'));
		if (broken.signal.aborted) return Promise.reject(new Error(messageOf(broken.signal.reason)));
		try {
			mustBeDeclared(emission, spool);
			// The text of now: the collector may go on with the same object.
			const cursor = emission.cursor === undefined ? undefined : JSON.stringify(emission.cursor);
			const gathering = queue.gather();
			add(emission, cursor, gathering);
			watch(gathering);
			return gathering.written;
		} catch (error) {
			broken.abort(error);
			return Promise.reject(error instanceof Error ? error : new Error(messageOf(error)));
		}
	}

	return {
		emitter: {
			cursor: spool.cursor,
			notes: spool.notes,
			stream: (declaration) => spool.streamId(declared(declaration)),
			emit,
			fault,
		},
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

/** Before anything of it is taken: a row of a stream that nobody knows could never be sent. */
function mustBeDeclared({ seen }: Emission, spool: Spool): void {
	for (const { stream } of seen) spool.declaration(stream);
}

function gapEntry({ stream, fromMicros: from, toMicros: to, reason }: GapSeen): GapEntry {
	return { stream, from, to, reason: reason.slice(0, MAX_REASON_CHARS) };
}
