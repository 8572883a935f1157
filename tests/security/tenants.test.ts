import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ApiList, ApiViolation } from '#contracts/api.ts';
import { BODY_LIMITS, createBodies } from '#server/http/body.ts';
import type { Route } from '#server/http/route.ts';
import { createTable } from '#server/http/table.ts';
import { pointsOf, startHub, type Hub } from '#server/http/testing/hub.ts';
import { until } from '#tests/support/until.ts';

/**
 * Two plants on one server. Everything of the first carries the mark; whoever is of the second tries every id of it, in
 * paths, queries and bodies, wherever the table of routes takes one.
 */
const MARK = 'first-plants-own';

/** What each parameter of a path names. A new one has to be written down here before any test passes. */
const PATHS: Readonly<Record<string, string>> = {
	'streams/{id}': 'stream',
	'violations/{id}': 'violation',
	'annotations/{annotation}': 'annotation',
	'events/{id}': 'event',
	'sessions/{id}': 'recording',
	'people/{id}': 'person',
	'keys/{id}': 'key',
	'me/sessions/{id}': 'sign-in',
	'documents/{id}': 'document',
	'screens/{id}': 'screen',
	// Of the whole server: they ask for every site.
	'causes/{name}': 'server',
	'messages/{message}': 'server',
	'channels/{channel}': 'server',
	'secrets/{name}': 'server',
	'trials/{trial}': 'server',
	// Of who asks.
	'views/{page}': 'own',
	'{page}/{name}': 'own',
	// Files that the operator wrote; what they show is asked for stream by stream.
	'boards/{name}': 'file',
	// Secrets by themselves.
	'links/{token}': 'secret',
	'charts/{token}': 'secret',
};
/** The same for fields of queries and bodies that name something. */
const FIELDS: Readonly<Record<string, string>> = {
	stream: 'stream',
	streams: 'stream',
	'filter.stream': 'stream',
	'route.match.stream': 'pattern',
	session: 'recording',
	violation: 'violation',
	ids: 'violation',
	'changed.id': 'violation',
	annotation: 'annotation',
	event: 'event',
	site: 'site',
	'filter.site': 'site',
	'grants.site': 'site',
	'route.match.site': 'pattern',
	key: 'pattern',
	subject: 'text',
	actor: 'text',
	screen: 'text',
	traceId: 'text',
	channel: 'server',
	link: 'secret',
	claim: 'secret',
	code: 'secret',
};
const NAMES =
	/(^|\.)(ids?|\w+Ids?|stream|streams|session|sessions|violation|violations|annotation|document|person|account|key|event|screen|link|code|claim|subject|actor|site|token|message|channel)$/;

let hub: Hub;
let table: readonly Route[];
const ids: Record<string, string> = {};
/** Of the second plant, as much as one may there. */
const strangers: { readonly name: string; readonly headers: Record<string, string> }[] = [];

interface Definition {
	readonly type?: string;
	readonly shape?: Readonly<Record<string, unknown>>;
	readonly options?: readonly unknown[];
	readonly innerType?: unknown;
	readonly element?: unknown;
	readonly in?: unknown;
}

/** Names of a schema's fields, those inside others with a dot. */
function fieldsOf(schema: unknown): string[] {
	const {
		shape,
		options = [],
		innerType,
		element,
		in: before,
	} = (schema as { _zod?: { def?: Definition } })?._zod?.def ?? {};
	const own = Object.entries(shape ?? {}).flatMap(([name, of]) => [
		name,
		...fieldsOf(of).map((one) => `${name}.${one}`),
	]);
	return [...own, ...[...options, innerType, element, before].filter(Boolean).flatMap(fieldsOf)];
}

function inputOf(route: Route): { readonly query: readonly string[]; readonly body: readonly string[] } {
	const input = 'input' in route ? (route.input as { readonly query?: unknown; readonly body?: unknown }) : {};
	return { query: fieldsOf(input.query), body: fieldsOf(input.body) };
}

/** Each parameter with what stands before it. */
function parametersOf(route: Route): string[] {
	const found: string[] = [];
	for (const match of route.path.matchAll(/\{\w+\}/g)) {
		const before = route.path.slice(0, match.index).replace(/\/$/, '').split('/');
		const last = before.at(-1) ?? '';
		const two = `${before.at(-2)}/${last}/${match[0]}`;
		found.push(two in PATHS ? two : `${last}/${match[0]}`);
	}
	return found;
}

function pathOf(route: Route): string {
	const kinds = parametersOf(route).map((one) => PATHS[one] ?? '');
	let i = 0;
	return route.path.replace(/\{\w+\}/g, () => ids[kinds[i++] ?? ''] ?? 'none');
}

