import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiPoints, ApiProblem } from '#contracts/api.ts';
import { OWNER_KEY, startHub, type Hub } from './testing/hub.ts';

const MEBIBYTE = 1024 * 1024;
let hub: Hub;

beforeAll(async () => {
	hub = await startHub({ bodyLimits: { maxBytes: MEBIBYTE, maxHeldBytes: 3 * MEBIBYTE, idleMs: 300, totalMs: 1500 } });
});
afterAll(() => hub.stop());

const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
	hub.request(path, { method: 'POST', body: body as string, headers });
const points = (body: string | Buffer, headers: Record<string, string> = {}) =>
	post('/api/v1/points', body, { 'content-type': 'application/x-ndjson', ...headers });
const nowMicros = () => Date.now() * 1000;
const line = (stream: string, v: number, t = nowMicros()) => `${JSON.stringify({ stream, t, v })}\n`;

describe('POST /api/v1/points', () => {
	it('answers 202 once durable', async () => {
		const response = await points(line('a', 1));
		expect(response.status).toBe(202);
		expect(await response.json()).toMatchObject({ accepted: 1, duplicates: 0, refused: 0, errors: [] });
	});
	it('makes a point readable', async () => {
		await points(line('readable', 21.5));
		await hub.engine.caughtUp();
		const id = await hub.streamId('readable');
		expect((await hub.get<ApiPoints>(`/api/v1/streams/${id}/points`)).v).toEqual([21.5]);
	});
	it('takes gzip', async () => {
		const response = await points(gzipSync(line('zipped', 1)), { 'content-encoding': 'gzip' });
		expect(await response.json()).toMatchObject({ accepted: 1 });
	});
	it('takes a body of unknown length', async () => {
		const body = new ReadableStream({
			start(controller) {
				controller.enqueue(new TextEncoder().encode(line('streamed', 1)));
				controller.close();
			},
		});
		const response = await hub.request('/api/v1/points', {
			method: 'POST',
			body,
			duplex: 'half',
			headers: { 'content-type': 'application/x-ndjson' },
		} as RequestInit);
		expect(response.status).toBe(202);
	});
	it('with an idempotency key takes a resend as such', async () => {
		const body = line('once', 1);
		const send = async () => (await points(body, { 'idempotency-key': 'order-66' })).json();
		expect(await send()).toMatchObject({ accepted: 1, duplicates: 0 });
		expect(await send()).toMatchObject({ accepted: 0, duplicates: 1 });
	});
	it('refuses an idempotency key of a kilobyte', async () =>
		expect((await points(line('a', 1), { 'idempotency-key': 'k'.repeat(1024) })).status).toBe(400));
	it('names the line and the fault of what it refuses', async () => {
		const response = await points(line('good', 1) + '{"stream":"bad","t":1,"v":1}\n');
		expect(response.status).toBe(202);
		expect(await response.json()).toMatchObject({ accepted: 1, refused: 1, errors: [{ path: 'line 2' }] });
	});
	const refused = async (body: string | Buffer, headers: Record<string, string> = {}) => {
		const response = await points(body, headers);
		expect(response.headers.get('content-type')).toBe('application/problem+json');
		const problem = (await response.json()) as ApiProblem;
		return [response.status, problem.errors?.[0]?.path];
	};
	it('answers 400 when nothing was good', async () => expect(await refused('nonsense')).toEqual([400, 'line 1']));
	it('answers 400 to broken JSON', async () =>
		expect((await refused('[{"stream":', { 'content-type': 'application/json' }))[0]).toBe(400));
	it('answers 400 to what is not gzip', async () =>
		expect(await refused('plain', { 'content-encoding': 'gzip' })).toEqual([400, undefined]));
	it('answers 400 to gzip that is cut short', async () => {
		const cut = gzipSync(line('a', 1)).subarray(0, 20);
		expect(await refused(cut, { 'content-encoding': 'gzip' })).toEqual([400, undefined]);
	});
	it('answers 415 to an encoding that it does not read', async () =>
		expect((await refused('x', { 'content-encoding': 'br' }))[0]).toBe(415));
	it('answers 400 to a parameter that is not known', async () => {
		const response = await post('/api/v1/points?site=other', line('a', 1));
		expect(((await response.json()) as ApiProblem).errors?.[0]?.path).toBe('query.site');
	});
});

