import { isDocumentKind } from '#contracts/collect.ts';
import { messageOf, type Message } from './spool-message.ts';
import { partBody, partCount, type GapEntry, type Part } from './spool-part.ts';
import type { SpoolFile } from './spool-file.ts';

/** An item that waits for its number. */
export interface UnsealedItem {
	readonly id: number;
	readonly kind: Part['kind'];
	/** 1 = it stands for what the full queue gave up. */
	readonly dropped: 0 | 1;
	readonly count: number;
	readonly body: Uint8Array;
}

/** An item with the numbers of its messages: `span` of them from `seq` on, `chunk` rows in each. */
export interface SealedItem {
	readonly id: number;
	readonly kind: Part['kind'];
	readonly historical: 0 | 1;
	readonly writtenMs: number;
	readonly count: number;
	readonly seq: number;
	readonly span: number;
	readonly chunk: number;
	readonly bytes: number;
}

/** The table of items with its sums. All methods that write belong inside a transaction; `load` after a failed one. */
export interface SpoolItems {
	load(): void;
	/** Bodies and what an item takes beside them, about. */
	bytes(): number;
	/** Points, gaps and documents. */
	depth(): number;
	unsealed(): number;
	insert(part: Part, dropped: 0 | 1): void;
	/** The first or last unsealed item, of those after this one. */
	unsealedAt(end: 'first' | 'last', afterId?: number): UnsealedItem | undefined;
	/** Leaves these gaps instead of what an unsealed item held. */
	replace(item: UnsealedItem, gaps: readonly GapEntry[]): void;
	remove(item: Pick<SealedItem, 'id' | 'count' | 'bytes'>): void;
	removeUnsealed(item: UnsealedItem): void;
	sealed(): readonly SealedItem[];
	/** Numbers the oldest unsealed item from `seq` on. */
	sealOldest(seq: number, chunk: number): SealedItem;
	unsealAll(): void;
	message(item: SealedItem, seq: number): Message;
	/** When the oldest item after this one was written. */
	oldestMs(afterId: number): number | undefined;
}

/** What an item takes on disk beside its body, about. */
export const OVERHEAD_BYTES = 64;

export function partBytes(part: Part): number {
	return partBody(part).length + OVERHEAD_BYTES;
}

export function createSpoolItems(file: SpoolFile, nowMs: () => number): SpoolItems {
	const { sql } = file;
	let sums = { bytes: 0, depth: 0, unsealed: 0 };
	let last: { readonly id: number; readonly body: Uint8Array } | undefined;

	function add(change: { bytes: number; depth: number; unsealed: number }): void {
		sums = {
			bytes: sums.bytes + change.bytes,
			depth: sums.depth + change.depth,
			unsealed: sums.unsealed + change.unsealed,
		};
	}

	/** The last body is kept: an item of many messages is read once. */
	function bodyOf(id: number): Uint8Array {
		if (last?.id !== id)
			last = { id, body: sql('SELECT body FROM items WHERE id = ?').get(id)?.['body'] as Uint8Array };
		return last.body;
	}

	function drop(id: number): void {
		sql('DELETE FROM items WHERE id = ?').run(id);
		last = undefined; // SQLite gives the number of the last row again
	}

	return {
		load() {
			last = undefined;
			sums = sql(
				'SELECT coalesce(sum(length(body)), 0) + ? * count(*) AS bytes, coalesce(sum(count), 0) AS depth, coalesce(sum(seq IS NULL), 0) AS unsealed FROM items',
			).get(OVERHEAD_BYTES) as typeof sums;
		},
		bytes: () => sums.bytes,
		depth: () => sums.depth,
		unsealed: () => sums.unsealed,
		insert(part, dropped) {
			const body = partBody(part);
			const historical = part.kind === 'rows' && part.historical ? 1 : 0;
			sql('INSERT INTO items (kind, historical, dropped, count, created_ms, body) VALUES (?, ?, ?, ?, ?, ?)').run(
				part.kind,
				historical,
				dropped,
				partCount(part),
				nowMs(),
				body,
			);
			add({ bytes: body.length + OVERHEAD_BYTES, depth: partCount(part), unsealed: 1 });
		},
		unsealedAt(end, afterId = 0) {
			const order = end === 'first' ? 'ASC' : 'DESC';
			return sql(
				`SELECT id, kind, dropped, count, body FROM items WHERE seq IS NULL AND id > ? ORDER BY id ${order} LIMIT 1`,
			).get(afterId) as UnsealedItem | undefined;
		},
		replace(item, gaps) {
			const body = partBody({ kind: 'gaps', gaps });
			sql("UPDATE items SET kind = 'gaps', historical = 0, dropped = 1, count = ?, body = ? WHERE id = ?").run(
				gaps.length,
				body,
				item.id,
			);
			add({ bytes: body.length - item.body.length, depth: gaps.length - item.count, unsealed: 0 });
		},
		remove(item) {
			drop(item.id);
			add({ bytes: -item.bytes - OVERHEAD_BYTES, depth: -item.count, unsealed: 0 });
		},
		removeUnsealed(item) {
			drop(item.id);
			add({ bytes: -item.body.length - OVERHEAD_BYTES, depth: -item.count, unsealed: -1 });
		},
		sealed: () =>
			sql(
				'SELECT id, kind, historical, created_ms AS writtenMs, count, seq, span, chunk, length(body) AS bytes FROM items WHERE seq IS NOT NULL ORDER BY id',
			).all() as unknown as SealedItem[],
		sealOldest(seq, chunk) {
			const item = sql(
				'SELECT id, kind, historical, created_ms AS writtenMs, count, length(body) AS bytes FROM items WHERE seq IS NULL ORDER BY id LIMIT 1',
			).get() as Omit<SealedItem, 'seq' | 'span' | 'chunk'>;
			const span = spanOf(item, chunk);
			sql('UPDATE items SET seq = ?, span = ?, chunk = ? WHERE id = ?').run(seq, span, chunk, item.id);
			add({ bytes: 0, depth: 0, unsealed: -1 });
			return { ...item, seq, span, chunk };
		},
		unsealAll: () => sql('UPDATE items SET seq = NULL, span = NULL, chunk = NULL').run(),
		message: (item, seq) => messageOf(item, bodyOf(item.id), seq),
		oldestMs: (afterId) =>
			sql('SELECT created_ms FROM items WHERE id > ? ORDER BY id LIMIT 1').get(afterId)?.['created_ms'] as
				number | undefined,
	};
}

/** How many messages an item takes. */
function spanOf({ kind, count }: { readonly kind: Part['kind']; readonly count: number }, chunk: number): number {
	if (isDocumentKind(kind)) return 1;
	return kind === 'rows' ? Math.ceil(count / chunk) : count;
}
