import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ApiList, ApiProblem, ApiStream, ApiViolation } from '#contracts/api.ts';
import { until } from '#tests/support/until.ts';
import { BODY_LIMITS, createBodies } from './body.ts';
import type { Route } from './route.ts';
import { createTable } from './table.ts';
import { OWNER_KEY, START_TOKEN, pointsOf, startHub, type Hub } from './testing/hub.ts';

/** What is proven here for every row of the table is so for a row that somebody adds tomorrow. */
let hub: Hub;
let table: readonly Route[];
const keys: Record<string, string> = {};
const ids = { stream: '', violation: '' };

beforeAll(async () => {
	hub = await startHub({ plan: { baseline: { centre: 0, sigma: 1 }, rules: [1] } });
	table = createTable({ ...hub.ports }, createBodies(BODY_LIMITS));
	for (const scope of ['read', 'write', 'admin'] as const) {
		keys[`a ${scope}`] = await hub.createKey('site-a', [scope]);
		keys[`b ${scope}`] = await hub.createKey('site-b', [scope]);
	}
	await hub.write(pointsOf('secret/stream', [0, 9, 0]), keys['a write']);
	ids.stream = await hub.streamId('secret/stream');
	const { items } = await until(async () => {
		const list = await hub.get<ApiList<ApiViolation>>('/api/v1/violations');
		return list.items.length > 0 && list;
	});
	ids.violation = items[0]?.id ?? '';
});
afterAll(() => hub.stop());

function pathOf(route: Route): string {
	return route.path.replace('{id}', route.path.includes('violations') ? ids.violation : ids.stream);
}

