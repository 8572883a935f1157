import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStore } from './client.ts';
import { clientOf, silent, startTestServer } from './embedded/testing.ts';
import type { TestServer } from './embedded/testing.ts';
import { loadMigrations, renderSql, statementsOf } from './migrate.ts';

const deployment = {
	cluster: undefined,
	pointsTtlSeconds: 60,
	rollupsTtlSeconds: 120,
	callsTtlSeconds: 240,
	logsTtlSeconds: 480,
};

describe('canonical SQL', () => {
	it('is plain on one server', () =>
		expect(renderSql('CREATE TABLE {DB}.t {ON_CLUSTER} ENGINE = {REPLICATED}MergeTree', 'spc', deployment)).toBe(
			'CREATE TABLE `spc`.t  ENGINE = MergeTree',
		));
	it('is replicated on a cluster', () =>
		expect(
			renderSql('{ON_CLUSTER} ENGINE = {REPLICATED}MergeTree SETTINGS {DEDUP_WINDOW} = 1', 'spc', {
				...deployment,
				cluster: 'hall',
			}),
		).toBe('ON CLUSTER `hall` ENGINE = ReplicatedMergeTree SETTINGS replicated_deduplication_window = 1'));
	it('with a placeholder that nobody knows is a fault', () =>
		expect(() => renderSql('{NOPE}', 'spc', deployment)).toThrow(/\{NOPE\}/));
	it('is cut into statements at semicolons that end a line', () =>
		expect(statementsOf("-- a\nSELECT ';' ;\n\nSELECT 2;")).toEqual(["-- a\nSELECT ';'", 'SELECT 2']));

	it('of every migration renders to statements that only make what is not there, or fill it anew, on a cluster too', async () => {
		for (const { name, sql } of await loadMigrations())
			for (const statement of statementsOf(renderSql(sql, 'spc', { ...deployment, cluster: 'hall' })))
				expect(statement, name).toMatch(
					/^(--.*\n)*((CREATE|ALTER) .*IF NOT EXISTS .*ON CLUSTER `hall`|TRUNCATE TABLE .* ON CLUSTER `hall`|INSERT INTO `spc`.points_1h\n)/,
				);
	});
	it('keeps its names in order', async () => {
		const names = (await loadMigrations()).map(({ name }) => name.slice(0, 3));
		expect(names).toEqual(names.map((_, i) => String(i + 1).padStart(3, '0')));
	});
});

describe('migrating', () => {
	let test: TestServer;
	beforeAll(async () => {
		test = await startTestServer();
	});
	afterAll(() => test.stop());

	const storeOf = (database: string, retention = {}) => {
		const { url, username, password } = test.server;
		return createStore({ url, username, password, database, log: silent, now: () => 0, retention });
	};
	const one = async (database: string, sql: string) => {
		const client = clientOf(test.server, { database });
		const result = await client.query({ query: sql, format: 'JSONEachRow' });
		const rows = await result.json<{ x: string }>();
		await client.close();
		return rows[0]?.x;
	};

	it('two at the same time end well', async () => {
		const stores = [storeOf('twice'), storeOf('twice')];
		await Promise.all(stores.map((store) => store.migrate()));
		expect(Number(await one('twice', 'SELECT count() AS x FROM migrations FINAL'))).toBe(
			(await loadMigrations()).length,
		);
		await Promise.all(stores.map((store) => store.close()));
	});

	it('goes on where it was cut short', async () => {
		const store = storeOf('cut');
		await store.migrate();
		const client = clientOf(test.server, { database: 'cut' });
		await client.command({ query: 'TRUNCATE TABLE migrations' });
		await client.command({ query: 'DROP TABLE gaps' });
		await client.close();
		await store.migrate();
		expect(
			Number(await one('cut', "SELECT count() AS x FROM system.tables WHERE database = 'cut' AND name = 'gaps'")),
		).toBe(1);
		await store.close();
	});

	it('refuses a migration that is no longer the one that was applied', async () => {
		const store = storeOf('changed');
		await store.migrate();
		const client = clientOf(test.server, { database: 'changed' });
		const values = [{ name: '001-points.sql', checksum: 'another', applied: '2099-01-01 00:00:00' }];
		await client.command({ query: 'TRUNCATE TABLE migrations' });
		await client.insert({ table: 'migrations', values, format: 'JSONEachRow' });
		await client.close();
		await expect(store.migrate()).rejects.toThrow('001-points.sql was applied with another content');
		await store.close();
	});

	it('brings retention to what is configured now', async () => {
		const ttl = (table: string) =>
			one(
				'kept',
				`SELECT extract(engine_full, 'TTL .*toIntervalSecond\\\\((\\\\d+)\\\\)') AS x FROM system.tables WHERE database = 'kept' AND name = '${table}'`,
			);
		const first = storeOf('kept');
		await first.migrate();
		expect([await ttl('points'), await ttl('points_1m')]).toEqual(['2592000', '63072000']);
		const second = storeOf('kept', { points: 3_600_000 });
		await second.migrate();
		expect([await ttl('points'), await ttl('points_1m')]).toEqual(['3600', '63072000']);
		await Promise.all([first.close(), second.close()]);
	});
});