beforeAll(async () => {
	hub = await startHub({ plan: { baseline: { centre: 0, sigma: 1 }, rules: [1], reaction: [MARK] } });
	table = createTable({ ...hub.ports }, createBodies(BODY_LIMITS));
	const by = { name: MARK, id: null, address: null };
	const { metadata } = hub;
	await hub.write(pointsOf(`${MARK}/x`, [0, 9, 0]), await hub.createKey('a', ['write']));
	await hub.write(pointsOf('saw/x', [0, 9, 0]), await hub.createKey('b', ['write']));
	const violation = await until(async () => {
		const { items } = await hub.get<ApiList<ApiViolation>>('/api/v1/violations?site=a&chart=i');
		return items[0];
	});
	ids.violation = violation.id;
	ids.stream = violation.stream.id;
	await metadata.violations.change(ids.violation, { by, comment: MARK });
	await metadata.violations.tick(ids.violation, { step: MARK, isDone: true, by });
	const account = await metadata.accounts.create(
		{ email: `${MARK}@a.example`, name: MARK, password: null, grants: [{ site: 'a', role: 'operator' }] },
		by,
	);
	ids.person = String(account?.id);
	if (account) await hub.signIn(account);
	ids['sign-in'] = (await metadata.sessions.of(account?.id ?? 0))[0]?.id ?? '';
	await metadata.keys.create({ name: MARK, site: 'a', scopes: ['read'] });
	ids.key = String((await metadata.keys.list(['a'])).find(({ name }) => name === MARK)?.id);
	const manual = { site: 'a', name: MARK, type: 'text', bytes: 1, pages: null, notes: [], text: '[]' } as const;
	ids.document = String((await metadata.documents.add(manual, by)).id);
	ids.screen = screenOfFirst();
	await everything();
	const tester = { name: 'tester', id: null, address: null };
	for (const role of ['admin', 'viewer'] as const) {
		const grants = [{ site: 'b', role }];
		const other = await metadata.accounts.create(
			{ email: `${role}@b.example`, name: role, password: null, grants },
			tester,
		);
		if (other) strangers.push({ name: role, headers: { cookie: await hub.signIn(other) } });
	}
	const key = await hub.createKey('b', ['read', 'write', 'admin']);
	strangers.push({ name: 'key', headers: { authorization: `Bearer ${key}` } });
});
afterAll(() => hub.stop());

function screenOfFirst(): string {
	const about = { path: `/wall/${MARK}`, page: MARK, version: '1', width: 1920, height: 1080, upSeconds: 1 };
	const counts = { fresh: 1, tiles: 1, lost: 0, faults: 0, heapMb: null, done: null };
	const report = { screen: 'one', ...about, ...counts, sound: 'off', isAwake: true } as const;
	hub.ports.screens.take({ by: 'key:0', name: MARK, sites: ['a'] }, report);
	return hub.ports.screens.list(['a'])[0]?.id ?? '';
}

/** What is made through the API, as its owner would. */
async function everything(): Promise<void> {
	const post = async (path: string, body: object) => {
		const headers = { 'content-type': 'application/json' };
		const response = await hub.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
		const answer = (await response.json()) as {
			readonly id?: string;
			readonly items?: readonly { readonly id: string }[];
		};
		expect([path, response.status < 300]).toEqual([path, true]);
		return answer.id ?? answer.items?.[0]?.id ?? '';
	};
	const at = new Date().toISOString();
	ids.event = await post('/api/v1/events?site=a', { kind: 'note', from: at, title: MARK });
	ids.annotation = await post(`/api/v1/streams/${ids.stream}/annotations`, {
		kind: 'comment',
		from: at,
		to: at,
		text: MARK,
	});
	ids.recording = await post('/api/v1/sessions', { name: MARK, streams: [ids.stream], from: at, to: null });
}

interface Answer {
	readonly status: number;
	readonly text: string;
}

async function call(route: Route, path: string, headers: Record<string, string>, body?: object): Promise<Answer> {
	const isRead = route.method === 'GET';
	const response = await fetch(hub.url + path, {
		method: route.method,
		headers: { origin: hub.url, ...headers, ...(isRead ? {} : { 'content-type': 'application/json' }) },
		...(isRead ? {} : { body: JSON.stringify(body ?? {}) }),
	});
	return { status: response.status, text: await response.text() };
}

