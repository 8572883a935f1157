import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiViolation } from '#contracts/api.ts';
import { startReceiver, type Receiver } from '#server/alerts/testing/receiver.ts';
import { until } from '#tests/support/until.ts';
import { pointsOf, startHub, type Hub } from '../testing/hub.ts';

const PUBLIC = 'http://scope.example';
const SECRET = `whsec_${Buffer.from('a-key-of-thirty-two-bytes-length').toString('base64')}`;

let hub: Hub;
let receiver: Receiver;
let violation: ApiViolation;
const post = (path: string, body: object = {}) =>
	hub.request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

interface Sent {
	readonly id: string;
	readonly type: string;
	readonly data: {
		readonly violation: ApiViolation;
		readonly links: { readonly acknowledge: string; readonly chartPng: string };
	};
}
const sent = () => receiver.received.map(({ body }) => JSON.parse(body) as Sent);

beforeAll(async () => {
	receiver = await startReceiver();
	const channels = [{ type: 'webhook', url: `${receiver.url}/hook?token=address-secret`, secret: SECRET }];
	hub = await startHub({
		plan: { baseline: { centre: 0, sigma: 1 }, rules: [1] },
		publicUrl: PUBLIC,
		alerts: { routes: { ops: { channels, groupFor: '0s' } } },
	});
	await hub.write(pointsOf('press-1/temperature', [0, 9]));
	violation = (await until(() => sent()[0])).data.violation;
});
afterAll(async () => {
	await hub.stop();
	await receiver.stop();
});

