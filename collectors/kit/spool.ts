import { BATCH_HEADER_BYTES, type DeclaredStream } from '#contracts/collect.ts';
import { ROW_BYTES } from '#contracts/rows.ts';
import type { SpoolStats } from '../messages.ts';
import { joinParts, type Part } from './spool-part.ts';
import { openSpoolFile, type SpoolFile } from './spool-file.ts';
import { createSpoolItems, OVERHEAD_BYTES, partBytes, type SealedItem } from './spool-items.ts';
import { createDropping } from './spool-full.ts';
import type { Message } from './spool-message.ts';
import { createSpoolStreams } from './spool-streams.ts';

export type WhenFull = 'block' | 'drop-oldest' | 'drop-newest';

export interface SpoolOptions {
	readonly file: string;
	readonly capBytes: number;
	readonly whenFull: WhenFull;
	/** A new random id for a new numbering. */
	readonly newEpoch: () => string;
	readonly nowMs: () => number;
	/** The file turned out to be damaged after it was opened. */
	readonly onDamaged: (error: unknown) => void;
}

/** What one emission leaves: kept whole or not at all. */
export interface SpoolWrite {
	readonly parts: readonly Part[];
	/** JSON of where the source stands after these; undefined leaves it. */
	readonly cursor: string | undefined;
	/** More of the same, by name; without bytes: forgotten. */
	readonly notes?: ReadonlyMap<string, Uint8Array>;
}

/** How much may be under way to the hub; undefined while it is away. */
export interface SendWindow {
	readonly messages: number;
	readonly bytes: number;
	/** The hub's bound for one message. */
	readonly maxBytes: number;
}

/**
 * The disk queue of one collector.
 *
 * What is written waits *unsealed*, without a number. When the hub is there and its window has room, the oldest are
 * *sealed*: they get message numbers, without gaps, in a transaction of their own or of the next write, and only then
 * are sent. So a full queue can give up what is unsealed without leaving a hole in the numbering, and a resend after a
 * crash has the numbers and the bytes of the first time.
 */
export interface Spool {
	epoch(): string;
	/** What the last committed write said; undefined when none has. */
	cursor(): unknown;
	/** Those of all committed writes. */
	notes(): ReadonlyMap<string, Uint8Array>;
	/** The number of a stream in this spool; kept with the next commit. */
	streamId(declaration: DeclaredStream): number;
	declaration(streamId: number): DeclaredStream;
	/** Streams asked for since the spool was opened. */
	currentStreams(): readonly number[];
	/**
	 * One transaction, on disk when it returns: forgets what was acknowledged, appends, seals as the window allows.
	 *
	 * @returns how many of the writes were taken; fewer than given when the queue is full and its policy is `block`
	 */
	commit(writes: readonly SpoolWrite[], window: SendWindow | undefined): number;
	/** What a commit would do though nothing is to be written; `forget` only deletes what the hub has, and can wait. */
	due(window: SendWindow | undefined): 'seal' | 'forget' | 'nothing';
	/** The hub has everything up to this number. @returns false when no such message was ever made */
	acknowledge(seq: number): boolean;
	/** The hub will never take this message: it counts as done. */
	settle(seq: number): void;
	/** The highest number that the hub is known to have. */
	acked(): number;
	/** The lowest number after `after` that is to be sent; undefined when there is none. */
	nextSeq(after: number): number | undefined;
	/** @throws RangeError for a number that is not sealed */
	message(seq: number): Message;
	/** The hub does not know this numbering any more: begins a new one, with all that is not acknowledged. */
	renumber(): void;
	stats(): Omit<SpoolStats, 'refused'>;
	close(): void;
}

/** One item's rows stay below this; a hub may ask for smaller messages. */
export const ITEM_BYTES = 64 * 1024;

/** How much of its cap a full queue gives up at once: merging the gaps of many streams for each new item would be slow. */
const DROP_SHARE = 64;

/** @throws RetriableError when the file cannot be opened or another process holds it; what `isCorrupt` knows */
export function createSpool(options: SpoolOptions): Spool {
	const file = openSpoolFile(options.file, options.onDamaged);
	try {
		return spoolOf(file, options);
	} catch (error) {
		file.close();
		throw error;
	}
}

