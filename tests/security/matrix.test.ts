import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiViolation } from '#contracts/api.ts';
import { principalFor, type Who } from '#contracts/principal.ts';
import { RIGHTS, ROLES, SCOPES, type Right } from '#contracts/rights.ts';
import { BODY_LIMITS, createBodies } from '#server/http/body.ts';
import type { Route } from '#server/http/route.ts';
import { createTable } from '#server/http/table.ts';
import { OWNER_KEY, pointsOf, startHub, type Hub } from '#server/http/testing/hub.ts';
import { until } from '#tests/support/until.ts';

/**
 * Who may what, once more and by hand: the code that decides is compared with this, not with itself. A new right has to
 * be written down here before any test passes.
 */
const MAY: Readonly<Record<string, string>> = {
	owner: 'self look read act write note plan admin proxy',
	admin: 'self look read act write note plan admin',
	engineer: 'self look read act write note plan',
	operator: 'self look read act note',
	viewer: 'self look read',
	display: 'self look',
	'key read': 'self look read',
	'key write': 'self write note',
	'key admin': 'self plan admin',
	'key proxy': 'self proxy',
	'key display': 'self look',
	'key read write': 'self look read act write note',
};

/** What each route asks for, by hand: a new one stops this test until somebody has thought about it. */
const NEEDS: Readonly<Record<Right | 'open', readonly string[]>> = {
	open: [
		'GET /healthz',
		'GET /readyz',
		'GET /api/openapi.json',
		'GET /api/docs',
		'GET /api/v1/sign-in',
		'POST /api/v1/sign-in',
		'POST /api/v1/links/look',
		'POST /api/v1/links/use',
		'GET /api/v1/alerts/links/{token}',
		'POST /api/v1/alerts/links/{token}',
		'GET /api/v1/alerts/charts/{token}',
		'POST /api/v1/displays',
		'POST /api/v1/displays/claim',
	],
	self: [
		'GET /api/v1/me',
		'GET /api/v1/sites',
		'PUT /api/v1/me/password',
		'GET /api/v1/me/sessions',
		'DELETE /api/v1/me/sessions',
		'DELETE /api/v1/me/sessions/{id}',
		'POST /api/v1/sign-out',
	],
	look: [
		'GET /api/v1/status',
		'GET /api/v1/streams',
		'GET /api/v1/streams/{id}',
		'GET /api/v1/streams/{id}/limits',
		'GET /api/v1/streams/{id}/points',
		'GET /api/v1/streams/{id}/plan',
		'GET /api/v1/violations',
		'GET /api/v1/violations/{id}',
		'GET /api/v1/live',
		'GET /api/v1/boards',
		'GET /api/v1/boards/{name}',
		'POST /api/v1/screens/report',
		'GET /api/v1/events',
	],
	read: [
		'GET /api/v1/streams/{id}/advice',
		'GET /api/v1/streams/{id}/capability',
		'GET /api/v1/export',
		'GET /api/v1/sessions',
		'GET /api/v1/sessions/{id}',
		'GET /api/v1/sessions/{id}/report',
		'GET /api/v1/streams/{id}/annotations',
		'POST /api/v1/spc/analyze',
		'GET /api/v1/system',
		'GET /metrics',
		'GET /api/v1/compare',
		'GET /api/v1/llm/calls',
		'GET /api/v1/logs',
		'GET /api/v1/documents',
		'GET /api/v1/search',
		'POST /api/v1/search/answer',
		'GET /api/v1/violations/{id}/trail',
		'GET /api/v1/violations/{id}/analysis',
		'POST /api/v1/analysis/narration',
		'GET /api/v1/violations/{id}/case',
		'GET /api/v1/violations/{id}/similar',
		'GET /api/v1/violations/{id}/around',
		'GET /api/v1/violations/groups',
		'GET /api/v1/violations/summary',
		'GET /api/v1/me/views/{page}',
		'PUT /api/v1/me/views/{page}/{name}',
		'DELETE /api/v1/me/views/{page}/{name}',
		'GET /api/v1/causes',
		'GET /api/v1/alerts',
		'GET /api/v1/alerts/messages',
		'GET /api/v1/alerts/log',
		'POST /api/v1/alerts/preview',
		'POST /api/v1/alerts/draft',
		'GET /api/v1/boards/files',
	],
	act: [
		'POST /api/v1/streams/{id}/annotations',
		'DELETE /api/v1/streams/{id}/annotations/{annotation}',
		'POST /api/v1/violations/{id}/acknowledge',
		'POST /api/v1/violations/{id}/feedback',
		'POST /api/v1/violations/{id}/resolve',
		'POST /api/v1/violations/{id}/comment',
		'POST /api/v1/violations/{id}/assign',
		'POST /api/v1/violations/{id}/reopen',
		'PUT /api/v1/violations/{id}/steps',
		'POST /api/v1/sessions',
		'PATCH /api/v1/sessions/{id}',
		'DELETE /api/v1/sessions/{id}',
		'POST /api/v1/violations/acts',
		'POST /api/v1/violations/acts/undo',
	],
	write: [
		'POST /api/v1/points',
		'POST /api/v2/write',
		'GET /api/v1/collect',
		'POST /api/v1/llm/calls',
		'POST /api/v1/logs',
		'POST /api/v1/webhook/litellm',
		'POST /v1/metrics',
		'POST /v1/traces',
	],
	note: ['POST /api/v1/events', 'PATCH /api/v1/events/{id}', 'DELETE /api/v1/events/{id}'],
	plan: [
		'POST /api/v1/documents',
		'DELETE /api/v1/documents/{id}',
		'POST /api/v1/documents/{id}/again',
		'PUT /api/v1/streams/{id}/plan',
		'POST /api/v1/streams/{id}/baseline',
		'PUT /api/v1/causes/{name}',
		'POST /api/v1/causes/{name}/merge',
		'DELETE /api/v1/causes/{name}',
		'POST /api/v1/alerts/messages/{message}/resend',
		'POST /api/v1/alerts/channels/{channel}/test',
		'POST /api/v1/alerts/channels/{channel}/enable',
	],
	admin: [
		'GET /api/v1/people',
		'POST /api/v1/people',
		'PUT /api/v1/people/{id}',
		'DELETE /api/v1/people/{id}',
		'POST /api/v1/people/{id}/reset',
		'POST /api/v1/people/{id}/sign-out',
		'GET /api/v1/secrets',
		'PUT /api/v1/secrets/{name}',
		'DELETE /api/v1/secrets/{name}',
		'GET /api/v1/keys',
		'POST /api/v1/keys',
		'DELETE /api/v1/keys/{id}',
		'POST /api/v1/displays/approve',
		'GET /api/v1/audit',
		'GET /api/v1/audit/check',
		'POST /api/v1/set-up',
		'POST /api/v1/backups',
		'GET /api/v1/backups/newest',
		'GET /api/v1/demo',
		'POST /api/v1/demo',
		'DELETE /api/v1/demo',
		'GET /api/v1/sources/types',
		'POST /api/v1/sources/discover',
		'POST /api/v1/sources/trials',
		'GET /api/v1/sources/trials/{trial}',
		'DELETE /api/v1/sources/trials/{trial}',
		'GET /api/v1/screens',
		'POST /api/v1/screens/{id}/order',
	],
	proxy: [],
};

