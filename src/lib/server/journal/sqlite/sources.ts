import type { DatabaseSync } from 'node:sqlite';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { RecordId } from '../port.ts';

const KEY_KEPT_MICROS = 24 * 3600 * 1_000_000;
const PRUNE_EVERY_MICROS = 60 * 1_000_000;
const PRUNE_AT_ONCE = 5000;

interface Highest {
	readonly source: string;
	readonly epoch: string;
	highest: number;
	journalSeq: number;
	dirty: boolean;
}

/** What has been published under which id. Reads see the transaction that is open. */
export interface Sources {
	/** @returns the seq that the first one got (0 = no longer known), undefined when this id is new */
	seen(id: RecordId, nowMicros: number): number | undefined;
	note(id: RecordId, journalSeq: number, nowMicros: number): void;
	highestOf(source: string, epoch: string): number;
	/** Writes the highest numbers of the open transaction: once per source, however many batches it sent. */
	flush(): void;
	reload(): void;
	/** Forgets keys older than a day, a few at a time. */
	prune(nowMicros: number): void;
}

/** A key that is kept for less than a day is written down as one that is older: all age alike then. */
function forgottenEarlier({ keptMs = Infinity }: { readonly keptMs?: number }): number {
	return Math.max(0, KEY_KEPT_MICROS - keptMs * MICROS_PER_MS);
}

export function createSources(db: DatabaseSync): Sources {
	const open = new Map<string, Highest>();
	const select = db.prepare('SELECT highest, journal_seq FROM sources WHERE source = ? AND epoch = ?');
	const save = db.prepare('INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?)');
	const selectKey = db.prepare('SELECT journal_seq FROM keys WHERE key = ? AND at_micros > ?');
	const saveKey = db.prepare('INSERT OR REPLACE INTO keys VALUES (?, ?, ?)');
	const old = 'SELECT key FROM keys WHERE at_micros <= ? ORDER BY at_micros LIMIT ?';
	const forget = db.prepare(`DELETE FROM keys WHERE key IN (${old})`);
	let prunedMicros = -Infinity;

	function find(source: string, epoch: string): Highest {
		const name = `${source}\n${epoch}`;
		const known = open.get(name);
		if (known) return known;
		const row = select.get(source, epoch);
		const highest = Number(row?.['highest'] ?? 0);
		const found = { source, epoch, highest, journalSeq: Number(row?.['journal_seq'] ?? 0), dirty: false };
		open.set(name, found);
		return found;
	}

	return {
		seen(id, nowMicros) {
			if ('key' in id) {
				const row = selectKey.get(id.key, nowMicros - KEY_KEPT_MICROS);
				return row && Number(row['journal_seq']);
			}
			const { highest, journalSeq } = find(id.source, id.epoch);
			if (id.seq > highest) return undefined;
			return id.seq === highest ? journalSeq : 0;
		},
		note(id, journalSeq, nowMicros) {
			if ('key' in id) saveKey.run(id.key, journalSeq, nowMicros - forgottenEarlier(id));
			else Object.assign(find(id.source, id.epoch), { highest: id.seq, journalSeq, dirty: true });
		},
		highestOf: (source, epoch) => Number(select.get(source, epoch)?.['highest'] ?? 0),
		flush() {
			for (const one of open.values()) if (one.dirty) save.run(one.source, one.epoch, one.highest, one.journalSeq);
			open.clear();
		},
		reload: () => open.clear(),
		prune(nowMicros) {
			if (nowMicros - prunedMicros < PRUNE_EVERY_MICROS) return;
			const removed = forget.run(nowMicros - KEY_KEPT_MICROS, PRUNE_AT_ONCE).changes;
			if (removed < PRUNE_AT_ONCE) prunedMicros = nowMicros;
		},
	};
}