function spoolOf(file: SpoolFile, options: SpoolOptions): Spool {
	const items = createSpoolItems(file, options.nowMs);
	const streams = createSpoolStreams(file);
	const dropping = createDropping(items);
	const settled = new Set<number>();
	let epoch = '';
	let cursor: string | undefined;
	/** The number that the next message gets. */
	let next = 1;
	let acked = 0;
	let savedAcked = 0;
	let sealed: SealedItem[] = [];
	/** Sealed ones that the hub has; the next commit deletes them. */
	let done: SealedItem[] = [];

	/** Memory as the file has it: at the start, and after a transaction that failed. */
	function load(): void {
		items.load();
		epoch = file.meta('epoch') ?? '';
		cursor = file.meta('cursor');
		next = Number(file.meta('next') ?? 1);
		savedAcked = Number(file.meta('acked') ?? 0);
		acked = Math.max(acked, savedAcked);
		sealed = [...items.sealed()];
		done = [];
		collectDone();
	}

	/** Runs a transaction; when it fails memory goes back to what the file says. */
	function change<T>(act: () => T): T {
		try {
			return file.transaction(act);
		} catch (error) {
			load();
			throw error;
		}
	}

	const isDone = (item: SealedItem) => numbersOf(item).every((seq) => seq <= acked || settled.has(seq));

	function collectDone(): void {
		const now = sealed.filter(isDone);
		if (now.length === 0) return;
		sealed = sealed.filter((item) => !now.includes(item));
		done.push(...now);
	}

	function forget(): void {
		for (const item of done) {
			items.remove(item);
			for (const seq of numbersOf(item)) settled.delete(seq);
		}
		done = [];
		if (acked !== savedAcked) file.setMeta('acked', String(acked));
		savedAcked = acked;
	}

	const fits = (more: number) => items.bytes() + more <= options.capBytes;

	function append(part: Part): void {
		const size = partBytes(part);
		if (options.whenFull === 'drop-newest' && !fits(size) && items.depth() > 0) return dropping.newest(part);
		if (options.whenFull === 'drop-oldest') while (!fits(size) && dropping.oldest(options.capBytes / DROP_SHARE));
		items.insert(part, 0);
	}

	/** How many of the writes there is room for; an empty queue takes one however large it is. */
	function roomFor(writes: readonly SpoolWrite[]): number {
		if (options.whenFull !== 'block') return writes.length;
		let total = 0;
		const tooMany = writes.findIndex((write, i) => {
			total += write.parts.reduce((sum, part) => sum + partBytes(part), 0);
			return write.parts.length > 0 && !fits(total) && (i > 0 || items.depth() > 0);
		});
		return tooMany < 0 ? writes.length : tooMany;
	}

	/** One item may always be under way, however large. */
	function windowHasRoom(window: SendWindow): boolean {
		const [first] = sealed;
		if (!first) return true;
		const messages = next - Math.max(acked + 1, first.seq);
		return messages < window.messages && sealed.reduce((sum, item) => sum + item.bytes, 0) < window.bytes;
	}

	function seal(window: SendWindow): void {
		const chunk = Math.max(1, Math.floor((window.maxBytes - BATCH_HEADER_BYTES) / ROW_BYTES));
		const before = next;
		while (items.unsealed() > 0 && windowHasRoom(window)) {
			const item = items.sealOldest(next, chunk);
			sealed.push(item);
			next += item.span;
		}
		if (next !== before) file.setMeta('next', String(next));
	}

	function write(writes: readonly SpoolWrite[]): void {
		const parts = writes.flatMap((one) => one.parts);
		for (const part of joinParts(parts, ITEM_BYTES)) append(part);
		for (const [name, body] of new Map(writes.flatMap(({ notes }) => [...(notes ?? [])]))) file.setNote(name, body);
		const last = writes.findLast((one) => one.cursor !== undefined)?.cursor;
		if (last === undefined) return;
		file.setMeta('cursor', last);
		cursor = last;
	}

	change(() => {
		if (file.meta('epoch') === undefined) file.setMeta('epoch', options.newEpoch());
	});
	load();

	return {
		epoch: () => epoch,
		cursor: () => (cursor === undefined ? undefined : (JSON.parse(cursor) as unknown)),
		notes: file.notes,
		streamId: streams.idOf,
		declaration: streams.declaration,
		currentStreams: streams.current,
		commit(writes, window) {
			const taken = change(() => {
				streams.save();
				forget();
				const room = roomFor(writes);
				write(writes.slice(0, room));
				if (window) seal(window);
				return room;
			});
			streams.saved();
			if (items.depth() === 0) file.shrink();
			return taken;
		},
		due(window) {
			if (window !== undefined && items.unsealed() > 0 && windowHasRoom(window)) return 'seal';
			return done.length > 0 ? 'forget' : 'nothing';
		},
		acknowledge(seq) {
			if (seq >= next) return false;
			acked = Math.max(acked, seq);
			collectDone();
			return true;
		},
		settle(seq) {
			settled.add(seq);
			collectDone();
		},
		acked: () => acked,
		nextSeq(after) {
			for (const item of sealed)
				for (let seq = Math.max(item.seq, after + 1); seq < item.seq + item.span; seq++)
					if (!settled.has(seq)) return seq;
			return undefined;
		},
		message(seq) {
			const item = sealed.find((candidate) => seq >= candidate.seq && seq < candidate.seq + candidate.span);
			if (!item) throw new RangeError(`the queue has no message ${seq}`);
			return items.message(item, seq);
		},
		renumber() {
			change(() => {
				forget();
				items.unsealAll();
				file.setMeta('epoch', options.newEpoch());
				file.setMeta('next', '1');
				file.setMeta('acked', '0');
			});
			acked = 0;
			settled.clear();
			load();
		},
		stats() {
			const sum = (of: 'count' | 'bytes') => done.reduce((total, item) => total + item[of], 0);
			const createdMs = items.oldestMs(done.at(-1)?.id ?? 0);
			const oldestMs = createdMs === undefined ? 0 : Math.max(0, options.nowMs() - createdMs);
			return {
				depth: items.depth() - sum('count'),
				bytes: items.bytes() - sum('bytes') - done.length * OVERHEAD_BYTES,
				capBytes: options.capBytes,
				oldestMs,
				dropped: dropping.points(),
			};
		},
		close: () => file.close(),
	};
}

function numbersOf(item: SealedItem): number[] {
	return Array.from({ length: item.span }, (_, i) => item.seq + i);
}