let hub: Hub;
let table: readonly Route[];
/** Headers of each kind of asker, on site a and on site b. */
const askers: { readonly name: string; readonly site: 'a' | 'b'; readonly headers: Record<string, string> }[] = [];
const ids: Record<string, string> = {};

beforeAll(async () => {
	hub = await startHub({ plan: { baseline: { centre: 0, sigma: 1 }, rules: [1] } });
	table = createTable({ ...hub.ports }, createBodies(BODY_LIMITS));
	for (const site of ['a', 'b'] as const) {
		for (const scopes of [...SCOPES.map((scope) => [scope]), ['read', 'write'] as const]) {
			const key = await hub.createKey(site, scopes);
			askers.push({ name: `key ${scopes.join(' ')}`, site, headers: { authorization: `Bearer ${key}` } });
		}
		for (const role of ROLES) askers.push({ name: role, site, headers: { cookie: await signedIn(role, site) } });
	}
	const writer = askers.find(({ name, site }) => name === 'key write' && site === 'a');
	await hub.write(pointsOf('secret/stream', [0, 9, 0]), writer?.headers.authorization?.slice('Bearer '.length));
	ids.streams = await hub.streamId('secret/stream');
	ids.violations = await until(async () => {
		const { items } = await hub.get<ApiList<ApiViolation>>('/api/v1/violations');
		return items[0]?.id;
	});
	ids.people = String((await hub.metadata.accounts.byEmail('spare@a.example'))?.account.id);
	ids.keys = String((await hub.metadata.keys.list(['a'])).find(({ name }) => name === 'a proxy')?.id);
	const told = { site: 'a', kind: 'note', fromMicros: 1e15, toMicros: null, title: 'x' } as const;
	ids.events = (await hub.metadata.events.add({ ...told, asset: null, streams: [], attributes: {} })).id;
	ids.sessions = 'none-of-this-name';
	const session = { site: 'a', name: 'run', notes: '', streamIds: [Number(ids.streams)], inForce: [], by: 'x' };
	const by = { name: 'x', id: null, address: null };
	ids.recordings = (await hub.metadata.recordings.add({ ...session, fromMicros: 1e15, toMicros: null }, by)).id;
	ids.screens = screenOf('a');
	const manual = { site: 'a', name: 'x', type: 'text', bytes: 1, pages: null, notes: [], text: '[]' } as const;
	ids.documents = String((await hub.metadata.documents.add(manual, { name: 'x', id: null, address: null })).id);
});
afterAll(() => hub.stop());

