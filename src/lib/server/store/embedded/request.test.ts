import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from './failure.ts';
import { isAuthorized, parseHead, readBody } from './request.ts';

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

/** What `look` makes of a real request. */
async function seen<T>(
	send: RequestInit & { path?: string },
	look: (request: IncomingMessage) => T,
): Promise<Awaited<T>> {
	const looked = Promise.withResolvers<PromiseSettledResult<Awaited<T>>>();
	const server = createServer((request, response) => {
		const attempt = (async () => look(request))();
		void Promise.allSettled([attempt]).then(([result]) => looked.resolve(result));
		response.end();
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	stops.push(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	await fetch(`http://127.0.0.1:${port}${send.path ?? '/'}`, send).catch(() => {});
	const result = await looked.promise;
	if (result.status === 'rejected') throw result.reason;
	return result.value;
}

async function body(send: RequestInit, maxBytes: number): Promise<string> {
	const chunks: Buffer[] = [];
	const sink = new Writable({ write: (chunk: Buffer, _e, done) => (chunks.push(chunk), done()) });
	await seen({ method: 'POST', ...send }, (request) => readBody(request, sink, maxBytes));
	return Buffer.concat(chunks).toString();
}

describe('the body of a request', () => {
	it('is read as it is', async () => expect(await body({ body: 'abc' }, 3)).toBe('abc'));
	it('is unpacked', async () =>
		expect(await body({ body: gzipSync('abc'), headers: { 'content-encoding': 'gzip' } }, 3)).toBe('abc'));
	it('is refused over its bound', async () => await expect(body({ body: 'abcd' }, 3)).rejects.toThrow(Failure));
	it('is refused when it only unpacks to more than its bound', async () => {
		const bomb = gzipSync(Buffer.alloc(1_000_000));
		const sent = body({ body: bomb, headers: { 'content-encoding': 'gzip' } }, 10_000);
		await expect(sent).rejects.toThrow('larger than 10000 bytes');
	});
	it('is refused when it is no gzip although it says so', async () =>
		await expect(body({ body: 'abc', headers: { 'content-encoding': 'gzip' } }, 9)).rejects.toThrow());
	it('is refused in another packing', async () =>
		await expect(body({ body: 'abc', headers: { 'content-encoding': 'zstd' } }, 9)).rejects.toThrow(/zstd/));
});

describe('who may ask', () => {
	const f = (headers: Record<string, string>, expected: boolean) => async () =>
		expect(await seen({ headers }, (r) => isAuthorized(r, { username: 'u', password: 'p' }))).toBe(expected);
	const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
	it('one with the right basic authentication', f(basic('u:p'), true));
	it("one with ClickHouse's own headers", f({ 'x-clickhouse-user': 'u', 'x-clickhouse-key': 'p' }, true));
	it('nobody with a wrong password', f(basic('u:x'), false));
	it('nobody with another name', f(basic('x:p'), false));
	it('nobody without a password', f({ 'x-clickhouse-user': 'u' }, false));
	it('nobody without anything', f({}, false));
	it('wrong headers are not saved by right authentication', f({ ...basic('u:p'), 'x-clickhouse-key': 'x' }, false));
});

describe('the address of a request', () => {
	const f = (path: string) => seen({ path }, parseHead);
	it('parameters keep the form in which they came', async () =>
		expect((await f('/?param_a=it%5C%27s%5Cn')).parameters.get('a')).toBe("it\\'s\\n"));
	it('settings are told apart', async () =>
		expect(Object.fromEntries((await f('/?max_block_size=5&database=d')).settings)).toEqual({ max_block_size: '5' }));
	it('what belongs to the transport is ignored', async () =>
		expect((await f('/?wait_end_of_query=1')).settings.size).toBe(0));
	it('no time without end can be asked for', async () =>
		expect((await f('/?max_execution_time=0')).settings.get('max_execution_time')).toBe('600'));
	it('a setting that lifts a bound is refused', async () =>
		await expect(f('/?max_memory_usage=0')).rejects.toThrow(Failure));
	it('a setting called like an inherited property is refused', async () =>
		await expect(f('/?constructor=1')).rejects.toThrow(Failure));
	it('a parameter cannot smuggle SQL in its name', async () =>
		await expect(f('/?param_a%3D1%3B=1')).rejects.toThrow(Failure));
	it('nor can a database', async () => await expect(f('/?database=a%60;')).rejects.toThrow(Failure));
	it('the overlay database is refused', async () => await expect(f('/?database=default')).rejects.toThrow(Failure));
});
