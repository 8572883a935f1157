import { createHash } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import Anthropic from '@anthropic-ai/sdk';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LlmCall } from '#contracts/llm-call.ts';
import { parseCalls } from '#contracts/llm-call.ts';
import { OWNER_KEY, startHub, type Hub } from '#server/http/testing/hub.ts';
import { GOOD, startFakeProvider, type FakeProvider } from '#tests/fakes/provider.ts';
import { until } from '#tests/support/until.ts';

let fake: FakeProvider;
let hub: Hub;
let plain: Server;
let plainHandler: (request: IncomingMessage, response: import('node:http').ServerResponse) => void;
let key: string;
let seenSeq = 0;

beforeAll(async () => {
	fake = await startFakeProvider();
	plain = createServer((request, response) => plainHandler(request, response));
	await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
	const plainUrl = `http://127.0.0.1:${(plain.address() as AddressInfo).port}/base`;
	hub = await startHub({
		proxyTargets: {
			openai: { url: fake.url, environment: 'test' },
			anthropic: { url: fake.url },
			ollama: { url: fake.url },
			plain: { url: plainUrl },
			keyed: { url: plainUrl, provider: 'anthropic', key: 'sk-configured' },
			gone: { url: 'http://127.0.0.1:9' },
		},
	});
	key = await hub.createKey('plant', ['proxy']);
});
afterAll(async () => {
	await hub.stop();
	await fake.close();
	plain.closeAllConnections();
	plain.close();
});
beforeEach(async () => {
	fake.script = GOOD;
	fake.requests.length = 0;
	await hub.ports.llm.proxy.flush();
	seenSeq = await hub.journal.lastSeq('calls', 0);
});

const at = (target: string) => `${hub.url}/proxy/${target}`;
const ours = () => ({ 'x-sigmascope-key': key });

/** Calls measured since the last time that this was asked, once there are so many. */
async function measured(count = 1): Promise<LlmCall[]> {
	await until(async () => {
		await hub.ports.llm.proxy.flush();
		return (await readCalls()).length >= count;
	});
	const calls = await readCalls();
	seenSeq = await hub.journal.lastSeq('calls', 0);
	return calls;
}

async function readCalls(): Promise<LlmCall[]> {
	const last = await hub.journal.lastSeq('calls', 0);
	const found: LlmCall[] = [];
	if (last <= seenSeq) return found;
	const stop = new AbortController();
	const range = { topics: ['calls'], partition: 0, fromSeq: seenSeq + 1, signal: stop.signal } as const;
	for await (const batch of hub.journal.read(range)) {
		found.push(...batch.flatMap(({ bytes }) => parseCalls(bytes).calls));
		if ((batch.at(-1)?.seq ?? 0) >= last) stop.abort();
	}
	return found;
}

const messages = [{ role: 'user' as const, content: 'count' }];
const ANSWER = GOOD.tokens.join('');
const openai = () =>
	new OpenAI({ baseURL: `${at('openai')}/v1`, apiKey: 'sk-theirs', maxRetries: 0, defaultHeaders: ours() });

async function askOpenAi(): Promise<string> {
	const options = { stream: true, stream_options: { include_usage: true } } as const;
	let text = '';
	for await (const chunk of await openai().chat.completions.create({ model: 'gpt-4o', messages, ...options }))
		text += chunk.choices[0]?.delta.content ?? '';
	return text;
}

