import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { ClickHouseError } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, startTestServer } from './testing.ts';
import type { TestServer } from './testing.ts';

let test: TestServer;
let client: ClickHouseClient;

beforeAll(async () => {
	test = await startTestServer();
	const outside = clientOf(test.server);
	await outside.command({ query: 'CREATE DATABASE trap ENGINE = Atomic' });
	await outside.close();
	client = clientOf(test.server, { database: 'trap' });
});
afterAll(async () => {
	await client.close();
	await test.stop();
});

beforeEach(async () => {
	await client.command({ query: 'DROP TABLE IF EXISTS t' });
	await client.command({ query: 'CREATE TABLE t (a UInt32, s String) ENGINE = MergeTree ORDER BY a' });
});

const rows = async (query: string, params: Record<string, unknown> = {}) =>
	(await client.query({ query, query_params: params, format: 'JSONEachRow' })).json();

async function execBytes(query: string, values?: Buffer): Promise<Buffer> {
	const body = values && Readable.from([values], { objectMode: false });
	const result = await client.exec(body ? { query, values: body } : { query });
	const chunks: Buffer[] = [];
	for await (const chunk of result.stream) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

const insertText = (format: string, text: string) => execBytes(`INSERT INTO t FORMAT ${format}`, Buffer.from(text));

const refusal = async (attempt: Promise<unknown>) => {
	const error = await attempt.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(ClickHouseError);
	return error as ClickHouseError;
};

describe('the client finds what it needs', () => {
	it('ping', async () => expect((await client.ping()).success).toBe(true));
	it('ping with a query', async () => expect((await client.ping({ select: true })).success).toBe(true));

	it('rows go in as objects and come out the same, whatever is in them', async () => {
		const values = [
			{ a: 1, s: "it's \\ \t\r\n\n `x` ; DROP TABLE t" },
			{ a: 2, s: 'ünïcode \u0000 \u2028 🙂' },
		];
		await client.insert({ table: 't', values, format: 'JSONEachRow' });
		expect(await rows('SELECT a, s FROM t ORDER BY a')).toEqual(values);
	});

	it('JSON and JSONCompact are whole documents', async () => {
		const one = await client.query({ query: 'SELECT 1 AS x', format: 'JSON' });
		expect(await one.json()).toMatchObject({ data: [{ x: 1 }], rows: 1 });
		const compact = await client.query({ query: 'SELECT 1 AS x', format: 'JSONCompact' });
		expect(await compact.json()).toMatchObject({ data: [[1]], meta: [{ name: 'x' }] });
	});

	it('a head of names comes once, however many blocks there are', async () => {
		const query = 'SELECT number AS n FROM numbers(200000) SETTINGS max_block_size = 1000';
		const text = (await execBytes(`${query} FORMAT CSVWithNames`)).toString().trimEnd().split('\n');
		expect(text.length).toBe(200_001);
		expect(text.filter((line) => line === '"n"').length).toBe(1);
	});

	it('Parquet is one whole file', async () => {
		const bytes = await execBytes('SELECT number AS n FROM numbers(300000) FORMAT Parquet');
		expect(bytes.subarray(0, 4).toString()).toBe('PAR1');
		expect(bytes.subarray(-4).toString()).toBe('PAR1');
		expect(readdirSync(path.join(test.folder, 'spool'))).toEqual([]);
	});

	it('requests and answers may be gzip', async () => {
		const packed = clientOf(test.server, { database: 'trap', gzip: true });
		await packed.insert({ table: 't', values: [{ a: 7, s: 'x'.repeat(10_000) }], format: 'JSONEachRow' });
		const result = await packed.query({ query: 'SELECT a, length(s) AS n FROM t', format: 'JSONEachRow' });
		expect(result.response_headers['content-encoding']).toBe('gzip');
		expect(await result.json()).toEqual([{ a: 7, n: 10_000 }]);
		await packed.close();
	});

	it('an answer without rows has none', async () => expect(await rows('SELECT a FROM t')).toEqual([]));
	it('SHOW and DESCRIBE answer', async () => {
		expect(await rows('SHOW TABLES')).toEqual([{ name: 't' }]);
		expect(await rows('DESCRIBE TABLE t')).toHaveLength(2);
	});
});

describe('an error is a ClickHouseError with code and type', () => {
	const f = async (query: string, code: string, type: string) =>
		expect(await refusal(rows(query))).toMatchObject({ code, type });
	it('unknown column', () => f('SELECT nope FROM t', '47', 'UNKNOWN_IDENTIFIER'));
	it('unknown table', () => f('SELECT 1 FROM nope', '60', 'UNKNOWN_TABLE'));
	it('syntax', () => f('SELECT FROM WHERE', '62', 'SYNTAX_ERROR'));
	it('a format that is not spoken here', () =>
		f('SELECT 1 FORMAT Protobuf SETTINGS max_block_size = 1', '62', 'SYNTAX_ERROR'));

	it('also when rows were on their way already', async () => {
		const late = 'SELECT throwIf(number = 150000) AS x FROM numbers(200000) SETTINGS max_block_size = 1000';
		expect(await refusal(rows(late))).toMatchObject({ code: '395' });
	});

	it('elsewhere the answer is cut, so that no part passes for the whole', async () => {
		const late = 'SELECT throwIf(number = 150000) AS x FROM numbers(200000) SETTINGS max_block_size = 1000 FORMAT CSV';
		await expect(execBytes(late)).rejects.toThrow();
	});

	it('and never names a path of this machine', async () => {
		const error = await refusal(insertText('JSONEachRow', '{"a": "no number"}\n'));
		expect(error.code).toBe('27');
		expect(error.message).not.toContain(test.folder);
	});
});

describe('data is never SQL', () => {
	it('nothing after a blank line in a CSV body is executed', async () => {
		await refusal(insertText('CSV', '"a"\n\nDROP TABLE t\n'));
		expect(await rows('EXISTS TABLE t')).toEqual([{ result: 1 }]);
	});

	it('nothing after a blank line in a JSON body is executed', async () => {
		await refusal(insertText('JSONEachRow', '{"a": 1, "s": "x"}\n\n; DROP TABLE t;\n'));
		expect(await rows('EXISTS TABLE t')).toEqual([{ result: 1 }]);
	});

	it('nothing in the values written into the statement is executed', async () => {
		await client.command({ query: "INSERT INTO t VALUES (1, 'x')\n\n; DROP TABLE t" }).catch(() => {});
		expect(await rows('EXISTS TABLE t')).toEqual([{ result: 1 }]);
	});

	it('binary data keeps every byte, two line feeds included', async () => {
		// 0x0a0a0a0a as the number, and all bytes as the text.
		const text = Buffer.from(Array.from({ length: 120 }, (_, i) => (i % 3 === 0 ? 255 - i : 10)));
		const row = Buffer.concat([Buffer.from([10, 10, 10, 10, text.length]), text]);
		await execBytes('INSERT INTO t FORMAT RowBinary', Buffer.concat(Array(1000).fill(row)));
		expect(await rows('SELECT a, hex(s) AS h, count() AS n FROM t GROUP BY ALL')).toEqual([
			{ a: 0x0a0a0a0a, h: text.toString('hex').toUpperCase(), n: 1000 },
		]);
	});

	it('half a binary row is an error and stores nothing', async () => {
		const whole = Buffer.from([1, 0, 0, 0, 1, 65]);
		await refusal(execBytes('INSERT INTO t FORMAT RowBinary', Buffer.concat([whole, whole.subarray(0, 3)])));
		expect(await rows('SELECT a FROM t')).toEqual([]);
	});

	const odd = "it's \\ \\' \n\t\r \\n {x:String} -- ; 🙂 \u0001";
	it('a parameter is the same on the other side', async () =>
		expect(await rows('SELECT {x:String} AS x', { x: odd })).toEqual([{ x: odd }]));
	it('and so it is in lists, maps and as null', async () => {
		const query = 'SELECT {l:Array(String)} AS l, {n:Nullable(String)} AS n, {i:Array(Int64)} AS i';
		expect(await rows(query, { l: [odd, ''], n: null, i: [1, -2] })).toEqual([{ l: [odd, ''], n: null, i: [1, -2] }]);
	});
});

describe('nothing leaks from one request to the next', () => {
	const settings = "SELECT getSetting('max_block_size') AS x";
	const everywhere = async () => JSON.stringify(await Promise.all(Array.from({ length: 12 }, () => rows(settings))));

	it('settings', async () => {
		const before = await everywhere();
		const result = await client.query({
			query: settings,
			format: 'JSONEachRow',
			clickhouse_settings: { max_block_size: '77' },
		});
		expect(await result.json()).toEqual([{ x: 77 }]);
		expect(await everywhere()).toBe(before);
	});

	it('settings of a request that failed', async () => {
		const before = await everywhere();
		const failing = { query: 'SELECT throwIf(1)', clickhouse_settings: { max_block_size: '78' } };
		await Promise.all(Array.from({ length: 12 }, () => refusal(client.command(failing))));
		expect(await everywhere()).toBe(before);
	});

	it('a token of an insert', async () => {
		const settings = { insert_deduplication_token: 'once' };
		const one = { table: 't', values: [{ a: 1, s: '' }], format: 'JSONEachRow' as const };
		await client.insert({ ...one, clickhouse_settings: settings });
		await client.insert(one);
		expect(await rows('SELECT count() AS n FROM t')).toEqual([{ n: 2 }]);
	});

	it('parameters: each of many at a time gets its own, and one that brings none gets an error', async () => {
		const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => rows('SELECT {x:UInt32} AS x', { x: i })));
		expect(answers).toEqual(Array.from({ length: 300 }, (_, i) => [{ x: i }]));
		expect(await refusal(rows('SELECT {x:UInt32} AS x'))).toMatchObject({ code: '456' });
	});

	it('the database', async () => {
		const outside = clientOf(test.server);
		const result = await outside.query({ query: 'SELECT currentDatabase() AS d', format: 'JSONEachRow' });
		expect(await result.json()).toEqual([{ d: 'system' }]);
		expect(await rows('SELECT currentDatabase() AS d')).toEqual([{ d: 'trap' }]);
		await outside.close();
	});
});