/** An account with this role there, and the cookie of its session: through the parts that the product signs in with. */
async function signedIn(role: (typeof ROLES)[number], site: string): Promise<string> {
	const by = { name: 'test', id: null, address: null };
	const grants = [{ site: role === 'owner' ? '*' : site, role }];
	const email = `${role}@${site}.example`;
	await hub.metadata.accounts.create({ email, name: email, password: null, grants }, by);
	if (role === 'viewer')
		await hub.metadata.accounts.create({ email: `spare@${site}.example`, name: 'x', password: null, grants }, by);
	const { account } = (await hub.metadata.accounts.byEmail(email)) ?? {};
	if (!account) throw new Error(`no account ${email}`);
	return hub.signIn(account);
}

/** A screen of this site that has said how it is. @returns its id */
function screenOf(site: string): string {
	const about = { path: '/wall/site', page: 'site', version: '1', width: 1920, height: 1080, upSeconds: 1 };
	const counts = { fresh: 1, tiles: 1, lost: 0, faults: 0, heapMb: null, done: null };
	const report = { screen: 'screen-of-a', ...about, ...counts, sound: 'off', isAwake: true } as const;
	hub.ports.screens.take({ by: 'key:0', name: 'wall', sites: [site] }, report);
	return hub.ports.screens.list([site])[0]?.id ?? '';
}

const nameOf = ({ method, path }: Route) => `${method} ${path}`;

function pathOf({ path }: Route): string {
	// Two things are called so: stretches of time, and what a person is signed in by.
	const kind = path.startsWith('/api/v1/sessions/') ? 'recordings' : (/\/(\w+)\/\{id\}/.exec(path)?.[1] ?? '');
	return path.replace('{id}', ids[kind] ?? 'missing');
}

