import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ConfigError } from '#contracts/error.ts';
import { journalContract } from '../contract.ts';
import { readSome } from '../contract-reading.ts';
import { JournalFullError } from '../port.ts';
import type { Journal } from '../port.ts';
import { open } from './contract-open.ts';
import { createSqliteJournal } from './journal.ts';

journalContract({ name: 'SQLite', open, openModule: new URL('./contract-open.ts', import.meta.url) });

const log = pino({ level: 'silent' });
const now = () => Date.now() * 1000;
const record = (size: number) => ({ topic: 'points', partition: 0, bytes: new Uint8Array(size) }) as const;

describe('journal in SQLite', () => {
	let folder: string;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'journal-'));
	});
	afterEach(() => rm(folder, { recursive: true }));

	it('a second opener gets one error that names the file', async () => {
		const journal = await open(folder);
		const opening = open(folder);
		await expect(opening).rejects.toThrow(ConfigError);
		await expect(opening).rejects.toThrow(
			`cannot open journal "${join(folder, 'journal.db')}": another process has it`,
		);
		await journal.close();
		await (await open(folder)).close();
	});

	it('refuses a file that is no journal', async () => {
		await writeFile(join(folder, 'journal.db'), 'not a database, but long enough to be looked at'.repeat(100));
		await expect(open(folder)).rejects.toThrow('journal.db');
	});

	it('refuses topics and partitions that do not exist', async () => {
		const journal = await open(folder);
		await expect(journal.publish({ ...record(1), topic: 'x; DROP' as 'points' })).rejects.toThrow(RangeError);
		await expect(journal.publish({ ...record(1), partition: -1 })).rejects.toThrow(RangeError);
		await expect(journal.publish({ ...record(1), partition: 0.5 })).rejects.toThrow(RangeError);
		await journal.close();
	});

	it('calls after the close are refused, those before it are answered', async () => {
		const journal = await open(folder);
		const publishing = Promise.all(Array.from({ length: 500 }, () => journal.publish(record(1000))));
		await journal.close();
		expect((await publishing).at(-1)?.seq).toBe(500);
		await expect(journal.publish(record(1))).rejects.toThrow('journal is closed');
		await expect(journal.get('k')).rejects.toThrow('journal is closed');
		await Promise.all([journal.close(), journal.close()]);
	});

	it('leaves the reserve of the disk alone', async () => {
		const { bavail, bsize } = await statfs(folder);
		const reserveBytes = bavail * bsize * 2;
		const journal = await createSqliteJournal({ file: join(folder, 'j.db'), log, now, reserveBytes });
		await expect(journal.publish(record(10))).rejects.toThrow(JournalFullError);
		await expect(journal.publish(record(10))).rejects.toThrow('are kept free');
		await journal.close();
	});

	it('reuses what a trim freed: the file does not grow with what passes through it', async () => {
		const journal = await open(folder, { capBytes: 8_000_000 });
		for (let round = 0; round < 10; round += 1) {
			for (let i = 0; i < 30; i += 1) await journal.publish(record(100_000));
			const { lastSeq } = await journal.stats();
			await journal.trim({ topics: ['points'], partition: 0, beforeSeq: lastSeq + 1 });
		}
		expect((await journal.stats()).bytes).toBeLessThan(1_000_000);
		await journal.close();
	});

	it('a reader far behind reads the file and then goes on with what is in memory', async () => {
		const journal = await open(folder);
		// More than the tail holds, in records and in bytes.
		const publishing = Array.from({ length: 300 }, () =>
			journal.publishAll(Array.from({ length: 100 }, () => record(900))),
		);
		const range = { topics: ['points'] as const, partition: 0, fromSeq: 1, count: 30_000 };
		const reading = readSome(journal, range);
		await Promise.all(publishing);
		const late = await readSome(journal, range);
		for (const records of [await reading, late])
			expect(records.every(({ seq, bytes }, i) => seq === i + 1 && bytes.length === 900)).toBe(true);
		await journal.close();
	});

	it('counts what it does', async () => {
		const registry = new Registry();
		const journal = await createSqliteJournal({ file: join(folder, 'j.db'), log, now, registry, reserveBytes: 0 });
		const id = { source: 's', epoch: 'e', seq: 1 };
		await journal.publish({ ...record(1), id });
		await journal.publish({ ...record(1), id });
		const text = await registry.metrics();
		expect(text).toContain('sigmascope_journal_records_total{topic="points"} 1');
		expect(text).toContain('sigmascope_journal_duplicates_total{topic="points"} 1');
		await journal.close();
	});
});

const mounted = (folder: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder]).status === 0;

describe('journal on a disk that fills up', () => {
	let folder: string;
	let journal: Journal | undefined;
	let isMounted = false;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'journal-'));
		isMounted = mounted(folder);
	});
	afterEach(async () => {
		await journal?.close();
		if (isMounted) spawnSync('umount', [folder]);
		await rm(folder, { recursive: true });
	});

	it('says that it is full, keeps what it acknowledged and goes on once there is room', async ({ skip }) => {
		if (!isMounted) skip('needs the right to mount a tmpfs (run as root)');
		journal = await open(folder, { capBytes: 1e12 });
		await writeFile(join(folder, 'ballast'), new Uint8Array(6_000_000));
		let acknowledged = 0;
		const fill = async (j: Journal) => {
			for (;;) acknowledged = (await j.publish(record(50_000))).seq;
		};
		await expect(fill(journal)).rejects.toThrow(JournalFullError);
		await expect(journal.publish(record(50_000))).rejects.toThrow('the disk is full');
		await rm(join(folder, 'ballast'));
		expect((await journal.publish(record(50_000))).seq).toBe(acknowledged + 1);
		const range = { topics: ['points'] as const, partition: 0, fromSeq: 1, count: acknowledged + 1 };
		expect(await readSome(journal, range)).toHaveLength(acknowledged + 1);
	});
});