describe('the official clients, with another address and one header', () => {
	it('openai', async () => {
		expect(await askOpenAi()).toBe(ANSWER);
		expect(await measured()).toMatchObject([
			{
				...{ source: 'proxy', site: 'plant', provider: 'openai', model: 'gpt-4o', environment: 'test' },
				...{ inputTokens: 12, outputTokens: 12, cachedTokens: 3, errorClass: null, status: 200, serverMs: 42 },
				...{ finishReason: 'stop', responseModel: 'fake-model-2026-01-01' },
				...{ ttftMs: expect.any(Number) as number, totalMs: expect.any(Number) as number },
			},
		]);
		expect(fake.requests[0]?.headers).toMatchObject({ authorization: 'Bearer sk-theirs' });
		expect(Object.keys(fake.requests[0]?.headers ?? {}).filter((name) => name.includes('sigmascope'))).toEqual([]);
	});
	it('openai responses', async () => {
		let text = '';
		for await (const event of await openai().responses.create({ model: 'o4', input: 'count', stream: true }))
			if (event.type === 'response.output_text.delta') text += event.delta;
		expect(text).toBe(ANSWER);
		expect(await measured()).toMatchObject([{ model: 'o4', inputTokens: 12, errorClass: null }]);
	});
	it('anthropic', async () => {
		const client = new Anthropic({ baseURL: at('anthropic'), apiKey: 'sk', maxRetries: 0, defaultHeaders: ours() });
		const message = await client.messages.stream({ model: 'claude', max_tokens: 10, messages }).finalMessage();
		expect(message.usage.output_tokens).toBe(12);
		expect(await measured()).toMatchObject([
			{ provider: 'anthropic', model: 'claude', inputTokens: 12, cachedTokens: 3, cacheWriteTokens: 2 },
		]);
	});
	it('ollama', async () => {
		const client = new Ollama({ host: at('ollama'), headers: ours() });
		let text = '';
		for await (const line of await client.chat({ model: 'llama3.2', messages, stream: true }))
			text += line.message.content;
		expect(text).toBe(ANSWER);
		expect(await measured()).toMatchObject([{ model: 'llama3.2', inputTokens: 12, serverMs: 120, loadMs: 7 }]);
	});
	it('see what the provider refused, as it said it', async () => {
		fake.script = { ...GOOD, fault: { kind: 'status', status: 429, headers: { 'retry-after': '7' } } };
		const error = await askOpenAi().catch((thrown: unknown) => thrown as InstanceType<typeof OpenAI.APIError>);
		expect(error).toMatchObject({ status: 429, message: expect.stringContaining('refused with 429') as string });
		expect(await measured()).toMatchObject([{ errorClass: 'rate_limited', status: 429, ttftMs: null }]);
	});
	it('see the end of the connection where the provider died', async () => {
		fake.script = { ...GOOD, fault: { kind: 'reset', after: 3 } };
		await expect(askOpenAi()).rejects.toThrow();
		expect(await measured()).toMatchObject([{ errorClass: 'network', ttftMs: expect.any(Number) as number }]);
	});
	it('see a clean end where the provider left the rest out, and the call is truncated', async () => {
		fake.script = { ...GOOD, fault: { kind: 'truncate', after: 3 } };
		expect(await askOpenAi()).toBe('1 2 3 ');
		expect(await measured()).toMatchObject([{ errorClass: 'truncated', outputTokens: null }]);
	});
	it('see an error inside an answer', async () => {
		fake.script = { ...GOOD, fault: { kind: 'error', after: 3 } };
		await expect(askOpenAi()).rejects.toThrow(/overloaded/);
		expect(await measured()).toMatchObject([{ errorClass: 'overloaded', status: 200 }]);
	});
	it('that go away end the call at the provider too, which is nobody’s failure', async () => {
		fake.script = { ...GOOD, fault: { kind: 'stall', after: 3 } };
		const gone = new AbortController();
		const answer = await openai().chat.completions.create(
			{ model: 'gpt-4o', messages, stream: true },
			{ signal: gone.signal },
		);
		let open = 0;
		for await (const chunk of answer) {
			if (chunk.choices[0]?.delta.content !== '3 ') continue;
			open = fake.open();
			gone.abort();
		}
		expect(await measured()).toMatchObject([{ errorClass: 'client_abort', ttftMs: expect.any(Number) as number }]);
		await until(() => fake.open() < open);
	});
});

interface Raw {
	readonly status: number;
	readonly headers: IncomingMessage['headers'];
	readonly raw: readonly string[];
	readonly body: Buffer;
}