describe('a body that is too much', () => {
	const rest = () => hub.request('/healthz').then((response) => response.status);
	it('is refused by its length, before it is sent', async () => {
		const { response } = await raw({ 'content-length': String(2 * MEBIBYTE), expect: '100-continue' }, () => undefined);
		expect(response.statusCode).toBe(413);
	});
	it('is refused with words that reach the sender', async () => {
		const response = await points(Buffer.alloc(2 * MEBIBYTE, '1'));
		expect(response.status).toBe(413);
		expect(((await response.json()) as ApiProblem).detail).toMatch(/1048576/);
	});
	it('is refused while it comes, when it did not say its length', async () => {
		const { response } = await raw({}, (sent) => {
			for (let i = 0; i < 32; i++) sent.write(Buffer.alloc(MEBIBYTE / 16, '1'));
		});
		expect(response.statusCode).toBe(413);
	});
	it('is refused unpacked: a bomb never lies in memory as a whole', async () => {
		const bomb = gzipSync(Buffer.alloc(200 * MEBIBYTE));
		expect(bomb.length).toBeLessThan(MEBIBYTE);
		const before = process.memoryUsage().arrayBuffers;
		expect((await points(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * MEBIBYTE);
	});
	it('is given up when nothing comes', async () => {
		const { response } = await raw({ 'content-length': '100' }, (sent) => sent.write('{'));
		expect(response.statusCode).toBe(408);
	});
	it('is given up when it comes too slowly', async () => {
		let timer: NodeJS.Timeout | undefined;
		const { response } = await raw({ 'content-length': '100000' }, (sent) => {
			timer = setInterval(() => sent.write('{'), 50);
		});
		clearInterval(timer);
		expect(response.statusCode).toBe(408);
	});
	it('that breaks off harms nobody', async () => {
		const socket = connect(hub.port, '127.0.0.1');
		socket.write(
			`POST /api/v1/points HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${OWNER_KEY}\r\ncontent-length: 99\r\n\r\n{`,
		);
		await new Promise((resolve) => socket.once('connect', resolve));
		socket.destroy();
		expect(await rest()).toBe(200);
	});
	it('waits when too many come at once', async () => {
		const open: ClientRequest[] = [];
		const answers = Array.from({ length: 4 }, () =>
			raw({ 'content-length': String(MEBIBYTE - 10) }, (sent) => {
				open.push(sent);
				sent.write(Buffer.alloc(MEBIBYTE - 20, '1'));
			}),
		);
		const codes = (await Promise.all(answers)).map(({ response }) => response.statusCode);
		expect(codes).toContain(503);
		expect((await points(line('after', 1))).status).toBe(202);
	});
	it('of a document is smaller than one of points', async () => {
		await points(line('planned', 1));
		const id = await hub.streamId('planned');
		const response = await hub.request(`/api/v1/streams/${id}/plan`, {
			method: 'PUT',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ reaction: ['x'.repeat(2 * MEBIBYTE)] }),
		});
		expect(response.status).toBe(413);
	});
});

/** A request whose body is written by hand; not ended unless it answers. */
function raw(
	headers: Record<string, string>,
	write: (sent: ClientRequest) => void,
): Promise<{ response: IncomingMessage }> {
	return new Promise((resolve, reject) => {
		const sent = httpRequest(`${hub.url}/api/v1/points`, {
			method: 'POST',
			headers: { authorization: `Bearer ${OWNER_KEY}`, ...headers },
		});
		sent.on('response', (response) => {
			response.resume();
			resolve({ response });
			sent.destroy();
		});
		sent.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
		});
		sent.flushHeaders();
		write(sent);
	});
}

