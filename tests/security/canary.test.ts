import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReceiver, type Receiver } from '#server/alerts/testing/receiver.ts';
import { BODY_LIMITS, createBodies } from '#server/http/body.ts';
import type { Route } from '#server/http/route.ts';
import { createTable } from '#server/http/table.ts';
import { OWNER_KEY, START_TOKEN, pointsOf, startHub, type Hub } from '#server/http/testing/hub.ts';
import { until } from '#tests/support/until.ts';

/**
 * Secrets that are told apart by their text go in by every door that takes one, right and wrong ones; then everything
 * that the server says or keeps is searched for them.
 */
const CANARY = {
	password: 'canary-password-7781',
	wrongPassword: 'canary-wrong-password-7782',
	wrongKey: 'sigma_canary-wrong-key-7783',
	slack: 'xoxb-canary-slack-7784',
	header: 'canary-header-7785',
	address: 'canary-address-7786',
	mail: 'canary-mail-7787',
	mqtt: 'canary-mqtt-7788',
	provider: 'sk-canary-provider-7789',
	link: 'canary-link-7790',
	kept: 'canary-kept-7791',
} as const;
const SIGNING = `whsec_${Buffer.from('canary-signing-secret-of-webhooks').toString('base64')}`;

let hub: Hub;
let down: Receiver;
let table: readonly Route[];
let made = { key: '', cookie: '' };
const said: string[] = [];

async function ask(path: string, init: RequestInit = {}): Promise<void> {
	const response = await fetch(hub.url + path, init);
	said.push(`${response.status} ${JSON.stringify([...response.headers].filter(([name]) => name !== 'set-cookie'))}`);
	if (!/event-stream/.test(response.headers.get('content-type') ?? '')) said.push(await response.text());
}

beforeAll(async () => {
	down = await startReceiver();
	// Whatever is sent is repeated in the answer, as some gateways do.
	down.answerWith((response, { headers, body }) => void response.writeHead(500).end(JSON.stringify({ headers, body })));
	const channels = [
		{
			type: 'webhook',
			url: `${down.url}/${CANARY.address}`,
			secret: SIGNING,
			headers: { 'x-auth': CANARY.header, 'x-kept': 'secret:gateway' },
		},
		{ type: 'slack', token: CANARY.slack, channel: '#x', api: down.url },
		{ type: 'slack', url: `${down.url}/services/${CANARY.address}` },
		{ type: 'webhook', url: 'secret:inside' },
		{
			type: 'email',
			server: 'smtp://127.0.0.1:9',
			starttls: 'if-offered',
			auth: { username: 'scope', password: CANARY.mail },
			from: 'a@x.example',
			to: 'b@x.example',
		},
		{ type: 'mqtt', url: 'mqtt://127.0.0.1:9', auth: { username: 'scope', password: CANARY.mqtt } },
	];
	hub = await startHub({
		plan: { baseline: { centre: 0, sigma: 1 }, rules: [1] },
		alerts: { routes: { ops: { channels, groupFor: '0s' } } },
		publicUrl: 'http://scope.example',
	});
	table = createTable({ ...hub.ports }, createBodies(BODY_LIMITS));
	made = { ...made, key: await hub.createKey('a', ['read', 'write', 'admin']) };
	await keep('gateway', CANARY.kept);
	await keep('inside', `${down.url}/inside`);
	await hub.write(pointsOf('press/x', [0, 9, 0]), made.key);
	await until(() => down.received.length >= 3);
	const owner = { name: 'Ann', email: 'ann@x.example', password: CANARY.password };
	const json = { 'content-type': 'application/json', origin: hub.url };
	const asOwner = { ...json, authorization: `Bearer ${OWNER_KEY}` };
	const { channels: bound = [] } =
		(await hub.get<{ routes: { channels: { id: string }[] }[] }>('/api/v1/alerts')).routes[0] ?? {};
	for (const { id } of bound)
		await ask(`/api/v1/alerts/channels/${id}/test`, { method: 'POST', headers: asOwner, body: '{}' });
	const setUp = await fetch(`${hub.url}/api/v1/set-up`, {
		method: 'POST',
		headers: asOwner,
		body: JSON.stringify(owner),
	});
	said.push(await setUp.text());
	const signIn = await fetch(`${hub.url}/api/v1/sign-in`, {
		method: 'POST',
		headers: json,
		body: JSON.stringify(owner),
	});
	made.cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
	said.push(await signIn.text());
	await ask('/api/v1/sign-in', {
		method: 'POST',
		headers: json,
		body: JSON.stringify({ email: owner.email, password: CANARY.wrongPassword }),
	});
});
afterAll(async () => {
	await hub.stop();
	await down.stop();
});

