import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, openDesk, type Desk, type DeskOptions } from './testing/desk.ts';
import { startReceiver, type Receiver } from './testing/receiver.ts';

const SECRET = `whsec_${Buffer.from('a-key-of-thirty-two-bytes-length').toString('base64')}`;
const HOUR = 60 * MINUTE;

interface Body {
	readonly id: string;
	readonly type: string;
	readonly data: {
		readonly count: number;
		readonly violation: { readonly id: string; readonly state: string; readonly active: boolean };
		readonly others?: readonly { readonly type: string; readonly violation: { readonly id: string } }[];
	};
}

let receiver: Receiver;
let desk: Desk;

async function open(route: object = {}, more: Partial<DeskOptions> & { readonly maintenance?: object[] } = {}) {
	const channels = [{ type: 'webhook', url: `${receiver.url}/hook`, secret: SECRET }];
	const { maintenance = [], ...options } = more;
	desk = await openDesk({ alerts: { routes: { ops: { channels, ...route } }, maintenance }, ...options });
}
const bodies = () => receiver.received.map(({ body }) => JSON.parse(body) as Body);
const told = () => bodies().map(({ type, data }) => `${type.replace('violation.', '')} ${data.violation.id}`);
const ids = () => bodies().map(({ id }) => id);

beforeEach(async () => {
	receiver = await startReceiver();
});
afterEach(async () => {
	await desk.close();
	await receiver.stop();
});

describe('a violation reaches a webhook', () => {
	it('as the published library of Standard Webhooks takes it', async () => {
		await open();
		desk.nowMicros = Date.now() * 1000;
		await desk.happens('opened', 'v1');
		await desk.turn();
		const [one] = receiver.received;
		const verified = new Webhook(SECRET).verify(one?.body ?? '', one?.headers as Record<string, string>);
		expect(verified).toMatchObject({
			type: 'violation.opened',
			data: {
				violation: { id: 'v1', value: 4.25, state: 'open', context: { at: [{ v: 4.25 }] } },
				stream: { key: 'press-1/temperature', asset: 'press-1', site: 'plant-a', unit: '°C' },
				links: {
					dashboard: 'https://scope.example/violations/v1',
					chartPng: 'https://scope.example/chart/token-of-v1',
				},
			},
		});
		expect((verified as Body).id).toBe(one?.headers['webhook-id']);
	});

	it('when it opens, when it ends and when somebody acts, in that order', async () => {
		await open();
		await desk.happens('opened', 'v1');
		await desk.turn();
		await desk.happens('ended', 'v1', { active: false });
		await desk.pass(MINUTE);
		await desk.metadata.violations.setState('v1', 'acknowledged', 'ann');
		await desk.pass(MINUTE);
		await desk.metadata.violations.setState('v1', 'resolved', 'ann');
		await desk.pass(MINUTE);
		expect(told()).toEqual(['opened v1', 'ended v1', 'acknowledged v1', 'resolved v1']);
	});

	it('one that opened and ended at once is told as both, one after the other', async () => {
		await open();
		await desk.happens(['opened', 'ended'], 'v1', { active: false });
		await desk.turn();
		await desk.pass(MINUTE);
		expect(told()).toEqual(['opened v1', 'ended v1']);
	});

	it('what is history is told to nobody', async () => {
		await open();
		await desk.happens('opened', 'v1', { historical: true });
		await desk.pass(MINUTE);
		expect(receiver.received).toEqual([]);
	});

	it('a change that nobody wants to hear of is not sent later either', async () => {
		await open({ on: ['opened'] });
		await desk.happens('opened', 'v1');
		await desk.turn();
		await desk.happens('ended', 'v1');
		await desk.happens('updated', 'v1');
		await desk.pass(HOUR);
		expect(told()).toEqual(['opened v1']);
		expect(await desk.metadata.alerts.groups()).toEqual([]);
	});
});