/** The first plant as its owner sees it. */
async function stateOfFirst(): Promise<string> {
	const paths = [
		`violations/${ids.violation}`,
		`violations/${ids.violation}/trail`,
		`violations/${ids.violation}/case`,
		`streams/${ids.stream}/plan`,
		`streams/${ids.stream}/annotations`,
		'events?site=a',
		'sessions?site=a',
		'keys',
		'people',
	];
	const found = await Promise.all(paths.map((path) => hub.request(`/api/v1/${path}`).then((one) => one.text())));
	return found.join('\n').replaceAll(/"(usedAt|seenAt)":("[^"]*"|null)/g, '');
}

const closed = () => table.filter(({ access, kind }) => access !== 'open' && kind !== 'socket');

describe('an id', () => {
	it('in a path is of a kind that is written down here', () => {
		const unknown = table.flatMap(parametersOf).filter((one) => !(one in PATHS));
		expect(unknown).toEqual([]);
		expect(new Set(table.flatMap(parametersOf)).size).toBeGreaterThan(8);
	});
	it('in a query or body, too', () => {
		const fields = table.flatMap((route) => Object.values(inputOf(route)).flat());
		const unknown = [...new Set(fields)].filter((name) => NAMES.test(name) && !(name in FIELDS));
		expect(unknown).toEqual([]);
		expect(fields.length).toBeGreaterThan(100);
	});
	it('of every kind that is somebody’s is there to be tried', () => {
		const kinds = new Set([...Object.values(PATHS), ...Object.values(FIELDS)]);
		const apart = ['server', 'own', 'file', 'secret', 'pattern', 'text', 'site'];
		expect([...kinds].filter((kind) => !ids[kind] && !apart.includes(kind))).toEqual([]);
	});
});

describe('who is of another plant', () => {
	it('gets 404 for every id of a path, no word of it, and changes nothing', async () => {
		const before = await stateOfFirst();
		expect(before).toContain(MARK);
		const wrong: string[] = [];
		for (const { name, headers } of strangers)
			for (const route of closed().filter(({ path }) => path.includes('{'))) {
				const { status, text } = await call(route, pathOf(route), headers);
				const isForeign = parametersOf(route).some((one) => (PATHS[one] ?? '') in ids);
				if (text.includes(MARK) || (isForeign && status !== 404 && status !== 403))
					wrong.push(`${name}: ${route.method} ${route.path} answered ${status} ${text.slice(0, 80)}`);
			}
		expect(wrong).toEqual([]);
		expect(await stateOfFirst()).toBe(before);
	});

	it('gets nothing by naming it in a query', async () => {
		const wrong: string[] = [];
		for (const { name, headers } of strangers)
			for (const route of closed().filter(({ path }) => !path.includes('{'))) {
				const asked = inputOf(route).query.flatMap((field) => {
					const kind = FIELDS[field] ?? '';
					const value = kind === 'site' ? 'a' : ids[kind];
					return value === undefined ? [] : [new URLSearchParams({ [field]: value }).toString()];
				});
				if (route.method !== 'GET') continue;
				for (const query of ['', ...asked]) {
					const { status, text } = await call(route, `${route.path}?${query}`, headers);
					if (text.includes(MARK) || status >= 500)
						if (status !== 503) wrong.push(`${name}: ${route.path}?${query} answered ${status} ${text.slice(0, 80)}`);
				}
			}
		expect(wrong).toEqual([]);
	});

	it('changes nothing by naming it in a body', async () => {
		const before = await stateOfFirst();
		const standing = { state: 'open', assignee: null, cause: null };
		const bodies: Readonly<Record<string, object>> = {
			'POST /api/v1/violations/acts': { act: 'acknowledge', ids: [ids.violation] },
			'POST /api/v1/violations/acts/undo': {
				changed: [{ id: ids.violation, before: { ...standing, state: 'resolved' }, after: standing }],
			},
			'POST /api/v1/sessions': { name: 'x', streams: [ids.stream], from: new Date().toISOString(), to: null },
			'POST /api/v1/events': { kind: 'note', from: new Date().toISOString(), title: 'x', streams: [ids.stream] },
			'POST /api/v1/people': { name: 'x', email: 'x@b.example', grants: [{ site: 'a', role: 'viewer' }] },
			'POST /api/v1/keys': { name: 'x', site: 'a', scopes: ['read'], expiresAt: null },
			'POST /api/v1/displays/approve': { code: 'ABCDEF', name: 'x', site: 'a' },
		};
		const naming = closed().filter(
			(route) =>
				!route.path.includes('{') &&
				route.everySite !== true &&
				inputOf(route).body.some(
					(field) => field in FIELDS && !['pattern', 'text', 'secret'].includes(FIELDS[field] ?? ''),
				),
		);
		expect(naming.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(bodies).sort());
		for (const { name, headers } of strangers)
			for (const route of naming) {
				const { text } = await call(route, route.path, headers, bodies[`${route.method} ${route.path}`]);
				expect([name, route.path, text.includes(MARK)]).toEqual([name, route.path, false]);
			}
		expect(await stateOfFirst()).toBe(before);
	});

	it('is shown nothing of it by a live connection', async () => {
		for (const { headers } of strangers) {
			const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/live`, { headers, origin: hub.url });
			const said: string[] = [];
			socket.on('message', (data) => said.push((data as Buffer).toString('latin1')));
			await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
			socket.send(JSON.stringify({ hello: { streams: [ids.stream], rateHz: 1, format: 'json' } }));
			await until(() => said.length > 0 || socket.readyState === socket.CLOSED);
			await hub.write(pointsOf(`${MARK}/x`, [0, 9, 0]), await hub.createKey('a', ['write']));
			socket.terminate();
			expect(said.join('\n')).not.toContain(MARK);
			expect(said.join('\n')).not.toContain('"v":9');
		}
	});
});