async function keep(name: string, secret: string): Promise<void> {
	const headers = { 'content-type': 'application/json' };
	const init = { method: 'PUT', headers, body: JSON.stringify({ secret }) };
	expect((await hub.request(`/api/v1/secrets/${name}`, init)).status).toBe(204);
}

/** Every row of the table, so that one of tomorrow is tried too. */
async function everyDoor(headers: Record<string, string>): Promise<void> {
	const bodies = [
		JSON.stringify({
			password: CANARY.password,
			current: CANARY.password,
			next: CANARY.wrongPassword,
			link: CANARY.link,
			claim: CANARY.link,
			name: 7,
		}),
		`{"key": "${CANARY.provider}`,
	];
	for (const { method, path, kind } of table) {
		if (kind === 'socket') continue;
		if (/secrets|sign-out|\/me\/(sessions|password)|DELETE/.test(`${method} ${path}`)) continue;
		const address = path.replace(/\{\w+\}/g, CANARY.link);
		for (const body of method === 'GET' ? [undefined] : bodies)
			await ask(`${address}?token=${CANARY.link}&unknown=${CANARY.provider}`, {
				method,
				headers: {
					origin: hub.url,
					'content-type': 'application/json',
					'x-sigmascope-key': CANARY.wrongKey,
					...headers,
				},
				...(body !== undefined && { body }),
			});
	}
}

/** Of what was typed, and of what the server gave out as a secret. */
function secrets(): string[] {
	const { link: _, provider: __, ...typed } = CANARY;
	const cookie = made.cookie.split('=')[1] ?? '';
	return [...Object.values(typed), SIGNING, START_TOKEN, OWNER_KEY, made.key, cookie].filter((one) => one.length > 8);
}
const found = (text: string, wanted: readonly string[] = secrets()) => wanted.filter((secret) => text.includes(secret));

describe('a secret', () => {
	it('shows in no answer, whatever door it was brought to', async () => {
		await everyDoor({ authorization: `Bearer ${CANARY.wrongKey}` });
		await everyDoor({ cookie: made.cookie });
		await everyDoor({ authorization: `Bearer ${made.key}` });
		expect(said.length).toBeGreaterThan(300);
		expect(found(said.join('\n'))).toEqual([]);
	});
	it('shows in no line of the log, and what stands in an address behind ? does not either', () => {
		const log = hub.logged.join('\n');
		expect(hub.logged.length).toBeGreaterThan(5);
		expect(found(log, [...secrets(), CANARY.provider])).toEqual([]);
	});
	it('shows in no metric, in no message of an alert, in no attempt, in no row of the audit', async () => {
		const pages = [
			'/metrics',
			'/api/v1/secrets',
			'/api/v1/alerts',
			'/api/v1/alerts/messages',
			'/api/v1/alerts/log',
			'/api/v1/audit?limit=1000',
		];
		const texts = await Promise.all(pages.map(async (page) => (await hub.request(page)).text()));
		expect(texts.every((text) => text.length > 50)).toBe(true);
		expect(found(texts.join('\n'))).toEqual([]);
	});
	it('stands in no file of the data folder but hashed', () => {
		const files = readdirSync(hub.folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
		const dirty = files.flatMap((file) => {
			const path = join(file.parentPath, file.name);
			return found(readFileSync(path, 'latin1')).map((secret) => `${path}: ${secret}`);
		});
		expect(files.length).toBeGreaterThan(2);
		expect(dirty).toEqual([]);
	});
	it('that was entered on the page goes to who it is for', () =>
		expect(down.received.some(({ headers }) => headers['x-kept'] === CANARY.kept)).toBe(true));
	it('that is an address leads no one inside: a page is not the operator’s file', () =>
		expect(down.received.filter(({ path }) => path === '/inside')).toEqual([]));
	it('is noticed by this test when it shows', () => expect(found(`x ${CANARY.slack} y`)).toEqual([CANARY.slack]));
});