/** @returns the status; 101 for a socket that opened */
function call(route: Route, headers: Readonly<Record<string, string>>): Promise<number> {
	return new Promise((resolve, reject) => {
		const upgrade = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
		const socket = route.kind === 'socket' ? { ...upgrade, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' } : {};
		const all = { origin: hub.url, ...socket, ...headers };
		const sent = httpRequest(hub.url + pathOf(route), { method: route.method, headers: all });
		sent.on('response', (response) => resolve((response.resume(), response.statusCode ?? 0)));
		sent.on('upgrade', (_, stream) => resolve((stream.destroy(), 101)));
		sent.on('error', reject);
		sent.end();
	});
}

/** What would change who asks: these are proven in identity.test.ts, with what they do. */
const DESTRUCTIVE =
	/^(POST \/api\/v1\/sign-out|DELETE \/api\/v1\/(streams\/\{id\}\/annotations\/\{annotation\}|me\/sessions|people\/\{id\}|keys\/\{id\}|events\/\{id\}|documents\/\{id\}|sessions\/\{id\})|POST \/api\/v1\/people\/\{id\}\/sign-out|POST \/api\/v1\/backups)$/;

describe('the table of routes', () => {
	it('asks for what is written down here, route by route', () => {
		const found = table.map((route) => `${route.access}: ${nameOf(route)}`).sort();
		const written = Object.entries(NEEDS).flatMap(([right, routes]) => routes.map((route) => `${right}: ${route}`));
		expect(found).toEqual(written.sort());
	});
	it('asks of each message of a socket no more than of its upgrade', () => {
		const sockets = table.filter((route) => route.kind === 'socket');
		expect(sockets.map(({ path, messages }) => [path, Object.entries(messages).flat().join(' ')])).toEqual([
			['/api/v1/collect', 'hello write declare write gap write batch write'],
			['/api/v1/live', 'hello look'],
		]);
		for (const { access, messages } of sockets) expect(new Set(Object.values(messages))).toEqual(new Set([access]));
	});
	it('knows every right', () => expect(MAY.owner?.split(' ').sort()).toEqual([...RIGHTS].sort()));
	it('gives nothing to somebody without any right', () => {
		const nobody: Who = {
			id: 'x',
			kind: 'person',
			name: 'x',
			sites: [],
			scopes: [],
			writeSite: '',
			rights: {},
			grants: [],
			isOwner: false,
		};
		expect(RIGHTS.map((right) => principalFor(nobody, right))).toEqual(RIGHTS.map(() => undefined));
	});
});

describe('every route for every role and key', () => {
	it('lets in who has its right, and nobody else', async () => {
		const wrong: string[] = [];
		for (const asker of askers) {
			const rights = MAY[asker.name]?.split(' ') ?? [];
			for (const route of table) {
				if (route.access === 'open' || DESTRUCTIVE.test(nameOf(route))) continue;
				const status = await call(route, asker.headers);
				const isServers = route.everySite === true && asker.name !== 'owner';
				const isIn = status !== 401 && status !== 403;
				if (isIn !== (rights.includes(route.access) && !isServers))
					wrong.push(`${asker.name} of ${asker.site}: ${nameOf(route)} answered ${status}`);
			}
		}
		expect(wrong).toEqual([]);
	});
	it('answers 404 about anything of a foreign site', async () => {
		const found: string[] = [];
		for (const asker of askers.filter(({ site, name }) => site === 'b' && name !== 'owner')) {
			const rights = MAY[asker.name]?.split(' ') ?? [];
			for (const route of table.filter(({ path }) => path.includes('{id}')))
				if (rights.includes(route.access)) {
					const status = await call(route, asker.headers);
					if (status !== 404) found.push(`${asker.name}: ${nameOf(route)} answered ${status}`);
				}
		}
		expect(found).toEqual([]);
	});
	it('finds it on the own site', async () => {
		const admin = askers.find(({ site, name }) => site === 'a' && name === 'admin');
		const isOther = (route: Route) => DESTRUCTIVE.test(nameOf(route)) || route.path.includes('/me/');
		const ways = table.filter((route) => route.path.includes('{id}') && !isOther(route));
		const statuses = await Promise.all(
			ways.map(async (route) => [nameOf(route), await call(route, admin?.headers ?? {})] as const),
		);
		const missing = statuses.filter(([, status]) => status === 404).map(([name]) => name);
		expect(missing).toEqual([]);
		expect(statuses.length).toBeGreaterThan(8);
	});
	it('answers 401 to nobody, and 404 or 401 to a made-up path', async () => {
		for (const route of table)
			if (route.access !== 'open') expect([nameOf(route), await call(route, {})]).toEqual([nameOf(route), 401]);
		for (const path of ['/api/v1/nothing', '/api', '/v1/x']) expect((await fetch(hub.url + path)).status).toBe(404);
		// The way to providers is no row of the table: src/lib/server/llm/proxy has its tests.
		expect((await fetch(hub.url + '/proxy/openai')).status).toBe(401);
		expect((await fetch(hub.url + '/api/v1/me', { headers: { authorization: `Bearer ${OWNER_KEY}` } })).status).toBe(
			200,
		);
	});
});
