import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { NowMicros } from '#contracts/time.ts';
import { JournalFullError } from '../port.ts';
import type { Journal, JournalRecord, Publication, Published, ReadRange, Topic } from '../port.ts';
import { openChannel } from './channel.ts';
import type { Channel, Committed, Write } from './channel.ts';
import { createLeases } from './leases.ts';
import type { KeptValue, ReadAnswer, WorkerStats } from './messages.ts';
import { createJournalMetrics } from './metrics.ts';
import { readRecords } from './read.ts';
import { createSignal } from './signal.ts';
import { createTail } from './tail.ts';

const RESERVE_BYTES = 2 * 1024 ** 3;
const TAIL = { maxRecords: 20_000, maxBytes: 16 * 1024 * 1024 };
const TOPICS: readonly Topic[] = ['points', 'calls', 'logs', 'events', 'commands', 'verdicts', 'refused'];
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

export interface SqliteJournalOptions {
	readonly file: string;
	readonly log: Logger;
	readonly registry?: Registry;
	/** Bytes of records and values; default a quarter of what the disk has free at the start. */
	readonly capBytes?: number;
	/** What the disk keeps free for others; default 2 GiB. */
	readonly reserveBytes?: number;
	readonly now: NowMicros;
}

export interface SqliteJournal extends Journal {
	/** Writes a copy, complete as of some moment before it resolves, while publishing goes on. */
	copyTo(file: string): Promise<void>;
}

/**
 * The journal in one SQLite file, owned by one process; a thread of its own writes it.
 *
 * @throws ConfigError when another process has the file open or a newer version wrote it
 */
export async function createSqliteJournal(options: SqliteJournalOptions): Promise<SqliteJournal> {
	const metrics = createJournalMetrics(options.registry);
	const grown = createSignal();
	const channel = await openChannel({
		settings: {
			file: options.file,
			capBytes: options.capBytes,
			reserveBytes: options.reserveBytes ?? RESERVE_BYTES,
		},
		now: options.now,
		log: options.log,
		onGroup: metrics.group,
		onBroken: grown.fail,
		onCommitted(committed) {
			for (const record of recordsOf(committed)) tail.push(record);
			count(committed);
			grown.raise();
		},
	});
	metrics.queue(channel.queuedBytes);
	const tail = createTail({ lastSeq: channel.lastSeq, ...TAIL });
	const leases = createLeases(async (name) => (await channel.ask({ kind: 'nextToken', name })) as number);

	function count({ call, written }: Committed): void {
		if (call.op !== 'publish') return;
		const duplicates = new Set(written.duplicates);
		call.publications.forEach(({ topic }, i) =>
			duplicates.has(i) ? metrics.duplicate(topic) : metrics.published(topic),
		);
		metrics.lastSeq(tail.lastSeq());
	}

	async function write(what: Write) {
		try {
			return await channel.write(what);
		} catch (error) {
			if (error instanceof JournalFullError) metrics.full();
			throw error;
		}
	}

	async function publishAll(publications: readonly Publication[]): Promise<readonly Published[]> {
		if (publications.length === 0) return [];
		for (const publication of publications) check(publication);
		const { numbers, duplicates } = await write({ op: 'publish', publications });
		const known = new Set(duplicates);
		// With the number of the request that it came by: from there on records are told by their seq.
		if (options.log.isLevelEnabled('debug'))
			options.log.debug({ topic: publications[0]?.topic, firstSeq: numbers[0], lastSeq: numbers.at(-1) }, 'durable');
		return numbers.map((seq, i) => ({ seq, duplicate: known.has(i) }));
	}

	async function putAll(entries: Parameters<Journal['putAll']>[0]): Promise<readonly number[]> {
		return entries.length === 0 ? [] : (await write({ op: 'put', entries })).numbers;
	}

	return {
		generation: channel.generation,
		publishAll,
		async publish(publication) {
			const [published] = await publishAll([publication]);
			if (!published) throw new Error('journal gave no result');
			return published;
		},
		read: (range: ReadRange) => readRecords({ range, tail, grown, fetch: fetchFrom(channel) }),
		highestOf: async (source, epoch) => (await channel.ask({ kind: 'highestOf', source, epoch })) as number,
		lastSeq: async (topic, partition) => (await channel.ask({ kind: 'lastSeq', topic, partition })) as number,
		get: async (key) => (await channel.ask({ kind: 'get', key })) as KeptValue | undefined,
		async put(key, value, expectRevision) {
			const [revision = 0] = await putAll([
				{ key, value, ...(expectRevision === undefined ? {} : { expectRevision }) },
			]);
			return revision;
		},
		putAll,
		list: async (prefix) => (await channel.ask({ kind: 'list', prefix })) as readonly KeptValue[],
		// Nobody outside this process can hold one, and inside nobody forgets to renew: the ttl has no part here.
		lease: (name) => leases.acquire(name),
		trim: async (range) => void (await channel.ask({ kind: 'trim', ...range })),
		stats: async () => (await channel.ask({ kind: 'stats' })) as WorkerStats,
		copyTo: async (file) => void (await channel.ask({ kind: 'copy', file })),
		async close() {
			leases.close();
			grown.end();
			await channel.close();
		},
	};
}

/** Table names are made of these two, so nothing else may get to the worker. */
function check({ topic, partition, bytes }: Publication): void {
	if (!TOPICS.includes(topic)) throw new RangeError(`no topic is called "${topic}"`);
	if (!Number.isInteger(partition) || partition < 0) throw new RangeError(`${partition} is no partition`);
	if (bytes.length > MAX_RECORD_BYTES)
		throw new RangeError(`a record has ${bytes.length} bytes; ${MAX_RECORD_BYTES} are allowed`);
}

function recordsOf({ call, written, packed }: Committed): readonly JournalRecord[] {
	if (call.op !== 'publish') return [];
	const duplicates = new Set(written.duplicates);
	return call.publications.flatMap(({ topic, partition, at, length }, i) => {
		const seq = written.numbers[i];
		if (seq === undefined || duplicates.has(i)) return [];
		return [{ seq, topic, partition, bytes: new Uint8Array(packed, at, length) }];
	});
}

function fetchFrom(channel: Channel) {
	return async (range: ReadRange, batch: { readonly maxRecords: number; readonly maxBytes: number }) => {
		const { topics, partition, fromSeq } = range;
		const answer = (await channel.ask({ kind: 'read', topics, partition, fromSeq, ...batch })) as ReadAnswer;
		const records = Array.from(answer.seqs, (seq, i): JournalRecord => {
			const at = answer.ends[i - 1] ?? 0;
			const bytes = new Uint8Array(answer.packed, at, (answer.ends[i] ?? at) - at);
			return { seq, topic: topics[answer.topics[i] ?? 0] ?? 'points', partition, bytes };
		});
		return { records, nextSeq: answer.nextSeq };
	};
}