/** A plain request, or for a socket its upgrade. @returns the status */
function call(route: Route, headers: Record<string, string>): Promise<number> {
	return new Promise((resolve, reject) => {
		const upgrade = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
		const socket = route.kind === 'socket' ? { ...upgrade, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' } : {};
		const sent = httpRequest(hub.url + pathOf(route), { method: route.method, headers: { ...socket, ...headers } });
		sent.on('response', (response) => resolve((response.resume(), response.statusCode ?? 0)));
		sent.on('upgrade', (_, stream) => resolve((stream.destroy(), 101)));
		sent.on('error', reject);
		sent.end();
	});
}

const bearer = (key: string | undefined) => ({ authorization: `Bearer ${key}` });
const each = async (routes: readonly Route[], headers: Record<string, string>) =>
	Object.fromEntries(
		await Promise.all(
			routes.map(async (route) => [`${route.method} ${route.path}`, await call(route, headers)] as const),
		),
	);
const closed = () => table.filter((route) => route.access !== 'open');

describe('every route of the table', () => {
	it('is seen by these tests', () => expect(table.length).toBeGreaterThan(15));
	it('that is open holds nothing of anyone', () =>
		expect(table.filter((route) => route.access === 'open').map(({ path }) => path)).toEqual([
			'/api/v1/alerts/links/{token}',
			'/api/v1/alerts/links/{token}',
			'/api/v1/alerts/charts/{token}',
			'/healthz',
			'/readyz',
			'/api/v1/sign-in',
			'/api/v1/sign-in',
			'/api/v1/links/look',
			'/api/v1/links/use',
			'/api/v1/displays',
			'/api/v1/displays/claim',
			'/api/openapi.json',
			'/api/docs',
		]));
	it('answers 401 to nobody', async () =>
		expect(new Set(Object.values(await each(closed(), {})))).toEqual(new Set([401])));
	it('answers 401 to a wrong key', async () =>
		expect(new Set(Object.values(await each(closed(), bearer('sigma_wrong'))))).toEqual(new Set([401])));
	it('answers 401 to a wrong key beside a right cookie', async () => {
		const cookie = await cookieOf();
		expect(new Set(Object.values(await each(closed(), { cookie, ...bearer('wrong') })))).toEqual(new Set([401]));
	});
	it('answers 421 to a foreign Host', async () =>
		expect(new Set(Object.values(await each(table, { host: 'evil.example', ...bearer(OWNER_KEY) })))).toEqual(
			new Set([421]),
		));
	it('that writes or is a socket answers 403 to a page of another origin', async () => {
		const guarded = table.filter((route) => route.method !== 'GET' || route.kind === 'socket');
		for (const origin of [
			'https://evil.example',
			'null',
			`http://127.0.0.1:${hub.port + 1}`,
			'http://127.0.0.1.evil.example',
		])
			expect(new Set(Object.values(await each(guarded, { origin, ...bearer(OWNER_KEY) })))).toEqual(new Set([403]));
	});
	it('about the whole server answers 403 to a key of one site', async () => {
		const whole = table.filter((route) => route.everySite);
		expect(whole.map(({ path }) => path)).toEqual([
			'/api/v1/causes/{name}',
			'/api/v1/causes/{name}/merge',
			'/api/v1/causes/{name}',
			'/api/v1/alerts',
			'/api/v1/alerts/messages',
			'/api/v1/alerts/log',
			'/api/v1/alerts/messages/{message}/resend',
			'/api/v1/alerts/channels/{channel}/test',
			'/api/v1/alerts/channels/{channel}/enable',
			'/api/v1/alerts/preview',
			'/api/v1/alerts/draft',
			'/api/v1/secrets',
			'/api/v1/secrets/{name}',
			'/api/v1/secrets/{name}',
			'/api/v1/system',
			'/metrics',
			'/api/v1/set-up',
			'/api/v1/audit/check',
			'/api/v1/sources/types',
			'/api/v1/sources/discover',
			'/api/v1/sources/trials',
			'/api/v1/sources/trials/{trial}',
			'/api/v1/sources/trials/{trial}',
			'/api/v1/backups',
			'/api/v1/backups/newest',
			...['/api/v1/demo', '/api/v1/demo', '/api/v1/demo'],
			'/api/v1/boards/files',
		]);
		for (const route of whole)
			expect(await call(route, bearer(keys[`a ${route.access}`] ?? keys['a admin']))).toBe(403);
	});
	it('that does not exist is a problem', async () => {
		const response = await hub.request('/api/v2/nothing');
		expect(response.headers.get('content-type')).toBe('application/problem+json');
		expect(await response.json()).toMatchObject({ status: 404, title: 'Not Found', type: 'about:blank' });
	});
	it('with another method says which there are', async () => {
		const response = await hub.request('/api/v1/streams', { method: 'PUT' });
		expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
	});
	it('says nosniff and gives no referrer', async () => {
		const { headers } = await hub.request('/api/v1/streams');
		expect(headers.get('x-content-type-options')).toBe('nosniff');
		expect(headers.get('referrer-policy')).toBe('no-referrer');
		expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
	});
});

describe('a key of one site', () => {
	const items = async (path: string, key = keys['b read']) =>
		((await (await hub.request(path, { headers: bearer(key) })).json()) as ApiList<ApiStream>).items;
	it('sees its streams', async () => expect(await items('/api/v1/streams', keys['a read'])).toHaveLength(1));
	it('sees no other', async () => expect(await items('/api/v1/streams')).toEqual([]));
	it('sees no other by asking for its site', async () =>
		expect(await items('/api/v1/streams?site=site-a')).toEqual([]));
	it('sees no foreign violation', async () => expect(await items('/api/v1/violations')).toEqual([]));
	it('nor by stream', async () => expect(await items(`/api/v1/violations?stream=${ids.stream}`)).toEqual([]));
	it('nor by site', async () => expect(await items('/api/v1/violations?site=site-a')).toEqual([]));
	it('writes to its site, whatever the payload says', async () => {
		const labels = { site: 'site-a' };
		await hub.write([{ stream: 'mine', v: 1, t: Date.now() * 1000, labels }], keys['b write']);
		expect(await items('/api/v1/streams')).toMatchObject([{ key: 'mine', site: 'site-b' }]);
	});
	const created = async (key: string | undefined, body: object) => {
		const headers = { 'content-type': 'application/json', ...bearer(key) };
		return hub.request('/api/v1/keys', { method: 'POST', headers, body: JSON.stringify(body) });
	};
	it('makes no key for another site', async () =>
		expect((await created(keys['a admin'], { name: 'x', site: 'site-b', scopes: ['admin'] })).status).toBe(403));
	it('gives no scope that it does not have', async () =>
		expect((await created(keys['a admin'], { name: 'x', site: 'site-a', scopes: ['read'] })).status).toBe(403));
	it('that the owner makes works at once', async () => {
		const response = await created(OWNER_KEY, { name: 'new', site: 'site-c', scopes: ['read'] });
		expect(response.status).toBe(201);
		const { key } = (await response.json()) as { key: string };
		expect(await (await hub.request('/api/v1/me', { headers: bearer(key) })).json()).toMatchObject({
			sites: ['site-c'],
		});
	});
	it('an unknown field of a new key is named', async () => {
		const response = await created(OWNER_KEY, { name: 'n', site: 's', scopes: ['read'], role: 'x' });
		expect(((await response.json()) as ApiProblem).errors).toEqual([{ path: '$.role', message: 'is not known here' }]);
	});
});

async function cookieOf(): Promise<string> {
	const response = await fetch(`${hub.url}/?token=${START_TOKEN}`, { redirect: 'manual' });
	return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

describe('the start link', () => {
	const open = (path: string, headers: Record<string, string> = {}) =>
		fetch(hub.url + path, { redirect: 'manual', headers });
	it('sets a cookie and leads to the same page without the token', async () => {
		const response = await open(`/streams/5?view=wall&token=${START_TOKEN}`);
		expect([response.status, response.headers.get('location')]).toEqual([303, '/streams/5?view=wall']);
		expect(response.headers.get('set-cookie')).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
	});
	it('never leads to another host', async () => {
		const response = await open(`//evil.example/?token=${START_TOKEN}`);
		expect(response.headers.get('location')).toBe('/evil.example/');
	});
	it('makes the owner of who keeps the cookie', async () => {
		const response = await open('/api/v1/me', { cookie: await cookieOf() });
		expect(await response.json()).toMatchObject({ kind: 'owner', sites: 'all' });
	});
	it('is not told by its cookie', async () => expect(await cookieOf()).not.toContain(START_TOKEN));
	it('with a wrong token sets nothing', async () => {
		const response = await open('/?token=wrong');
		expect([response.status, response.headers.get('set-cookie')]).toEqual([303, null]);
	});
	it('works as a bearer token', async () => expect((await open('/api/v1/me', bearer(START_TOKEN))).status).toBe(200));
	it('works for line-protocol clients', async () =>
		expect((await open('/api/v1/me', { authorization: `Token ${OWNER_KEY}` })).status).toBe(200));
	it('is no key in an address of the API', async () =>
		expect((await open(`/api/v1/me?token=${START_TOKEN}`)).status).toBe(401));
});

describe('a socket', () => {
	const opened = (headers: Record<string, string>) =>
		new Promise<string>((resolve) => {
			const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/live`, { headers });
			socket.on('open', () => resolve((socket.terminate(), 'open')));
			socket.on('unexpected-response', (_, response) => resolve(String(response.statusCode)));
			socket.on('error', () => undefined);
		});
	it('opens for a page of ours with the cookie', async () =>
		expect(await opened({ cookie: await cookieOf(), origin: hub.url })).toBe('open'));
	it('stays shut for a foreign page with the cookie', async () =>
		expect(await opened({ cookie: await cookieOf(), origin: 'https://evil.example' })).toBe('403'));
	it('opens for a program with a key', async () => expect(await opened(bearer(OWNER_KEY))).toBe('open'));
	it('of no route is not found', async () => {
		const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/streams`, { headers: bearer(OWNER_KEY) });
		const status = await new Promise((resolve) => {
			socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
			socket.on('error', () => undefined);
		});
		expect(status).toBe(404);
	});
});

describe('what the log keeps', () => {
	it('is no secret', () => {
		const text = hub.logged.join('');
		for (const secret of [START_TOKEN, OWNER_KEY, ...Object.values(keys)]) expect(text).not.toContain(secret);
	});
	it('is not broken by bytes that are no HTTP', async () => {
		const socket = connect(hub.port, '127.0.0.1');
		socket.end('\u0000\u0001 nonsense\r\n\r\n');
		const answer = await new Promise<string>((resolve) => socket.on('data', (data) => resolve(data.toString())));
		expect(answer).toMatch(/^HTTP\/1\.1 400/);
		expect((await hub.request('/healthz')).status).toBe(200);
	});
});