describe('a request cannot reach beyond the database', () => {
	const target = path.join(tmpdir(), `sigmascope-outfile-${process.pid}`);
	it('INTO OUTFILE writes nothing', async () => {
		await refusal(execBytes(`SELECT 1 INTO OUTFILE '${target}'`));
		expect(existsSync(target)).toBe(false);
	});
	it('two statements run neither', async () => {
		await refusal(client.command({ query: 'DROP TABLE t; DROP TABLE t' }));
		expect(await rows('EXISTS TABLE t')).toEqual([{ result: 1 }]);
	});
	const f = async (query: string) => expect((await refusal(rows(query))).code).toBe('497');
	it('INFILE reads nothing', async () =>
		expect((await refusal(client.command({ query: "INSERT INTO t FROM INFILE '/etc/hosts' FORMAT CSV" }))).code).toBe(
			'497',
		));
	it('file() reads nothing', () => f("SELECT * FROM file('/etc/hosts', 'LineAsString')"));
	it('the function file reads nothing', () => f("SELECT file('/etc/hosts')"));
	it('a path as table reads nothing', () => f("SELECT * FROM '/etc/hosts.csv'"));
	it('a path in the overlay database reads nothing', () => f('SELECT * FROM default.`/etc/hosts.csv`'));
	it('a path as a quoted table is only an unknown table', async () =>
		expect((await refusal(rows('SELECT * FROM `/etc/hosts.csv`'))).code).toBe('60'));
	it('url() asks nobody', () => f("SELECT * FROM url('http://127.0.0.1:1/', CSV)"));
	it('executable() runs nothing', () => f("SELECT * FROM executable('x', TSV, 'a String')"));
	it('every table function that this engine has is refused, or harmless', async () => {
		const names = (await rows('SELECT name FROM system.table_functions')) as { name: string }[];
		const harmless = /^(numbers|zeros|generate_?series|values|view|null)(_mt)?$/i;
		for (const { name } of names.filter((entry) => !harmless.test(entry.name)))
			expect((await refusal(rows(`SELECT * FROM ${name}('x')`))).code, name).toBe('497');
	});
	it('GET changes nothing', async () => {
		const { url, username, password } = test.server;
		const headers = { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password };
		const answer = await fetch(`${url}/?database=trap&query=${encodeURIComponent('DROP TABLE t')}`, { headers });
		expect(answer.headers.get('x-clickhouse-exception-code')).toBe('164');
	});
});