describe('grouping', () => {
	it('the first leaves at once, what follows within groupFor is one message', async () => {
		await open({ groupFor: '30s' });
		await desk.happens('opened', 'first');
		for (let second = 0; second < 10; second++) {
			await desk.turn();
			desk.nowMicros += 1_000_000;
			const ids = Array.from({ length: 100 }, (_, i) => `v${second}-${i}`);
			await desk.happens('opened', ids);
		}
		await desk.turn();
		expect(told()).toEqual(['opened first']);
		await desk.pass(MINUTE / 2);
		expect(bodies().map(({ data }) => data.count)).toEqual([1, 1000]);
		expect(bodies()[1]?.data.others).toHaveLength(24);
		expect(bodies()[1]?.data.others?.[0]).toMatchObject({
			type: 'violation.opened',
			stream: { key: 'press-1/temperature' },
		});
	});

	it('a grave one does not wait behind others', async () => {
		await open();
		await desk.happens('opened', 'v1');
		await desk.turn();
		await desk.happens('opened', 'v2', { severity: 'critical' });
		await desk.turn();
		expect(told()).toEqual(['opened v1', 'opened v2']);
	});

	it('by asset: another one has messages of its own', async () => {
		const streams = ['press-1', 'press-2'].map((asset) => ({ site: 'plant-a', key: `${asset}/t`, asset }));
		await open({ groupBy: 'asset' }, { streams });
		await desk.happens('opened', 'v1');
		await desk.happens('opened', 'v2', { streamId: 2 });
		await desk.turn();
		expect(told().sort()).toEqual(['opened v1', 'opened v2']);
	});
});

describe('a receiver that does not take it', () => {
	const attempts = async () => (await desk.metadata.alerts.log({ limit: 100 })).items.toReversed();

	it('is tried again with growing waits for a day, each time with the same id and body; then it is dead', async () => {
		await open();
		receiver.answerWith((response) => response.writeHead(500).end('no'));
		await desk.happens('opened', 'v1');
		await desk.turn();
		await desk.pass(30 * HOUR);
		const [message] = await desk.messages();
		expect(message).toMatchObject({ state: 'dead', detail: 'answered 500' });
		expect(new Set(ids()).size).toBe(1);
		expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
		const waits = (await attempts()).map(
			({ atMicros }, i, all) => (atMicros - (all[i - 1]?.atMicros ?? atMicros)) / 1e6,
		);
		expect(waits.slice(1, 6)).toEqual([5, 20, 80, 320, 1280]);
		expect(waits.length).toBeGreaterThan(8);
		expect(waits.length).toBeLessThan(20);
	});

	it('a dead one is sent again when somebody asks for it', async () => {
		await open();
		receiver.answerWith((response) => response.writeHead(500).end());
		await desk.happens('opened', 'v1');
		await desk.pass(30 * HOUR);
		receiver.answerWith((response) => response.end());
		const [message] = await desk.messages();
		expect(await desk.metadata.alerts.again(message?.id ?? 0)).toBe(true);
		await desk.pass(HOUR);
		expect((await desk.messages())[0]?.state).toBe('sent');
		expect(new Set(ids()).size).toBe(1);
		expect(await desk.metadata.alerts.again(message?.id ?? 0)).toBe(false);
	});

	it('says when to come back, and is not asked before', async () => {
		await open({ groupFor: '0s' });
		receiver.answerWith((response) => response.writeHead(429, { 'retry-after': '600' }).end());
		await desk.happens('opened', 'v1');
		await desk.turn();
		await desk.happens('opened', 'v2');
		await desk.pass(9 * MINUTE);
		expect(receiver.received).toHaveLength(1);
		receiver.answerWith((response) => response.end());
		await desk.pass(2 * MINUTE);
		expect(told()).toEqual(['opened v1', 'opened v1', 'opened v2']);
	});

	it('410 turns the channel off: nothing is sent until somebody turns it on', async () => {
		await open({ groupFor: '0s' });
		receiver.answerWith((response) => response.writeHead(410).end());
		await desk.happens('opened', 'v1');
		await desk.turn();
		receiver.answerWith((response) => response.end());
		await desk.restart();
		await desk.happens('opened', 'v2');
		await desk.pass(HOUR);
		expect(receiver.received).toHaveLength(1);
		expect((await desk.messages()).map(({ state }) => state)).toEqual(['dead', 'dead']);
		expect([...(await desk.metadata.alerts.off()).values()]).toMatchObject([
			{ reason: 'answered 410: it is gone for good' },
		]);
	});

	it('a redirect is not followed', async () => {
		await open();
		receiver.answerWith((response) => response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end());
		await desk.happens('opened', 'v1');
		await desk.turn();
		expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
	});

	it('that closes the connection is tried again', async () => {
		await open();
		receiver.answerWith((response) => response.destroy());
		await desk.happens('opened', 'v1');
		await desk.turn();
		receiver.answerWith((response) => response.end());
		await desk.pass(MINUTE);
		expect(told()).toEqual(['opened v1', 'opened v1']);
	});

	it('that is down is left alone for a while, and has all in order once it is back', async () => {
		await open({ groupFor: '0s' });
		receiver.answerWith((response) => response.writeHead(503).end());
		for (let i = 0; i < 10; i++) {
			await desk.happens('opened', `v${i}`);
			await desk.pass(1_000_000);
		}
		const before = receiver.received.length;
		expect(before).toBeLessThan(10);
		await desk.happens('ended', 'v0');
		receiver.answerWith((response) => response.end());
		await desk.pass(HOUR);
		const after = told().slice(before);
		expect(after).toHaveLength(11);
		expect(after.indexOf('opened v0')).toBeLessThan(after.indexOf('ended v0'));
	});

	it('one that is slow keeps nothing from another', async () => {
		const other = await startReceiver();
		const hook = (url: string) => ({ type: 'webhook', url, secret: SECRET });
		await open({ channels: [hook(receiver.url), hook(other.url)] });
		receiver.answerWith((response) => response.destroy());
		await desk.happens('opened', 'v1');
		await desk.turn();
		expect(other.received).toHaveLength(1);
		await other.stop();
	});
});

