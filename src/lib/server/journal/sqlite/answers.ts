import { backup } from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import type { Topic } from '../port.ts';
import type { Answer, KeptValue, Question, WorkerStats } from './messages.ts';
import type { Log } from './log.ts';
import type { Space } from './space.ts';
import type { Sources } from './sources.ts';
import { pragma } from './database.ts';

/** Deleted between two commits: a few milliseconds' work, so that a long trim delays no publisher. */
const TRIM_RECORDS = 500;
/** Unused pages that stay in the file for what comes next; what is above goes back to the disk. */
const KEEP_UNUSED_BYTES = 64 * 1024 * 1024;
const RECLAIM_PAGES = 256;
const RECLAIM_EVERY_MS = 50;
/** Copied at once; a commit waits that long: 2 MB, a few milliseconds. */
const COPY_PAGES = 128;

// Sorts after every key that begins with a prefix: SQLite compares UTF-8 bytes.
const LAST_CHARACTER = '\u{10ffff}';

export interface Reply {
	done(answer: Answer, transfer?: ArrayBuffer[]): void;
	failed(error: unknown): void;
}

/** Everything but writing records and values. */
export interface Answers {
	give(question: Question, reply: Reply): void;
}

interface Parts {
	readonly db: DatabaseSync;
	readonly log: Log;
	readonly sources: Sources;
	readonly space: Space;
}

export function createAnswers(parts: Parts): Answers {
	const { db, log, sources } = parts;
	const get = db.prepare('SELECT key, value, revision FROM kv WHERE key = ?');
	const list = db.prepare('SELECT key, value, revision FROM kv WHERE key >= ? AND key < ? ORDER BY key');
	const token = db.prepare(
		'INSERT INTO leases VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET token = token + 1 RETURNING token',
	);
	const cleaner = createCleaner(parts);

	function answer(question: Question, reply: Reply): void {
		switch (question.kind) {
			case 'read': {
				const read = log.read(question);
				return reply.done(read, [read.packed]);
			}
			case 'highestOf':
				return reply.done(sources.highestOf(question.source, question.epoch));
			case 'lastSeq':
				return reply.done(log.lastOf(question.topic, question.partition));
			case 'get':
				return reply.done(get.get(question.key) as unknown as KeptValue | undefined);
			case 'list':
				return reply.done(list.all(question.prefix, question.prefix + LAST_CHARACTER) as unknown as KeptValue[]);
			case 'nextToken':
				return reply.done(Number(token.get(question.name)?.['token']));
			case 'trim':
				return cleaner.trim(question, reply);
			case 'stats':
				return reply.done(statsOf(parts));
			case 'copy':
				// By this connection, as no other may open the file: what is committed meanwhile is copied, too.
				return void backup(db, question.file, { rate: COPY_PAGES }).then(() => reply.done(undefined), reply.failed);
			case 'close':
				cleaner.stop();
				db.close();
				return reply.done(undefined);
		}
	}

	return {
		give(question, reply) {
			try {
				answer(question, reply);
			} catch (error) {
				reply.failed(error);
			}
		},
	};
}

function statsOf({ log, space }: Parts): WorkerStats {
	return {
		bytes: space.bytes(),
		capBytes: space.capBytes(),
		firstSeq: log.firstSeq(),
		lastSeq: log.lastSeq(),
		refusing: space.refusing() ?? null,
	};
}

interface TrimRange {
	readonly topics: readonly Topic[];
	readonly partition: number;
	readonly beforeSeq: number;
}

/** Deletes and gives back in small steps with turns of the loop between them, in which commits get their way. */
function createCleaner({ db, log, space }: Parts) {
	const pageBytes = pragma(db, 'page_size');
	let timer: NodeJS.Timeout | undefined;
	let stopped = false;

	function trim(range: TrimRange, reply: Reply): void {
		const [topic, ...others] = range.topics;
		if (topic === undefined || stopped) {
			reclaimLater();
			return reply.done(undefined);
		}
		try {
			const limits = { beforeSeq: range.beforeSeq, maxRecords: TRIM_RECORDS };
			const removed = log.trimSome(topic, range.partition, limits);
			space.measure();
			const rest = removed < TRIM_RECORDS ? { ...range, topics: others } : range;
			setImmediate(() => trim(rest, reply));
		} catch (error) {
			reply.failed(error);
		}
	}

	function reclaimLater(): void {
		if (stopped || timer !== undefined) return;
		if (pragma(db, 'freelist_count') * pageBytes <= KEEP_UNUSED_BYTES) return;
		timer = setTimeout(() => {
			timer = undefined;
			try {
				db.exec(`PRAGMA incremental_vacuum(${RECLAIM_PAGES})`);
				reclaimLater();
			} catch {
				// Giving back needs a little room itself. Without it the pages stay for reuse, and the next trim tries again.
			}
		}, RECLAIM_EVERY_MS);
	}

	return {
		trim,
		stop(): void {
			stopped = true;
			clearTimeout(timer);
		},
	};
}