function send(url: string, options: { method?: string; headers?: Record<string, string>; body?: Uint8Array | string }) {
	return new Promise<Raw>((resolve, reject) => {
		const { method = 'POST', headers = {}, body = '' } = options;
		// As it is: an address that is parsed loses its dots.
		const { host, rest = '/' } = /^http:\/\/(?<host>[^/]+)(?<rest>.*)$/.exec(url)?.groups ?? {};
		const [hostname, port] = (host ?? '').split(':');
		const sent = httpRequest({ hostname, port, path: rest, method, headers }, (answer) => {
			const chunks: Buffer[] = [];
			answer.on('data', (chunk: Buffer) => chunks.push(chunk));
			answer.on('error', reject);
			answer.on('end', () =>
				resolve({
					status: answer.statusCode ?? 0,
					headers: answer.headers,
					raw: answer.rawHeaders,
					body: Buffer.concat(chunks),
				}),
			);
		});
		sent.on('error', reject);
		sent.end(body);
	});
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('what passes', () => {
	const ENDPOINTS: readonly (readonly [string, string])[] = [
		['openai', '/v1/chat/completions'],
		['openai', '/v1/responses'],
		['anthropic', '/v1/messages'],
		['ollama', '/api/chat'],
		['openai', '/v1beta/models/gemini-2:streamGenerateContent?alt=sse'],
		['openai', '/model/m/converse-stream'],
	];
	it.each(ENDPOINTS)('is to the byte what it is without us: %s %s', async (target, path) => {
		const body = JSON.stringify({ model: 'm', messages, stream: true });
		const headers = { 'content-type': 'application/json' };
		const direct = await send(fake.url + path, { headers, body });
		const passed = await send(at(target) + path, { headers: { ...headers, ...ours() }, body });
		expect(hash(passed.body)).toBe(hash(direct.body));
		expect([passed.status, passed.headers['content-type']]).toEqual([direct.status, direct.headers['content-type']]);
	});

	/** What the provider was sent. */
	async function arrived(target: string, path: string, options: Parameters<typeof send>[1]) {
		const seen = Promise.withResolvers<{ url: string; method: string; raw: readonly string[]; body: Buffer }>();
		plainHandler = (request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				response.writeHead(201, 'Made', [
					...['X-Request-Id', 'theirs', 'Set-Cookie', 'a=b', 'Connection', 'close, X-Hop', 'X-Hop', '1'],
					...['X-Twice', '1', 'X-Twice', '2', 'Content-Length', '2'],
				]);
				response.end('ok');
				const { url = '', method = '', rawHeaders: raw } = request;
				seen.resolve({ url, method, raw, body: Buffer.concat(chunks) });
			});
		};
		const answer = await send(at(target) + path, { ...options, headers: { ...ours(), ...options.headers } });
		return { answer, ...(await seen.promise) };
	}
	const valueOf = (raw: readonly string[], name: string) =>
		raw.filter((_, i) => i % 2 === 1 && raw[i - 1]?.toLowerCase() === name);

	it('goes to the path below the target, with its query as it was spelt', async () => {
		const { url, method } = await arrived('plain', '/v1/a%20b/c%2Fd?x=1&x=%2e', { method: 'PUT', body: 'x' });
		expect([method, url]).toEqual(['PUT', '/base/v1/a%20b/c%2Fd?x=1&x=%2e']);
	});
	it('has the target’s host, and nothing of ours', async () => {
		const headers = { cookie: 'sigma=1', 'x-sigmascope-prompt-class': 'chat', authorization: 'Bearer theirs' };
		const { raw } = await arrived('plain', '/v1', { headers, body: 'x' });
		const names = raw.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
		expect(valueOf(raw, 'host')).toEqual([`127.0.0.1:${(plain.address() as AddressInfo).port}`]);
		expect(names.filter((name) => /sigmascope|cookie/.test(name))).toEqual([]);
		expect(valueOf(raw, 'authorization')).toEqual(['Bearer theirs']);
	});
	it('has no header that belongs to one connection', async () => {
		const headers = { connection: 'keep-alive, x-mine', 'x-mine': '1', te: 'trailers', 'x-other': '2' };
		const { raw } = await arrived('plain', '/v1', { headers, body: 'x' });
		expect([valueOf(raw, 'x-mine'), valueOf(raw, 'te'), valueOf(raw, 'x-other')]).toEqual([[], [], ['2']]);
	});
	it('comes back with the provider’s status, words and headers, but for cookies and those of one connection', async () => {
		const { answer } = await arrived('plain', '/v1', { body: 'x' });
		expect([answer.status, answer.body.toString()]).toEqual([201, 'ok']);
		expect([valueOf(answer.raw, 'x-request-id'), valueOf(answer.raw, 'x-twice')]).toEqual([['theirs'], ['1', '2']]);
		expect([valueOf(answer.raw, 'set-cookie'), valueOf(answer.raw, 'x-hop')]).toEqual([[], []]);
	});
	it('has the configured key in the provider’s place for it, and none of the client’s', async () => {
		const headers = { authorization: 'Bearer theirs', 'x-api-key': 'theirs' };
		const { raw } = await arrived('keyed', '/v1/x', { headers, body: 'x' });
		expect([valueOf(raw, 'x-api-key'), valueOf(raw, 'authorization')]).toEqual([['sk-configured'], []]);
	});
	it('may be packed, and is measured all the same', async () => {
		const document = {
			model: 'm-1',
			choices: [{ finish_reason: 'stop' }],
			usage: { prompt_tokens: 5, completion_tokens: 6 },
		};
		const packed = gzipSync(JSON.stringify(document));
		plainHandler = (request, response) => {
			request.resume();
			response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(packed);
		};
		const body = JSON.stringify({ messages: [{ content: '"model": "not me"' }], model: 'm' });
		const answer = await send(`${at('plain')}/v1/chat/completions`, { headers: ours(), body });
		expect(hash(answer.body)).toBe(hash(packed));
		const calls = await measured();
		expect(calls.at(-1)).toMatchObject({ model: 'm', inputTokens: 5, outputTokens: 6, ttftMs: null, errorClass: null });
	});
	it('is not written down anywhere', async () => {
		await send(`${at('openai')}/v1/chat/completions?key=sk-in-query`, {
			headers: { ...ours(), authorization: 'Bearer sk-secret' },
			body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'a private word' }], stream: true }),
		});
		const [call] = await measured();
		for (const text of [JSON.stringify(call), hub.logged.join('\n')])
			for (const secret of ['sk-secret', 'sk-in-query', 'private word', key, 'sk-configured'])
				expect(text).not.toContain(secret);
	});
});