describe('only we are let in', () => {
	it('a wrong password is told apart', async () => {
		const stranger = clientOf({ ...test.server, password: 'wrong' });
		expect(await refusal(stranger.command({ query: 'SELECT 1' }))).toMatchObject({ code: '516' });
		await stranger.close();
	});
	it('nobody without a password', async () =>
		expect((await fetch(`${test.server.url}/?query=SELECT+1`)).status).toBe(401));

	it('no other address than 127.0.0.1 is listened to', async () => {
		const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
		for (const { address } of addresses.filter((each) => each.family === 'IPv4' && each.address !== '127.0.0.1'))
			await expect(fetch(`http://${address}:${test.server.port}/ping`)).rejects.toThrow();
	});

	it('the password is in neither arguments nor environment of the process', () => {
		for (const file of ['cmdline', 'environ'])
			expect(readFileSync(`/proc/${test.server.pid}/${file}`, 'utf8')).not.toContain(test.server.password);
	});
});

/** Most that the server ever had in memory, in MiB. */
const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${test.server.pid}/status`, 'utf8'))?.[1]) / 1024;

describe('everything is bounded', () => {
	it('time, also when a request asks for no bound', async () => {
		const endless = 'SELECT count() FROM numbers(1000000000000)';
		const bound = { query: endless, clickhouse_settings: { max_execution_time: 1 } };
		expect(await refusal(client.command(bound))).toMatchObject({ code: '159', type: 'TIMEOUT_EXCEEDED' });
		const none = {
			query: "SELECT getSetting('max_execution_time') AS s",
			clickhouse_settings: { max_execution_time: 0 },
		};
		expect(await (await client.query({ ...none, format: 'JSONEachRow' })).json()).toEqual([{ s: 600 }]);
	});
	it('the statement', async () =>
		expect((await refusal(client.command({ query: `SELECT '${'x'.repeat(1_100_000)}'` }))).code).toBe('361'));
	it('the answer', async () => {
		const bound = { max_result_rows: '1000' };
		const query = 'SELECT number AS n FROM numbers(1000000)';
		for (const format of ['JSON', 'JSONEachRow'] as const) {
			const read = async () => (await client.query({ query, format, clickhouse_settings: bound })).json();
			expect((await refusal(read())).code).toBe('396');
		}
		expect(await rows("SELECT getSetting('max_result_bytes') AS x")).toEqual([{ x: 4096 * 1024 * 1024 }]);
	});
	it('the memory of a large document', async () => {
		const before = peak();
		const result = await client.exec({
			query: 'SELECT number AS n, toString(number) AS s FROM numbers(3000000) FORMAT JSON',
		});
		let bytes = 0;
		for await (const chunk of result.stream) bytes += (chunk as Buffer).length;
		expect(bytes).toBeGreaterThan(120_000_000);
		expect(peak() - before).toBeLessThan(100);
	});
	it('memory, by an error and not by the end of the server', async () => {
		const hungry = 'SELECT length(groupArray(repeat(toString(number), 100))) AS n FROM numbers(100000000)';
		expect((await refusal(rows(hungry))).code).toBe('241');
		expect(await rows('SELECT 1 AS x')).toEqual([{ x: 1 }]);
	});

	it('the memory of a long stream, however slowly it is read', async () => {
		const before = peak();
		const result = await client.exec({ query: 'SELECT number FROM numbers(30000000) FORMAT RowBinary' });
		let bytes = 0;
		for await (const chunk of result.stream) bytes += (chunk as Buffer).length;
		expect(bytes).toBe(240_000_000);
		expect(peak() - before).toBeLessThan(100);
	});

	it('the line of those who wait', async () => {
		const { url, username, password } = test.server;
		const headers = { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password };
		const ask = async (body: string) => {
			const answer = await fetch(url, { method: 'POST', body, headers });
			await answer.text();
			return answer.headers.get('x-clickhouse-exception-code') ?? 'ok';
		};
		const busy = Array.from({ length: 3 }, () => ask('SELECT sleep(3)'));
		const answers = await Promise.all(Array.from({ length: 90 }, () => ask('SELECT 1')));
		expect(new Set(answers)).toEqual(new Set(['ok', '202']));
		expect(await Promise.all(busy)).toEqual(['ok', 'ok', 'ok']);
	});
});

describe('requests do not wait for each other', () => {
	const slow = () => rows('SELECT sleep(3) AS x');

	it('a slow query holds up neither queries, nor inserts, nor pings', async () => {
		let done = false;
		const slowOne = slow().then(() => (done = true));
		expect(await rows('SELECT 1 AS x')).toEqual([{ x: 1 }]);
		await client.insert({ table: 't', values: [{ a: 1, s: '' }], format: 'JSONEachRow' });
		expect((await client.ping()).success).toBe(true);
		expect(done).toBe(false);
		await slowOne;
	});

	it('files and gzip find a thread while every session is busy', async () => {
		expect(readFileSync(`/proc/${test.server.pid}/environ`, 'utf8')).toContain('UV_THREADPOOL_SIZE=16');
	});

	it('a request that is given up frees its session once its time is over', async () => {
		const giveUp = new AbortController();
		const endless = 'SELECT count() AS n FROM numbers(1000000000000)';
		const abandoned = Array.from({ length: 3 }, () =>
			client
				.query({ query: endless, abort_signal: giveUp.signal, clickhouse_settings: { max_execution_time: 1 } })
				.catch(() => 'given up'),
		);
		setTimeout(() => giveUp.abort(), 50);
		expect(await Promise.all(abandoned)).toEqual(['given up', 'given up', 'given up']);
		expect(await rows('SELECT 1 AS x')).toEqual([{ x: 1 }]);
	});
});
