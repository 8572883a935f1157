import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connectAsync } from 'mqtt';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokerNote, noBroker, startMosquitto } from '#tests/support/mosquitto.ts';
import { until } from '#tests/support/until.ts';
import { MINUTE, openDesk, type Desk, type DeskOptions } from '../testing/desk.ts';
import { startReceiver, type Receiver } from '../testing/receiver.ts';
import { getLocale } from '#messages/generated/runtime.js';
import type { SlackBlock } from './slack-blocks.ts';

let desk: Desk;
afterEach(() => desk.close());

async function open(channel: object, more: Partial<DeskOptions> = {}) {
	desk = await openDesk({ alerts: { routes: { ops: { channels: [channel] } } }, ...more });
}

interface Call {
	readonly method: string;
	readonly body: {
		readonly channel: string;
		readonly ts?: string;
		readonly thread_ts?: string;
		readonly text: string;
		readonly blocks: readonly SlackBlock[];
		readonly metadata: { readonly event_payload: { readonly id: string } };
	};
}

describe('slack', () => {
	let api: Receiver;
	const TOKEN = 'xoxb-secret-of-the-bot';
	const calls = () =>
		api.received.map(({ path, body }): Call => ({ method: path.slice(1), body: JSON.parse(body) as Call['body'] }));
	const talk = () => calls().map(({ method, body }) => [method, body.ts ?? body.thread_ts ?? 'new'].join(' '));

	beforeEach(async () => {
		api = await startReceiver();
		let ts = 0;
		api.answerWith((response, { path }) => {
			const answer =
				path === '/chat.postMessage'
					? { ok: true, channel: 'C1', ts: `${++ts}.0` }
					: { ok: true, channel: 'C1', ts: '1.0' };
			response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
		});
	});
	afterEach(() => api.stop());
	const token = () => ({ type: 'slack', token: TOKEN, channel: '#line-3', api: api.url });

	it('one episode is one message, brought up to date', async () => {
		await open(token());
		await desk.happens('opened', 'v1');
		await desk.pass(MINUTE);
		await desk.metadata.violations.setState('v1', 'acknowledged', 'ann');
		await desk.pass(MINUTE);
		await desk.happens('ended', 'v1', { active: false });
		await desk.pass(MINUTE);
		expect(talk()).toEqual(['chat.postMessage new', 'chat.update 1.0', 'chat.update 1.0']);
		expect(JSON.stringify(calls()[1]?.body.blocks)).toContain('Acknowledged, goes on');
		expect(api.received[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
	});

	it('is in the language of its route, and the page in that of its reader', async () => {
		await open({}, { alerts: { routes: { ops: { language: 'de', channels: [token()] } } } });
		await desk.happens('opened', 'v1');
		await desk.pass(MINUTE);
		await desk.happens('opened', ['v2', 'v3']);
		await desk.pass(MINUTE);
		expect(calls().map(({ body }) => body.text)).toEqual([
			'Warnung: press-1/temperature: Ein Punkt jenseits von 3 Sigma (neu)',
			'Warnung: 2 neue Regelverletzungen in plant-a',
		]);
		expect(JSON.stringify(calls()[0]?.body.blocks)).toMatch(/Dauert an.*Karte öffnen/);
		expect(getLocale()).toBe('en');
	});

	it('what came in a digest goes on in its thread', async () => {
		await open(token());
		await desk.happens('opened', ['v1', 'v2', 'v3']);
		await desk.pass(MINUTE);
		await desk.metadata.violations.setState('v2', 'resolved', 'ann');
		await desk.pass(MINUTE);
		expect(talk()).toEqual(['chat.postMessage new', 'chat.postMessage 1.0']);
	});

	it('a message that somebody removed is posted anew', async () => {
		await open(token());
		await desk.happens('opened', 'v1');
		await desk.pass(MINUTE);
		api.answerWith((response, { path }) =>
			response.end(
				JSON.stringify(path === '/chat.update' ? { ok: false, error: 'message_not_found' } : { ok: true, ts: '2.0' }),
			),
		);
		await desk.happens('ended', 'v1');
		await desk.pass(MINUTE);
		expect(talk()).toEqual(['chat.postMessage new', 'chat.update 1.0', 'chat.postMessage 1.0']);
	});

	it('says what a reader needs: what, where, since when, what to do, a link to acknowledge', async () => {
		await open(token(), { plan: { reaction: ['Check coolant', 'Call maintenance'] } });
		await desk.happens('opened', 'v1');
		await desk.turn();
		const { body } = calls()[0] ?? {};
		expect(body?.text).toBe('Warning: press-1/temperature: One point beyond 3 sigma (opened)');
		const text = JSON.stringify(body?.blocks);
		for (const part of [
			'Warning: press-1/temperature',
			'*One point beyond 3 sigma*',
			'4.25 °C, centre 0 °C, 4.25 sigma above',
			'plant-a / press-1',
			'• Check coolant',
			'<https://scope.example/alert/token-of-v1|*Acknowledge*>',
		])
			expect(text).toContain(part);
		expect(body?.metadata.event_payload.id).toMatch(/^msg_/);
	});

	it('keeps to the limits of Block Kit, whatever names are given', async () => {
		const key = `press-1/${'<!channel> & *x* `y` |'.repeat(8)}`.slice(0, 200);
		await open(token(), {
			streams: [{ site: 'plant-a', key, asset: 'press-1' }],
			plan: { reaction: Array.from({ length: 30 }, (_, i) => `${i} ${'long '.repeat(200)}`) },
		});
		await desk.happens('opened', 'first');
		await desk.turn();
		await desk.happens(
			'opened',
			Array.from({ length: 500 }, (_, i) => `v${i}`),
		);
		await desk.pass(MINUTE);
		for (const { body } of calls()) expect(faultsOfBlocks(body.blocks)).toEqual([]);
		expect(calls()).toHaveLength(2);
		const marked = calls().flatMap(({ body }) => body.blocks.filter(({ type }) => type !== 'header'));
		expect(JSON.stringify(marked)).not.toContain('<!channel>');
		expect(JSON.stringify(calls()[1])).toContain('… and 485 more');
	});

	it('what Slack refuses is said in its words, with what to do, and tried again', async () => {
		await open(token());
		api.answerWith((response) => response.end(JSON.stringify({ ok: false, error: 'not_in_channel' })));
		await desk.happens('opened', 'v1');
		await desk.turn();
		expect(await desk.messages()).toMatchObject([
			{ state: 'waiting', detail: 'Slack says not_in_channel: invite the bot into the channel' },
		]);
		expect(JSON.stringify([desk.logged, await desk.messages()])).not.toContain(TOKEN);
	});

	it('the chart stands in the thread of what opened, and its loss loses no alert', async () => {
		const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
		await open(token(), { chart: () => Promise.resolve(png) });
		const answers: Record<string, object> = {
			'/chat.postMessage': { ok: true, channel: 'C1', ts: '1.0' },
			'/files.getUploadURLExternal': { ok: true, upload_url: `${api.url}/upload/secret`, file_id: 'F1' },
		};
		api.answerWith((response, { path }) => response.end(JSON.stringify(answers[path] ?? { ok: true })));
		await desk.happens('opened', 'v1');
		await desk.pass(MINUTE);
		const [, ask, bytes, complete] = api.received;
		expect(api.received.map(({ path }) => path)).toEqual([
			'/chat.postMessage',
			'/files.getUploadURLExternal',
			'/upload/secret',
			'/files.completeUploadExternal',
		]);
		expect(new URLSearchParams(ask?.body).get('length')).toBe('7');
		expect([bytes?.headers['content-type'], bytes?.headers.authorization]).toEqual(['image/png', undefined]);
		expect(JSON.parse(complete?.body ?? '')).toMatchObject({
			channel_id: 'C1',
			thread_ts: '1.0',
			files: [{ id: 'F1' }],
		});

		answers['/files.getUploadURLExternal'] = { ok: false, error: 'missing_scope' };
		await desk.happens('opened', 'v2');
		await desk.pass(MINUTE);
		expect((await desk.messages()).map(({ state, attempts }) => [state, attempts])).toEqual([
			['sent', 1],
			['sent', 1],
		]);
	});

	it('with the address of an incoming webhook only new messages', async () => {
		await open({ type: 'slack', url: `${api.url}/services/T0/B0/secret` });
		api.answerWith((response) => response.end('ok'));
		await desk.happens('opened', 'v1');
		await desk.pass(MINUTE);
		await desk.happens('ended', 'v1');
		await desk.pass(MINUTE);
		expect(api.received.map(({ path }) => path)).toEqual(['/services/T0/B0/secret', '/services/T0/B0/secret']);
		expect(Object.keys(JSON.parse(api.received[0]?.body ?? '') as object)).toEqual(['text', 'blocks']);
	});
});

/** Of https://docs.slack.dev/reference/block-kit/blocks, those that concern what we send. */
function faultsOfBlocks(blocks: readonly SlackBlock[]): string[] {
	const f = (fault: string, isFault: boolean) => (isFault ? [fault] : []);
	return [
		...f('too many blocks', blocks.length > 50),
		...blocks.flatMap(({ type, text, fields = [], elements = [] }) => [
			...f('header', type === 'header' && (text?.type !== 'plain_text' || text.text.length > 150 || text.text === '')),
			...f('section text', type === 'section' && text !== undefined && (text.text.length > 3000 || text.text === '')),
			...f('section without anything', type === 'section' && text === undefined && fields.length === 0),
			...f('fields', fields.length > 10 || fields.some((one) => one.text.length > 2000)),
			...f('context', type === 'context' && (elements.length === 0 || elements.length > 10)),
		]),
	];
}

describe('e-mail, by a real server', () => {
	let server: SMTPServer;
	let mails: string[];
	let refusal: (Error & { responseCode?: number }) | undefined;
	const port = () => (server.server.address() as AddressInfo).port;

	beforeEach(async () => {
		mails = [];
		refusal = undefined;
		server = new SMTPServer({
			authOptional: true,
			disabledCommands: ['STARTTLS'],
			onData(stream, _session, done) {
				let text = '';
				stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
				stream.on('end', () => (mails.push(text), done(refusal)));
			},
		});
		server.listen(0, '127.0.0.1');
		await once(server.server, 'listening');
	});
	afterEach(() => new Promise<void>((resolve) => server.close(resolve)));
	const channel = () => ({
		type: 'email',
		server: `smtp://127.0.0.1:${port()}`,
		from: 'scope@plant.example',
		to: 'ops@plant.example',
	});
	const header = (mail: string | undefined, name: string) =>
		new RegExp(`^${name}: (.*)$`, 'im').exec(mail ?? '')?.[1]?.trim();

	it('one episode is one conversation', async () => {
		await open(channel());
		await desk.happens('opened', 'v1');
		await desk.pass(MINUTE);
		await desk.happens('ended', 'v1', { active: false });
		await desk.pass(MINUTE);
		expect(mails.map((mail) => header(mail, 'Subject'))).toEqual([
			'Warning: press-1/temperature: One point beyond 3 sigma',
			'Re: Warning: press-1/temperature: One point beyond 3 sigma',
		]);
		expect(header(mails[1], 'In-Reply-To')).toBe(header(mails[0], 'Message-ID'));
		expect(mails[0]).toContain('Acknowledge: https://scope.example/alert/token-of-v1');
	});

	it('has the chart in it, and words for who does not see it', async () => {
		const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
		await open(channel(), { chart: () => Promise.resolve(png) });
		await desk.happens('opened', 'v1');
		await desk.turn();
		expect(mails[0]).toContain('Content-ID: <chart@sigmascope>');
		expect(mails[0]).toContain(Buffer.from(png).toString('base64'));
		const html = (mails[0] ?? '').replaceAll('=\r\n', '').replaceAll('=3D', '=');
		expect(html).toContain('<img src="cid:chart@sigmascope" alt="Control chart: press-1/temperature: One point beyond');
	});

	it('is in the language of its route, numbers too', async () => {
		await open({}, { alerts: { routes: { ops: { language: 'de', channels: [channel()] } } } });
		await desk.happens('opened', 'v1', { value: 4.25 });
		await desk.turn();
		const text = Buffer.from(
			(mails[0] ?? '')
				.replaceAll('=\r\n', '')
				.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
			'latin1',
		).toString();
		expect(header(mails[0], 'Subject')).toBe('Warnung: press-1/temperature: Ein Punkt jenseits von 3 Sigma');
		expect(text).toContain('Quittieren: https://scope.example/alert/token-of-v1');
		expect(text).toMatch(/Erster Wert 4,25/);
	});

	it('has the same Message-ID with every attempt', async () => {
		await open(channel());
		refusal = Object.assign(new Error('greylisted'), { responseCode: 451 });
		await desk.happens('opened', 'v1');
		await desk.turn();
		refusal = undefined;
		await desk.pass(MINUTE);
		expect(mails).toHaveLength(2);
		expect(header(mails[1], 'Message-ID')).toBe(header(mails[0], 'Message-ID'));
		expect((await desk.messages()).map(({ state }) => state)).toEqual(['sent']);
	});

	it('a name from outside brings no header of its own', async () => {
		await open(channel(), {
			streams: [{ site: 'plant-a', key: 'press-1/x\r\nBcc: all@evil.example', asset: 'press-1' }],
		});
		await desk.happens('opened', 'v1');
		await desk.turn();
		expect(header(mails[0], 'Bcc')).toBeUndefined();
	});

	it('a password goes over no connection that is not encrypted', async () => {
		await open({ ...channel(), auth: { username: 'scope', password: 'mail-secret' } });
		await desk.happens('opened', 'v1');
		await desk.turn();
		expect(mails).toEqual([]);
		const [message] = await desk.messages();
		expect(message).toMatchObject({ state: 'waiting' });
		expect(message?.detail).toMatch(/STARTTLS/i);
		expect(JSON.stringify([desk.logged, message])).not.toContain('mail-secret');
	});
});

describe.skipIf(noBroker)(`mqtt${brokerNote}`, () => {
	it('publishes what a webhook gets, and again when the broker is back', async () => {
		const broker = await startMosquitto();
		try {
			await open({ type: 'mqtt', url: broker.url });
			const got: string[] = [];
			const listen = async () => {
				const client = await connectAsync(broker.url);
				client.on('message', (topic, payload) =>
					got.push(`${topic} ${(JSON.parse(payload.toString()) as { type: string }).type}`),
				);
				await client.subscribeAsync('sigmascope/#', { qos: 1 });
				return client;
			};
			const first = await listen();
			await desk.happens('opened', 'v1');
			await desk.turn();
			await until(() => got.length === 1);
			await first.endAsync();
			await broker.kill();
			await desk.happens('ended', 'v1');
			await desk.pass(MINUTE);
			expect(await desk.messages()).toMatchObject([{ state: 'sent' }, { state: 'waiting' }]);
			await broker.start();
			const second = await listen();
			await desk.pass(60 * MINUTE);
			await until(() => got.length === 2);
			await second.endAsync();
			expect(got).toEqual([
				'sigmascope/alerts/plant-a/press-1 violation.opened',
				'sigmascope/alerts/plant-a/press-1 violation.ended',
			]);
		} finally {
			await broker.remove();
		}
	});
});