describe('the link in an alert', () => {
	const link = () => {
		const { pathname } = new URL(sent()[0]?.data.links.acknowledge ?? '');
		return hub.url + pathname;
	};
	const state = async () => (await hub.get<ApiViolation>(`/api/v1/violations/${violation.id}`)).state;

	it('opens a page with one button to somebody who is not signed in, and does nothing', async () => {
		const response = await fetch(link());
		expect(response.status).toBe(200);
		expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
		expect(await response.text()).toContain('<form method="post"><button>Acknowledge</button></form>');
		expect(await state()).toBe('open');
	});

	it('beside it shows the chart to who has its own link, and nothing to anybody else', async () => {
		const { acknowledge = '', chartPng = '' } = sent()[0]?.data.links ?? {};
		const path = new URL(chartPng).pathname;
		const shown = await fetch(hub.url + path);
		expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
		const png = new Uint8Array(await shown.arrayBuffer());
		expect([...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG');
		const other = acknowledge.split('/').at(-1) ?? '';
		for (const none of [path.slice(0, -1), path.replace(/[^/]+$/, other), path.replace(/[^/]+$/, violation.id)])
			expect((await fetch(hub.url + none)).status).toBe(404);
		const look = path.split('/').at(-1) ?? '';
		expect((await fetch(`${hub.url}/api/v1/alerts/links/${look}`, { method: 'POST' })).status).toBe(410);
		expect(await state()).toBe('open');
	});

	it('is none when a letter of it is another', async () => {
		const last = link().at(-2) === 'A' ? 'B' : 'A';
		const other = `${link().slice(0, -2)}${last}${link().at(-1)}`;
		for (const method of ['GET', 'POST']) expect((await fetch(other, { method })).status).toBe(410);
		expect(await state()).toBe('open');
	});

	it('from a page elsewhere it is refused', async () => {
		const response = await fetch(link(), { method: 'POST', headers: { origin: 'https://evil.example' } });
		expect(response.status).toBe(403);
		expect(await state()).toBe('open');
	});

	it('acknowledges when the button is pressed, and the trail says by which way', async () => {
		const response = await fetch(link(), { method: 'POST' });
		expect(await response.text()).toContain('It is acknowledged.');
		expect(await state()).toBe('acknowledged');
		const trail = await hub.get<ApiList<{ act: string; by: string }>>(`/api/v1/violations/${violation.id}/trail`);
		expect(trail.items[0]).toMatchObject({
			act: 'acknowledged',
			by: expect.stringMatching(/^link in alert \(ops\.webhook\./),
		});
		await until(() => sent().some(({ type }) => type === 'violation.acknowledged'));
	});
});

describe('the life of a violation', () => {
	const path = (act: string) => `/api/v1/violations/${violation.id}/${act}`;

	it('is assigned, talked about and resolved with a cause, and all of it stays', async () => {
		expect(await (await post(path('assign'), { assignee: 'ann' })).json()).toMatchObject({ assignee: 'ann' });
		expect((await post(path('comment'), { comment: 'the nozzle, again' })).status).toBe(200);
		const resolved = await post(path('resolve'), { cause: 'tool-wear-drift', comment: 'changed' });
		expect(await resolved.json()).toMatchObject({ state: 'resolved', cause: 'tool-wear-drift', assignee: 'ann' });
		const { items } = await hub.get<ApiList<object>>(path('trail'));
		expect(items).toMatchObject([
			{ act: 'resolved', comment: 'changed', after: { state: 'resolved', cause: 'tool-wear-drift' } },
			{ act: 'comment', comment: 'the nozzle, again' },
			{ act: 'assign', before: { assignee: null }, after: { assignee: 'ann' } },
			{ act: 'acknowledged' },
		]);
	});

	it('a cause that is not in the catalogue is refused, and so is one that was retired', async () => {
		expect((await post(path('resolve'), { cause: 'gremlins' })).status).toBe(400);
		const put = (isRetired: boolean) =>
			hub.request('/api/v1/causes/gremlins', {
				method: 'PUT',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ title: 'Gremlins', isRetired }),
			});
		expect((await put(false)).status).toBe(200);
		expect((await post(path('resolve'), { cause: 'gremlins' })).status).toBe(200);
		expect((await put(true)).status).toBe(200);
		expect((await post(path('resolve'), { cause: 'gremlins' })).status).toBe(400);
		expect(await hub.get('/api/v1/causes')).toMatchObject({
			items: expect.arrayContaining([
				{ name: 'gremlins', title: 'Gremlins', isRetired: true, mergedInto: null, uses: 1 },
			]) as unknown,
		});
	});

	it('an empty comment is refused', async () =>
		expect((await post(path('comment'), { comment: ' ' })).status).toBe(400));
});

describe('routes and channels over HTTP', () => {
	interface Overview {
		readonly routes: readonly { readonly name: string; readonly channels: readonly { readonly id: string }[] }[];
	}
	const channelId = async () => (await hub.get<Overview>('/api/v1/alerts')).routes[0]?.channels[0]?.id ?? '';

	it('shows how they are, and no secret', async () => {
		const overview = await hub.get('/api/v1/alerts');
		expect(overview).toMatchObject({
			noLinks: null,
			routes: [{ name: 'ops', config: { groupFor: '0ms' }, channels: [{ type: 'webhook', state: 'on' }] }],
		});
		const all = [overview, await hub.get('/api/v1/alerts/messages'), await hub.get('/api/v1/alerts/log'), hub.logged];
		for (const secret of [SECRET, 'address-secret']) expect(JSON.stringify(all)).not.toContain(secret);
	});

	it('keeps each attempt', async () =>
		expect(await hub.get('/api/v1/alerts/log?limit=1')).toMatchObject({
			items: [{ outcome: 'sent', status: 200, attempt: 1, channel: await channelId() }],
			cursor: expect.any(String) as string,
		}));

	it('a test shows what was sent and what was answered', async () => {
		receiver.answerWith((response) => response.writeHead(418).end('I am a teapot'));
		const result = (await (await post(`/api/v1/alerts/channels/${await channelId()}/test`)).json()) as {
			readonly request: string;
		};
		receiver.answerWith((response) => response.end());
		expect(result).toMatchObject({
			ok: false,
			status: 418,
			fault: 'answered 418',
			answer: expect.stringContaining('teapot') as string,
		});
		expect(result.request).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/…\n/);
		expect(result.request).toContain('"type":"test"');
		expect(result.request).not.toContain('address-secret');
		expect((await post('/api/v1/alerts/channels/none/test')).status).toBe(404);
	});

	it('a preview says what a route would have sent, saved or not', async () => {
		const from = '2020-01-01T00:00:00Z';
		const to = new Date(Date.now() + 60_000).toISOString();
		const preview = async (body: object) => (await post('/api/v1/alerts/preview', { from, to, ...body })).json();
		expect(await preview({ name: 'ops' })).toMatchObject({
			told: 2,
			messages: 1,
			items: [{ count: 2 }],
		});
		expect(await preview({ name: 'new', route: { match: { asset: 'mill-*' } } })).toMatchObject({
			looked: 2,
			told: 0,
			messages: 0,
		});
		expect((await post('/api/v1/alerts/preview', { name: 'none', from, to })).status).toBe(404);
	});
});
