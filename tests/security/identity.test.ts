import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { START_TOKEN, OWNER_KEY, startHub, type Hub } from '#server/http/testing/hub.ts';
import { until } from '#tests/support/until.ts';

const PASSWORD = 'correct horse battery staple';
let hub: Hub;
/** As the owner's browser keeps it. */
let owner = '';
const secrets: string[] = [PASSWORD];

interface Asked {
	readonly method?: string;
	readonly body?: unknown;
	readonly cookie?: string;
	readonly headers?: Record<string, string>;
}

/** What a page of ours sends: Origin, the cookie, JSON. */
function ask(path: string, { method, body, cookie, headers }: Asked = {}): Promise<Response> {
	return fetch(hub.url + path, {
		method: method ?? (body === undefined ? 'GET' : 'POST'),
		redirect: 'manual',
		headers: {
			origin: hub.url,
			...(cookie === undefined ? {} : { cookie }),
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...headers,
		},
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
}

function cookieOf(response: Response): string {
	const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
	secrets.push(cookie.split('=')[1] ?? '');
	return cookie;
}

async function signIn(email: string, password = PASSWORD, headers: Record<string, string> = {}): Promise<string> {
	const response = await ask('/api/v1/sign-in', { body: { email, password }, headers });
	expect(response.status).toBe(200);
	return cookieOf(response);
}

async function me(cookie: string) {
	return (await ask('/api/v1/me', { cookie })).status;
}

/** Invites somebody and takes the invitation. @returns id and cookie */
async function person(email: string, grants: readonly object[], by = owner): Promise<{ id: string; cookie: string }> {
	const invited = await ask('/api/v1/people', { body: { name: email, email, grants }, cookie: by });
	expect(invited.status).toBe(201);
	const { person, link } = (await invited.json()) as { person: { id: string }; link: string };
	const used = await ask('/api/v1/links/use', { body: { link: secretOf(link), password: PASSWORD } });
	expect(used.status).toBe(200);
	return { id: person.id, cookie: cookieOf(used) };
}

function secretOf(link: string): string {
	const secret = link.split('#')[1] ?? '';
	secrets.push(secret);
	return secret;
}

beforeAll(async () => {
	hub = await startHub({ trustedProxies: ['127.0.0.1'] });
	const entered = await ask(`/?token=${START_TOKEN}`);
	const start = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
	expect(await (await ask('/api/v1/sign-in')).json()).toEqual({ isSetUp: false });
	const body = { name: 'Olga', email: 'olga@plant.example', password: PASSWORD };
	expect((await ask('/api/v1/set-up', { body: { ...body, password: 'short' }, cookie: start })).status).toBe(400);
	expect((await ask('/api/v1/set-up', { body })).status).toBe(401);
	const made = await ask('/api/v1/set-up', { body, cookie: start });
	expect(made.status).toBe(201);
	owner = cookieOf(made);
	secrets.push(start.split('=')[1] ?? '');
});
afterAll(() => hub.stop());

describe('once there is an owner', () => {
	it('the set-up has signed in', async () =>
		expect(await (await ask('/api/v1/me', { cookie: owner })).json()).toMatchObject({
			kind: 'person',
			name: 'Olga',
			sites: 'all',
			grants: [{ site: '*', role: 'owner' }],
		}));
	it('the start link opens nothing, as link, cookie or key', async () => {
		const entered = await ask(`/?token=${START_TOKEN}`);
		expect([entered.status, entered.headers.get('set-cookie')]).toEqual([303, null]);
		expect((await ask('/api/v1/me', { headers: { authorization: `Bearer ${START_TOKEN}` } })).status).toBe(401);
	});
	it('nobody becomes the owner a second time', async () => {
		const body = { name: 'Eve', email: 'eve@plant.example', password: PASSWORD };
		const again = await ask('/api/v1/set-up', { body, headers: { authorization: `Bearer ${OWNER_KEY}` } });
		expect(again.status).toBe(409);
	});
	it('the key of the environment works on', async () => expect((await hub.request('/api/v1/me')).status).toBe(200));
});

describe('signing in', () => {
	it('answers the same to a wrong password, an unknown address, and one that has not taken its invitation', async () => {
		await ask('/api/v1/people', {
			body: { name: 'Ivo', email: 'ivo@plant.example', grants: [{ site: 'a', role: 'viewer' }] },
			cookie: owner,
		});
		const answers = await Promise.all(
			['olga@plant.example', 'nobody@plant.example', 'ivo@plant.example'].map(async (email) => {
				const response = await ask('/api/v1/sign-in', { body: { email, password: 'not the password' } });
				const headers = [...response.headers.keys()].filter((name) => name !== 'x-request-id').sort();
				return JSON.stringify([response.status, await response.text(), headers]);
			}),
		);
		expect(new Set(answers).size).toBe(1);
		expect(answers[0]).toContain('401');
	});
	it('gives a cookie that scripts, other sites and other ports’ names do not get', async () => {
		const response = await ask('/api/v1/sign-in', { body: { email: 'olga@plant.example', password: PASSWORD } });
		expect(response.headers.get('set-cookie')).toMatch(
			/^sigmascope_session_[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/,
		);
	});
	it('gives one of this host over https only, where a trusted proxy says so', async () => {
		const response = await ask('/api/v1/sign-in', {
			body: { email: 'olga@plant.example', password: PASSWORD },
			headers: { 'x-forwarded-proto': 'https', origin: hub.url.replace('http:', 'https:') },
		});
		expect(response.headers.get('set-cookie')).toMatch(/^__Host-sigmascope_session_.*; Path=\/;.*; Secure$/);
		expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=\d+$/);
		expect(await me(cookieOf(response))).toBe(200);
	});
	it('never takes a session that somebody else laid into the browser', async () => {
		const planted = (await signIn('olga@plant.example')).replace(/=.*/, `=${'A'.repeat(43)}`);
		const response = await ask('/api/v1/sign-in', {
			body: { email: 'olga@plant.example', password: PASSWORD },
			cookie: planted,
		});
		expect(cookieOf(response)).not.toBe(planted);
		expect(await me(planted)).toBe(401);
	});
	it('tells who guesses to wait, and lets in the same person from elsewhere', async () => {
		const guess = (address: string, password = 'a wrong password') =>
			ask('/api/v1/sign-in', {
				body: { email: 'guessed@plant.example', password },
				headers: { 'x-forwarded-for': address },
			});
		await person('guessed@plant.example', [{ site: 'a', role: 'viewer' }]);
		const statuses = [];
		for (let i = 0; i < 11; i++) statuses.push((await guess('203.0.113.9')).status);
		expect(statuses.filter((status) => status === 401)).toHaveLength(10);
		expect(statuses.at(-1)).toBe(429);
		expect((await guess('203.0.113.9', PASSWORD)).status).toBe(429);
		expect((await guess('203.0.113.9')).headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
		expect((await guess('198.51.100.7', PASSWORD)).status).toBe(200);
	});
});

describe('a page elsewhere', () => {
	const attempt = (headers: Record<string, string>, body = '{}') =>
		fetch(`${hub.url}/api/v1/sign-out`, { method: 'POST', headers: { cookie: owner, ...headers }, body });
	it('does nothing in somebody’s name', async () => {
		for (const origin of [
			'https://evil.example',
			'null',
			`${hub.url}.evil.example`,
			`http://127.0.0.1:${hub.port + 1}`,
		])
			expect((await attempt({ origin, 'content-type': 'application/json' })).status).toBe(403);
		expect((await attempt({ 'content-type': 'application/json' })).status).toBe(403);
		expect((await attempt({ 'content-type': 'application/json', 'sec-fetch-site': 'same-site' })).status).toBe(403);
		expect(await me(owner)).toBe(200);
	});
	it('nor with a form or plain text that it may send without asking', async () => {
		for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
			expect((await attempt({ origin: hub.url, 'content-type': type })).status).toBe(415);
		expect(await me(owner)).toBe(200);
	});
	it('signs nobody in as somebody else', async () =>
		expect(
			(
				await ask('/api/v1/sign-in', {
					body: { email: 'olga@plant.example', password: PASSWORD },
					headers: { origin: 'https://evil.example' },
				})
			).status,
		).toBe(403));
});

describe('an invitation', () => {
	it('works once, and says whose it is until then', async () => {
		const body = { name: 'Uma', email: 'uma@plant.example', grants: [{ site: 'a', role: 'viewer' }] };
		const invited = await ask('/api/v1/people', { body, cookie: owner });
		const { link } = (await invited.json()) as { link: string };
		expect(link).toMatch(new RegExp(`^${hub.url}/welcome#[\\w-]{43}$`));
		const secret = secretOf(link);
		const look = () => ask('/api/v1/links/look', { body: { link: secret } });
		expect(await (await look()).json()).toEqual({ kind: 'invite', email: 'uma@plant.example', name: 'Uma' });
		const use = (password: string) => ask('/api/v1/links/use', { body: { link: secret, password } });
		expect((await use('short')).status).toBe(400);
		expect((await use(PASSWORD)).status).toBe(200);
		expect((await use(PASSWORD)).status).toBe(404);
		expect((await look()).status).toBe(404);
		await signIn('uma@plant.example');
	});
	it('of an address that has an account gives roles and no link', async () => {
		const { cookie } = await person('both@plant.example', [{ site: 'a', role: 'viewer' }]);
		const body = { name: 'x', email: 'BOTH@plant.example', grants: [{ site: 'b', role: 'operator' }] };
		const again = (await (await ask('/api/v1/people', { body, cookie: owner })).json()) as { link: null };
		expect(again).toMatchObject({ link: null, person: { grants: [{ site: 'a' }, { site: 'b' }] } });
		expect(await me(cookie)).toBe(401);
	});
});

describe('a session', () => {
	it('ends on every tab when somebody signs out', async () => {
		const cookie = await signIn('olga@plant.example');
		const out = await ask('/api/v1/sign-out', { body: {}, cookie });
		expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringMatching(/=; .*Max-Age=0/)]);
		expect(await me(cookie)).toBe(401);
	});
	it('is listed with where it is, and ended from there', async () => {
		const { cookie } = await person('sara@plant.example', [{ site: 'a', role: 'viewer' }]);
		const other = await signIn('sara@plant.example', PASSWORD, {
			'user-agent': 'Phone',
			'x-forwarded-for': '10.9.8.7',
		});
		const list = async () =>
			((await (await ask('/api/v1/me/sessions', { cookie })).json()) as { items: { id: string; isThis: boolean }[] })
				.items;
		const there = (await list()).find(({ isThis }) => !isThis);
		expect(there).toMatchObject({ address: '10.9.8.7', agent: 'Phone' });
		expect((await ask(`/api/v1/me/sessions/${there?.id}`, { method: 'DELETE', cookie: owner })).status).toBe(404);
		expect(await me(other)).toBe(200);
		expect((await ask(`/api/v1/me/sessions/${there?.id}`, { method: 'DELETE', cookie })).status).toBe(204);
		expect([await me(other), await me(cookie), (await list()).length]).toEqual([401, 200, 1]);
	});
	it('ends with another role; a socket that is open, too', async () => {
		const { id, cookie } = await person('rolf@plant.example', [{ site: 'a', role: 'viewer' }]);
		const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/live`, {
			headers: { cookie, origin: hub.url },
		});
		const closed = new Promise<number>((resolve) => socket.on('close', resolve));
		await until(() => socket.readyState === WebSocket.OPEN);
		const body = { grants: [{ site: 'a', role: 'admin' }] };
		expect((await ask(`/api/v1/people/${id}`, { method: 'PUT', body, cookie: owner })).status).toBe(200);
		expect(await closed).toBe(4401);
		expect(await me(cookie)).toBe(401);
	});
	it('ends with another password, but for the one that set it', async () => {
		const { cookie } = await person('paul@plant.example', [{ site: 'a', role: 'viewer' }]);
		const other = await signIn('paul@plant.example');
		const change = (current: string, next: string) =>
			ask('/api/v1/me/password', { method: 'PUT', body: { current, next }, cookie });
		expect((await change('a wrong password', 'another four words here')).status).toBe(400);
		expect((await change(PASSWORD, 'short')).status).toBe(400);
		const changed = await change(PASSWORD, 'another four words here');
		expect(changed.status).toBe(200);
		expect([await me(cookie), await me(other), await me(cookieOf(changed))]).toEqual([401, 401, 200]);
	});
	it('ends when somebody who manages the person says so', async () => {
		const { id, cookie } = await person('lea@plant.example', [{ site: 'a', role: 'viewer' }]);
		expect((await ask(`/api/v1/people/${id}/sign-out`, { body: {}, cookie: owner })).status).toBe(204);
		expect(await me(cookie)).toBe(401);
		await signIn('lea@plant.example');
	});
});

describe('the only owner', () => {
	const mine = async () =>
		(
			(await (await ask('/api/v1/people', { cookie: owner })).json()) as { items: { id: string; email: string }[] }
		).items.find(({ email }) => email === 'olga@plant.example')?.id;
	it('is neither removed nor shut out nor made less', async () => {
		const path = `/api/v1/people/${await mine()}`;
		expect((await ask(path, { method: 'DELETE', cookie: owner })).status).toBe(409);
		for (const body of [{ isDisabled: true }, { grants: [] }, { grants: [{ site: '*', role: 'admin' }] }])
			expect((await ask(path, { method: 'PUT', body, cookie: owner })).status).toBe(409);
		expect(await me(owner)).toBe(200);
	});
});

describe('two sites', () => {
	let a: { id: string; cookie: string };
	let b: { id: string; cookie: string };
	let shared: { id: string; cookie: string };
	beforeAll(async () => {
		a = await person('admin-a@plant.example', [{ site: 'a', role: 'admin' }]);
		b = await person('admin-b@plant.example', [{ site: 'b', role: 'admin' }]);
		shared = await person('shared@plant.example', [
			{ site: 'a', role: 'viewer' },
			{ site: 'b', role: 'engineer' },
		]);
	});
	const peopleOf = async (cookie: string) =>
		(
			(await (await ask('/api/v1/people', { cookie })).json()) as {
				items: { email: string; grants: { site: string }[] }[];
			}
		).items;
	it('know nothing of each other’s people', async () => {
		const text = JSON.stringify(await peopleOf(a.cookie));
		expect(text).toContain('admin-a@plant.example');
		expect(text).not.toContain('admin-b@plant.example');
		expect(text).not.toContain('"b"');
		for (const [method, more] of [
			['PUT', ''],
			['DELETE', ''],
			['POST', '/reset'],
			['POST', '/sign-out'],
		] as const) {
			const asked = { method, cookie: a.cookie, ...(method === 'DELETE' ? {} : { body: {} }) };
			expect((await ask(`/api/v1/people/${b.id}${more}`, asked)).status).toBe(404);
		}
		expect(await me(b.cookie)).toBe(200);
	});
	it('share somebody, whose password is neither’s to set', async () => {
		expect((await ask(`/api/v1/people/${shared.id}/reset`, { body: {}, cookie: a.cookie })).status).toBe(403);
		expect((await ask(`/api/v1/people/${shared.id}`, { method: 'DELETE', cookie: a.cookie })).status).toBe(403);
		const body = { grants: [{ site: 'a', role: 'operator' }] };
		expect((await ask(`/api/v1/people/${shared.id}`, { method: 'PUT', body, cookie: a.cookie })).status).toBe(200);
		const { grants } = (await hub.metadata.accounts.get(Number(shared.id))) ?? {};
		expect(grants).toEqual([
			{ site: 'a', role: 'operator' },
			{ site: 'b', role: 'engineer' },
		]);
	});
	it('give no roles on each other', async () => {
		const more = [
			{ site: 'b', role: 'viewer' },
			{ site: '*', role: 'viewer' },
			{ site: '*', role: 'owner' },
		];
		for (const grant of more) {
			const body = { name: 'x', email: 'x@plant.example', grants: [grant] };
			expect((await ask('/api/v1/people', { body, cookie: a.cookie })).status).toBe(403);
			expect(
				(await ask(`/api/v1/people/${a.id}`, { method: 'PUT', body: { grants: [grant] }, cookie: a.cookie })).status,
			).toBe(403);
		}
	});
	it('see nothing of each other’s keys and audit', async () => {
		const body = { name: 'of b', site: 'b', scopes: ['read'] };
		const { key } = (await (await ask('/api/v1/keys', { body, cookie: b.cookie })).json()) as { key: string };
		secrets.push(key);
		const [ofB] = ((await (await ask('/api/v1/keys', { cookie: b.cookie })).json()) as { items: { id: string }[] })
			.items;
		expect(JSON.stringify(await (await ask('/api/v1/keys', { cookie: a.cookie })).json())).not.toContain('of b');
		expect((await ask(`/api/v1/keys/${ofB?.id}`, { method: 'DELETE', cookie: a.cookie })).status).toBe(404);
		expect(JSON.stringify(await (await ask('/api/v1/audit', { cookie: a.cookie })).json())).not.toContain('of b');
		expect(JSON.stringify(await (await ask('/api/v1/audit', { cookie: b.cookie })).json())).toContain('of b');
		expect((await ask('/api/v1/audit/check', { cookie: a.cookie })).status).toBe(403);
	});
});

describe('a key', () => {
	const create = (body: object) =>
		ask('/api/v1/keys', { body: { name: 'k', site: 'a', scopes: ['read'], ...body }, cookie: owner });
	const status = (key: string) =>
		ask('/api/v1/me', { headers: { authorization: `Bearer ${key}` } }).then((r) => r.status);
	it('is shown once, listed by how it begins, and says when it was used', async () => {
		const { key } = (await (await create({ name: 'telegraf' })).json()) as { key: string };
		secrets.push(key);
		expect(key).toMatch(/^sigma_[\w-]{43}$/);
		await status(key);
		const list = await (await ask('/api/v1/keys', { cookie: owner })).text();
		expect(list).toContain(key.slice(0, 12));
		expect(list).not.toContain(key);
		const { items } = JSON.parse(list) as { items: { name: string; usedAt: string | null; createdBy: string }[] };
		expect(items.find(({ name }) => name === 'telegraf')).toMatchObject({
			usedAt: expect.any(String) as string,
			createdBy: 'Olga',
		});
	});
	it('opens nothing from the moment it is removed; its socket closes', async () => {
		const { key } = (await (await create({ name: 'gone' })).json()) as { key: string };
		const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/live`, {
			headers: { authorization: `Bearer ${key}` },
		});
		const closed = new Promise<number>((resolve) => socket.on('close', resolve));
		await until(() => socket.readyState === WebSocket.OPEN);
		const id = (await hub.metadata.keys.find(key))?.id;
		expect((await ask(`/api/v1/keys/${id}`, { method: 'DELETE', cookie: owner })).status).toBe(204);
		expect([await closed, await status(key)]).toEqual([4401, 401]);
	});
	it('opens nothing once it has expired', async () => {
		const key = await hub.metadata.keys.create({ name: 'old', site: 'a', scopes: ['read'], expiresMicros: 1 });
		expect(await status(key)).toBe(401);
	});
	it('does not begin its life expired', async () =>
		expect((await create({ expiresAt: '2020-01-01T00:00:00Z' })).status).toBe(400));
});

describe('the audit', () => {
	it('says who did what from where, and nothing of it is a secret', async () => {
		const text = await (await ask('/api/v1/audit?limit=1000', { cookie: owner })).text();
		for (const act of [
			'set-up',
			'sign-in',
			'sign-in.refused',
			'person.create',
			'person.invite',
			'person.change',
			'key.create',
		])
			expect(text).toContain(`"act":"${act}"`);
		expect(text).toContain('"address":"203.0.113.9"');
		for (const secret of secrets.filter(Boolean)) expect(text).not.toContain(secret);
	});
	it('is unbroken', async () =>
		expect(await (await ask('/api/v1/audit/check', { cookie: owner })).json()).toMatchObject({ brokenAt: null }));
	it('is neither changed nor removed by any route', async () => {
		for (const method of ['PUT', 'DELETE', 'POST'])
			expect((await ask('/api/v1/audit', { method, cookie: owner })).status).toBe(405);
	});
});

it('no password, session, link or key is ever logged or counted', async () => {
	const everything = hub.logged.join('') + (await (await hub.request('/metrics')).text());
	expect(secrets.filter(Boolean).length).toBeGreaterThan(20);
	for (const secret of secrets.filter(Boolean)) expect(everything).not.toContain(secret);
});
