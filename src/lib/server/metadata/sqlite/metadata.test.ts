import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, RetriableError } from '#contracts/error.ts';
import { metadataContract } from '../contract.ts';
import { episode, newStream, opened } from '../contract-samples.ts';
import { migrate } from '../migrations.ts';
import type { Tables } from '../tables.ts';
import { openConnection } from './connection.ts';
import { createSqliteDialect } from './dialect.ts';
import { createSqliteMetadata } from './metadata.ts';

const open = (folder: string) =>
	createSqliteMetadata({
		file: join(folder, 'metadata.db'),
		log: pino({ level: 'silent' }),
		now: () => Date.now() * 1000,
	});

/** Bringing an empty file up to date takes ten transactions on the disk: the suite does it once. */
let upToDate: string;
beforeAll(async () => {
	upToDate = await mkdtemp(join(tmpdir(), 'metadata-'));
	await (await open(upToDate)).close();
});
afterAll(() => rm(upToDate, { recursive: true }));

async function openCopy(folder: string) {
	if ((await readdir(folder)).length === 0) await cp(upToDate, folder, { recursive: true });
	return open(folder);
}

metadataContract({ name: 'SQLite', open: openCopy });

describe('metadata in SQLite', () => {
	let folder: string;
	let file: string;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'metadata-'));
		file = join(folder, 'metadata.db');
	});
	afterEach(() => rm(folder, { recursive: true }));

	it('a key stands nowhere in the files', async () => {
		const metadata = await open(folder);
		const secret = await metadata.keys.create({ name: 'k', site: 'plant-a', scopes: ['read'] });
		for (const name of await readdir(folder))
			expect(await readFile(join(folder, name), 'latin1')).not.toContain(secret);
		await metadata.close();
	});

	it('an act leaves its trail: who, what, when, why', async () => {
		const metadata = await open(folder);
		await metadata.streams.ensure([newStream('a')]);
		await metadata.violations.apply(1, [opened(episode('v1'))]);
		await metadata.violations.setState('v1', 'acknowledged', 'ann');
		await metadata.violations.setState('v1', 'acknowledged', 'ann');
		await metadata.violations.setState('v1', 'acknowledged', 'bob', 'looking at it');
		await metadata.close();
		const db = new DatabaseSync(file, { readOnly: true });
		const acts = db.prepare('SELECT actor, act, subject, detail FROM acts ORDER BY id').all();
		db.close();
		expect(acts.map((act) => ({ ...act }))).toEqual([
			{ actor: 'ann', act: 'acknowledged', subject: 'violation:v1', detail: null },
			{ actor: 'bob', act: 'comment', subject: 'violation:v1', detail: 'looking at it' },
		]);
	});

	it('an act that was changed or taken out by hand shows', async () => {
		const metadata = await open(folder);
		for (const act of ['a', 'b', 'c', 'd'])
			await metadata.acts.add({ by: { name: 'ann', id: null, address: null }, act, subject: 'server', site: null });
		const db = new DatabaseSync(file);
		const verified = async (statement: string) => {
			db.exec(`BEGIN; ${statement}; COMMIT`);
			return (await metadata.acts.verify()).brokenAt;
		};
		expect(await verified(`UPDATE acts SET act = 'b' WHERE id = 99`)).toBe(null);
		expect(await verified(`DELETE FROM acts WHERE id = 4`)).toBe(4);
		expect(await verified(`UPDATE acts SET actor = 'bob' WHERE id = 2`)).toBe(2);
		expect(await verified(`DELETE FROM acts WHERE id = 1`)).toBe(2);
		db.close();
		await metadata.close();
	});

	it('keys of before they had numbers get some, and their acts stay', async () => {
		const old = new Kysely<Tables>({ dialect: createSqliteDialect(await openConnection(file)) });
		await migrate(old, '0001-skeleton');
		await old.destroy();
		const db = new DatabaseSync(file);
		db.exec(`
			INSERT INTO api_keys VALUES ('h2', 'second', 's', '["read"]', 2), ('h1', 'first', 's', '["write"]', 1);
			INSERT INTO acts (id, at_micros, actor, act, subject, detail) VALUES (1, 1, 'owner', 'key.create', 'key:first', NULL);
			INSERT INTO counters VALUES ('acts', 1);`);
		db.close();
		const metadata = await open(folder);
		expect((await metadata.keys.list('all')).map(({ id, name }) => [id, name])).toEqual([
			[1, 'first'],
			[2, 'second'],
		]);
		await metadata.keys.create({ name: 'third', site: 's', scopes: ['read'] });
		expect((await metadata.keys.list('all')).at(-1)).toMatchObject({ id: 3, name: 'third' });
		expect(await metadata.acts.verify()).toEqual({ checked: 2, brokenAt: null });
		await metadata.close();
	});

	it('what cannot be opened is one error that names the file', async () => {
		await writeFile(file, 'no database, but long enough to be looked at '.repeat(100));
		const opening = open(folder);
		await expect(opening).rejects.toThrow(ConfigError);
		await expect(opening).rejects.toThrow(file);
		await rm(file);
		await mkdir(file);
		await expect(open(folder)).rejects.toThrow(ConfigError);
	});

	it('a database that a newer version has changed is refused with what to do', async () => {
		await (await open(folder)).close();
		const db = new DatabaseSync(file);
		db.exec(`INSERT INTO kysely_migration VALUES ('9999-future', '2030-01-01T00:00:00.000Z')`);
		db.close();
		const opening = open(folder);
		await expect(opening).rejects.toThrow(ConfigError);
		await expect(opening).rejects.toThrow('newer version');
	});

	it('somebody else who writes for too long is a reason to try again', async () => {
		const connection = await openConnection(file, { busyTimeoutMs: 10 });
		await connection.execute('CREATE TABLE t (x)', []);
		const other = new DatabaseSync(file);
		other.exec('BEGIN IMMEDIATE');
		await expect(connection.execute('INSERT INTO t VALUES (1)', [])).rejects.toThrow(RetriableError);
		other.exec('COMMIT');
		other.close();
		expect((await connection.execute('INSERT INTO t VALUES (1)', [])).changes).toBe(1);
		await connection.close();
	});

	it('a transaction that fails leaves nothing behind and does not block the next', async () => {
		const metadata = await open(folder);
		await metadata.streams.ensure([newStream('a')]);
		const broken = episode('v1', { points: null as unknown as number });
		await expect(metadata.violations.apply(1, [opened(episode('v0')), opened(broken)])).rejects.toThrow('NOT NULL');
		expect(await metadata.violations.get('v0')).toBeUndefined();
		expect(await metadata.violations.position()).toBe(0);
		await metadata.violations.apply(1, [opened(episode('v0'))]);
		await metadata.close();
	});

	it('calls after the close are refused', async () => {
		const metadata = await open(folder);
		await metadata.close();
		await expect(metadata.streams.all()).rejects.toThrow();
	});
});
