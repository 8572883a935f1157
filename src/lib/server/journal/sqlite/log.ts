import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Topic } from '../port.ts';
import type { ReadAnswer, ReadQuestion } from './messages.ts';

interface Head {
	readonly topic: Topic;
	readonly partition: number;
	readonly insert: StatementSync;
	lastSeq: number;
	dirty: boolean;
}

interface Row {
	readonly seq: number;
	readonly bytes: Uint8Array;
}

/** The records: one table for each topic and partition, made with its first record; one numbering over all. */
export interface Log {
	append(topic: Topic, partition: number, bytes: Uint8Array): number;
	/** Writes the last seqs of what was appended; the last act of a transaction. */
	flush(): void;
	/** Forgets what a rolled-back transaction appended. */
	reload(): void;
	lastOf(topic: Topic, partition: number): number;
	lastSeq(): number;
	/** Smallest seq still kept; lastSeq + 1 when nothing is. */
	firstSeq(): number;
	read(question: ReadQuestion): ReadAnswer;
	/** Deletes at most `maxRecords` below the seq. @returns how many */
	trimSome(topic: Topic, partition: number, limits: { beforeSeq: number; maxRecords: number }): number;
}

export function createLog(db: DatabaseSync): Log {
	const heads = new Map<string, Head>();
	const saveHead = db.prepare('INSERT OR REPLACE INTO heads VALUES (?, ?, ?)');
	let lastSeq = 0;

	function load(): void {
		heads.clear();
		lastSeq = 0;
		for (const row of db.prepare('SELECT topic, part, last_seq FROM heads').all()) {
			const head = addHead(row['topic'] as Topic, Number(row['part']));
			head.lastSeq = Number(row['last_seq']);
			lastSeq = Math.max(lastSeq, head.lastSeq);
		}
	}

	function addHead(topic: Topic, partition: number): Head {
		const insert = db.prepare(`INSERT INTO ${tableOf(topic, partition)} VALUES (?, ?)`);
		const head = { topic, partition, insert, lastSeq: 0, dirty: false };
		heads.set(tableOf(topic, partition), head);
		return head;
	}

	function makeHead(topic: Topic, partition: number): Head {
		db.exec(`CREATE TABLE ${tableOf(topic, partition)} (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)`);
		return addHead(topic, partition);
	}

	load();
	return {
		append(topic, partition, bytes) {
			const head = heads.get(tableOf(topic, partition)) ?? makeHead(topic, partition);
			head.insert.run(lastSeq + 1, bytes);
			lastSeq += 1;
			head.lastSeq = lastSeq;
			head.dirty = true;
			return lastSeq;
		},
		flush() {
			for (const head of heads.values()) {
				if (!head.dirty) continue;
				saveHead.run(head.topic, head.partition, head.lastSeq);
				head.dirty = false;
			}
		},
		reload: load,
		lastOf: (topic, partition) => heads.get(tableOf(topic, partition))?.lastSeq ?? 0,
		lastSeq: () => lastSeq,
		firstSeq() {
			const firsts = [...heads.keys()].map(
				(table) => db.prepare(`SELECT min(seq) AS seq FROM ${table}`).get()?.['seq'],
			);
			return Math.min(lastSeq + 1, ...firsts.filter((seq) => typeof seq === 'number'));
		},
		read(question) {
			const tables = question.topics.map((topic) => tableOf(topic, question.partition));
			const cursors = tables.map((table) => (heads.has(table) ? rowsFrom(db, table, question.fromSeq) : undefined));
			try {
				return merge(cursors, question, lastSeq);
			} finally {
				for (const cursor of cursors) cursor?.return?.();
			}
		},
		trimSome(topic, partition, { beforeSeq, maxRecords }) {
			const table = tableOf(topic, partition);
			if (!heads.has(table)) return 0;
			const some = `SELECT seq FROM ${table} WHERE seq < ? ORDER BY seq LIMIT ?`;
			return Number(db.prepare(`DELETE FROM ${table} WHERE seq IN (${some})`).run(beforeSeq, maxRecords).changes);
		},
	};
}

/** Both parts come from closed sets (checked in ./journal.ts), so they may stand in a statement. */
function tableOf(topic: Topic, partition: number): string {
	return `log_${topic}_${partition}`;
}

function rowsFrom(db: DatabaseSync, table: string, fromSeq: number): IterableIterator<Row> {
	const select = db.prepare(`SELECT seq, bytes FROM ${table} WHERE seq >= ? ORDER BY seq`);
	return select.iterate(fromSeq) as unknown as IterableIterator<Row>;
}

/** Merges the topics by seq until the batch is full; a record larger than a batch is a batch of its own. */
function merge(
	cursors: readonly (IterableIterator<Row> | undefined)[],
	limits: ReadQuestion,
	lastSeq: number,
): ReadAnswer {
	const fronts = cursors.map((cursor) => next(cursor));
	const rows: Row[] = [];
	const topics: number[] = [];
	let size = 0;
	for (;;) {
		const at = smallest(fronts);
		const row = fronts[at];
		if (row === undefined) return pack(rows, topics, lastSeq + 1);
		if (rows.length >= limits.maxRecords || (rows.length > 0 && size + row.bytes.length > limits.maxBytes))
			return pack(rows, topics, row.seq);
		rows.push(row);
		topics.push(at);
		size += row.bytes.length;
		fronts[at] = next(cursors[at]);
	}
}

function next(cursor: IterableIterator<Row> | undefined): Row | undefined {
	const step = cursor?.next();
	return step === undefined || step.done ? undefined : step.value;
}

function smallest(fronts: readonly (Row | undefined)[]): number {
	let best = -1;
	fronts.forEach((row, i) => {
		if (row !== undefined && row.seq < (fronts[best]?.seq ?? Infinity)) best = i;
	});
	return best;
}

function pack(rows: readonly Row[], topics: readonly number[], nextSeq: number): ReadAnswer {
	const packed = new Uint8Array(rows.reduce((sum, row) => sum + row.bytes.length, 0));
	const ends = new Uint32Array(rows.length);
	let at = 0;
	rows.forEach((row, i) => {
		packed.set(row.bytes, at);
		at += row.bytes.length;
		ends[i] = at;
	});
	const seqs = Float64Array.from(rows, (row) => row.seq);
	return { seqs, topics: Uint8Array.from(topics), ends, packed: packed.buffer, nextSeq };
}