describe('POST /api/v2/write', () => {
	const write = async (body: string, query = '') => {
		const response = await post(`/api/v2/write${query}`, body);
		return [response.status, response.status === 204 ? '' : await response.json()] as const;
	};
	it('answers 204', async () =>
		expect(await write(`press,line=a temperature=21.5 ${nowMicros()}000`)).toEqual([204, '']));
	it('counts in the precision asked for', async () => {
		await write(`precise temperature=1 ${Date.now()}`, '?precision=ms');
		await hub.engine.caughtUp();
		expect(await hub.streamId('precise/temperature')).toMatch(/^\d+$/);
	});
	it('keeps the good lines and names the first bad one', async () => {
		const [status, body] = await write(`good v=1 ${nowMicros()}000\nbad v=\n`);
		expect(status).toBe(400);
		expect(body).toMatchObject({
			code: 'invalid',
			message: expect.stringMatching(/^partial write: line 2: /) as string,
		});
		await hub.engine.caughtUp();
		expect(await hub.streamId('good/v')).toMatch(/^\d+$/);
	});
	it('is a partial write too when no line is good', async () => {
		const [status, body] = await write('bad v=\nbad\n');
		expect([status, body]).toMatchObject([400, { message: expect.stringMatching(/^partial write: line 1: .*1 more/) }]);
	});
	it('takes no parameter twice', async () =>
		expect(await write('x v=1', '?precision=ns&precision=s')).toMatchObject([
			400,
			{ message: 'query.precision: is given more than once' },
		]));
	it('names a precision that may have been meant', async () =>
		expect(await write('x v=1 1700000013')).toMatchObject([
			400,
			{ message: expect.stringMatching(/line 1: time 1970-.* before 1971.*read as ns; precision=/) },
		]));
	it('answers a client that offers HTTP/2 as if it had not', async () => {
		const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', authorization: `Bearer ${OWNER_KEY}` };
		const status = await new Promise((resolve, reject) => {
			const sent = httpRequest(`${hub.url}/api/v2/write`, { method: 'POST', headers });
			sent.on('response', (response) => resolve((response.resume(), response.statusCode)));
			sent.on('error', reject);
			sent.end(`java v=1 ${nowMicros()}000`);
		});
		expect(status).toBe(204);
	});
	it('stores nothing then with partial=refuse', async () => {
		const [status, body] = await write(`none v=1 ${nowMicros()}000\nbad v=\n`, '?partial=refuse');
		expect(status).toBe(400);
		expect(body).toMatchObject({
			code: 'invalid',
			message: expect.stringMatching(/^nothing was stored: line 2: /) as string,
		});
		await expect(hub.streamId('none/v')).rejects.toThrow();
	});
	it('ignores what InfluxDB clients add', async () =>
		expect((await write(`x v=1 ${nowMicros()}000`, '?org=o&bucket=b&precision=ns'))[0]).toBe(204));
	it('answers faults of access in InfluxDB words', async () => {
		const response = await post('/api/v2/write', 'x v=1', { authorization: 'Token wrong' });
		expect([response.status, await response.json()]).toMatchObject([401, { code: 'unauthorized' }]);
	});
});

describe('a full journal', () => {
	it('answers 503 with the time to wait', async () => {
		const full = await startHub({ journalCapBytes: 4096 });
		const statuses = new Map<number, string | null>();
		for (let i = 0; i < 50 && !statuses.has(503); i++) {
			const response = await full.request('/api/v1/points', {
				method: 'POST',
				headers: { 'content-type': 'application/x-ndjson' },
				body: Array.from({ length: 50 }, (_, k) => line('filling', k, nowMicros() + k)).join(''),
			});
			statuses.set(response.status, response.headers.get('retry-after'));
			await response.body?.cancel();
		}
		expect(statuses.get(503)).toMatch(/^\d+$/);
		await full.stop();
	});
});