describe('the end of the process', () => {
	it('before a message was made: it is made after the next start', async () => {
		await open();
		await desk.happens('opened', 'v1');
		await desk.restart();
		await desk.turn();
		expect(told()).toEqual(['opened v1']);
	});

	it('between sending and writing down: it is sent again, tellable by its id', async () => {
		await open();
		const record = desk.metadata.alerts.record;
		Object.assign(desk.metadata.alerts, { record: () => Promise.reject(new Error('killed')) });
		await desk.happens('opened', 'v1');
		await desk.turn();
		Object.assign(desk.metadata.alerts, { record });
		await desk.restart();
		await desk.turn();
		expect(new Set(ids()).size).toBe(1);
		expect(receiver.received.length).toBeGreaterThan(1);
		expect((await desk.messages()).map(({ state }) => state)).toEqual(['sent']);
	});

	it('a record that is applied again decides nothing anew', async () => {
		await open();
		await desk.happens('opened', 'v1');
		await desk.turn();
		const deciding = { decide: desk.alerts.decide, changesOf: () => 1 };
		await desk.metadata.violations.apply(1, [], deciding);
		await desk.pass(HOUR);
		expect(told()).toEqual(['opened v1']);
	});
});

describe('quiet hours and maintenance', () => {
	it('what comes in quiet hours is told when they are over, in one message', async () => {
		await open({ quiet: [{ from: '11:00', to: '12:30' }] });
		await desk.happens('opened', 'v1');
		await desk.happens('opened', 'v2');
		await desk.pass(29 * MINUTE);
		expect(receiver.received).toEqual([]);
		await desk.pass(2 * MINUTE);
		expect(bodies().map(({ data }) => data.count)).toEqual([2]);
	});

	it('what is critical is told all the same, unless nothing is', async () => {
		await open({ quiet: [{ from: '11:00', to: '12:30' }] });
		await desk.happens('opened', 'v1', { severity: 'critical' });
		await desk.turn();
		expect(told()).toEqual(['opened v1']);
	});

	it('what opens while somebody works on it is told to nobody, also afterwards', async () => {
		const maintenance = [{ match: { asset: 'press-1' }, from: '2026-01-05T11:00:00Z', to: '2026-01-05T13:00:00Z' }];
		await open({}, { maintenance });
		await desk.happens('opened', 'v1');
		await desk.pass(2 * HOUR);
		await desk.happens('ended', 'v1');
		await desk.happens('opened', 'v2');
		await desk.turn();
		expect(told()).toEqual(['opened v2']);
	});
});

describe('secrets', () => {
	it('show neither in the log nor in what is kept of attempts', async () => {
		const url = `${receiver.url}/T000/secret-of-the-address?token=abcdefgh`;
		await open({ channels: [{ type: 'webhook', url, secret: SECRET, headers: { 'x-key': 'header-secret' } }] });
		receiver.answerWith((response, { headers, path }) =>
			response.writeHead(500).end(JSON.stringify({ headers, path, url })),
		);
		await desk.happens('opened', 'v1');
		await desk.turn();
		const kept = JSON.stringify([desk.logged, await desk.messages(), await desk.metadata.alerts.log({ limit: 10 })]);
		for (const secret of [SECRET, 'secret-of-the-address', 'abcdefgh', 'header-secret'])
			expect(kept).not.toContain(secret);
	});
});