describe('the door', () => {
	const status = async (path: string, headers: Record<string, string>, method = 'POST') =>
		(await send(hub.url + path, { headers, body: '{}', method })).status;
	const chat = '/proxy/openai/v1/chat/completions';
	it('needs a key of ours', async () => expect(await status(chat, {})).toBe(401));
	it('does not take it where the provider’s belongs', async () =>
		expect(await status(chat, { authorization: `Bearer ${key}` })).toBe(401));
	it('needs the right scope', async () => {
		const reader = await hub.createKey('plant', ['read', 'write']);
		expect(await status(chat, { 'x-sigmascope-key': reader })).toBe(403);
	});
	it('is open to the owner', async () => expect(await status(chat, { 'x-sigmascope-key': OWNER_KEY })).toBe(200));
	it('is closed to pages of others', async () =>
		expect(await status(chat, { ...ours(), origin: 'https://evil.example' })).toBe(403));
	it('is closed to another Host', async () =>
		expect(await status(chat, { ...ours(), host: 'evil.example' })).toBe(421));
	it('does not tell a provider our key', async () => {
		expect(await status(chat, { ...ours(), authorization: `Bearer ${key}` })).toBe(400);
		expect(fake.requests).toEqual([]);
	});
	it.each(['/proxy/nobody/v1', '/proxy/http%3A%2F%2Fevil/v1', '/proxy//v1', '/proxy/'])(
		'leads to no target that is not configured: %s',
		async (path) => expect(await status(path, ours())).toBe(404),
	);
	it.each(['/../x', '/v1/../../x', '/v1/%2e%2e/x', '/v1/..%2fx', '/v1/..%5cx', '/v1\\..\\x'])(
		'does not go up: %s',
		async (path) => expect(await status(`/proxy/plain${path}`, ours())).toBe(400),
	);
	it('says that a provider is not there', async () => {
		const answer = await send(`${at('gone')}/v1/chat/completions`, { headers: ours(), body: '{"model":"m"}' });
		expect([answer.status, answer.headers['content-type']]).toEqual([502, 'application/problem+json']);
		const calls = await measured();
		expect(calls.at(-1)).toMatchObject({
			provider: 'gone',
			model: 'm',
			errorClass: 'network',
			totalMs: expect.any(Number) as number,
		});
	});
});

describe('two hundred answers at once', () => {
	it('come whole, and each is measured', async () => {
		fake.script = { ...GOOD, firstTokenAfterMs: 20, gapMs: 5 };
		const body = JSON.stringify({ model: 'm', messages, stream: true });
		const headers = { ...ours(), 'content-type': 'application/json' };
		const direct = await send(`${fake.url}/v1/chat/completions`, { headers: {}, body });
		const answers = await Promise.all(
			Array.from({ length: 200 }, () => send(`${at('openai')}/v1/chat/completions`, { headers, body })),
		);
		expect(new Set(answers.map((answer) => hash(answer.body)))).toEqual(new Set([hash(direct.body)]));
		const calls = (await measured(200)).filter(({ model }) => model === 'm').slice(-200);
		expect(calls.every(({ errorClass, outputTokens }) => errorClass === null && outputTokens === 12)).toBe(true);
	});
});
