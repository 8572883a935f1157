import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_USAGE as NONE } from '#contracts/llm.ts';
import { loadPrices, type Prices } from '#lib/llm/price.ts';
import { GOOD, startFakeProvider, type FakeProvider } from '#tests/fakes/provider.ts';
import { systemClock } from '../kit/clock.ts';
import { createAsker } from './asker.ts';
import { targetSchema } from './config.ts';
import { createTransport } from './exchange.ts';
import { promptClass } from './prompts.ts';
import { createProvider } from './providers/create.ts';

const KEY = 'sk-canary-0123456789';
let fake: FakeProvider;
let prices: Prices;
beforeAll(async () => {
	fake = await startFakeProvider();
	prices = await loadPrices();
});
afterAll(() => fake.close());
beforeEach(() => {
	fake.script = GOOD;
	fake.refusal = undefined;
	fake.requests.length = 0;
});

async function asker(target: object = {}) {
	const parsed = targetSchema.parse({
		provider: 'openai-compatible',
		model: 'm',
		baseUrl: `${fake.url}/v1`,
		key: KEY,
		...target,
	});
	const nowMs = () => performance.now();
	const made = createAsker({
		target: parsed,
		provider: await createProvider(parsed),
		transport: createTransport({ nowMs, connections: 'new' }),
		deadlines: { firstTokenMs: 5000, idleMs: 5000, totalMs: 5000 },
		prices,
		clock: systemClock(),
		nowMs,
	});
	return () => made.ask(promptClass('short', {})!, 'nonce', new AbortController().signal);
}

/** Refuses requests with this in them, as vLLM and OpenAI do. */
function refuse(...words: readonly string[]) {
	fake.refusal = (request) => {
		const found = words.find((word) => JSON.stringify(request.body).includes(`"${word}"`));
		return found === undefined ? undefined : { error: { message: `Unsupported parameter: '${found}'`, type: 'x' } };
	};
}

describe('a parameter that a provider refuses', () => {
	it.each(['temperature', 'stream_options'])('is left out, at once and from then on: %s', async (word) => {
		refuse(word);
		const ask = await asker();
		expect([(await ask()).call.errorClass, fake.requests.length]).toEqual([null, 2]);
		expect([(await ask()).call.errorClass, fake.requests.length]).toEqual([null, 3]);
	});
	it('may be both', async () => {
		refuse('temperature', 'stream_options');
		const { call, requests } = await (await asker())();
		expect([call.errorClass, requests]).toEqual([null, 3]);
	});
	it('that cannot be left out is a bad request', async () => {
		refuse('model');
		const { call, requests } = await (await asker())();
		expect([call.errorClass, call.errorText, requests]).toEqual([
			'bad_request',
			"400 Unsupported parameter: 'model'",
			1,
		]);
	});
});

describe('a key', () => {
	it('that the provider repeats is not repeated', async () => {
		fake.refusal = () => ({ error: { message: `Incorrect API key provided: ${KEY}.` } });
		const { call } = await (await asker())();
		expect(call.errorText).toBe('400 Incorrect API key provided: [redacted].');
	});
	it('whose file is away asks nobody', async () => {
		const ask = await asker({ key: 'file:/nowhere/at/all' });
		await expect(ask()).rejects.toThrow('cannot read secret "/nowhere/at/all"');
		expect(fake.requests).toEqual([]);
	});
});

describe('cost', () => {
	const cost = async (target: object, usage = GOOD.usage) => {
		fake.script = { ...GOOD, usage };
		return (await (await asker(target))()).costUsd;
	};
	const usage = { input: 10_000, cached: 4000, cacheWrite: 0, output: 1000, reasoning: 600 };
	// https://openai.com/api/pricing: 2.50, cached 1.25, output 10 USD per million tokens of gpt-4o.
	it('has cached tokens at their price, and reasoning as the output that it is', async () =>
		expect(await cost({ provider: 'openai', model: 'gpt-4o' }, usage)).toBeCloseTo(0.015 + 0.005 + 0.01, 10));
	// https://www.anthropic.com/pricing: claude-sonnet-4-5 3, cache write 3.75, cache read 0.30, output 15.
	it('has what was written to the cache at its price', async () => {
		const written = { ...usage, cacheWrite: 2000 };
		const target = { provider: 'anthropic', model: 'claude-sonnet-4-5', baseUrl: fake.url };
		expect(await cost(target, written)).toBeCloseTo(4000 * 3e-6 + 2000 * 3.75e-6 + 4000 * 0.3e-6 + 1000 * 15e-6, 10);
	});
	it('is by the price of the operator where there is one', async () =>
		expect(await cost({ price: { inputPerMTok: 1, outputPerMTok: 2, cachedPerMTok: 0.5 } }, usage)).toBeCloseTo(
			0.006 + 0.002 + 0.002,
			10,
		));
	it('is not known for a model that nobody sells', async () => expect(await cost({ model: 'm' }, usage)).toBeNull());
	it('is not known of one that is not in the list', async () =>
		expect(await cost({ provider: 'openai', model: 'nobody-has-heard-of-it' }, usage)).toBeNull());
	it('is not known without the tokens', () => {
		const known = { model: 'gpt-4o', providerId: 'openai', own: undefined, atMs: Date.now() };
		expect(prices.costOf({ ...known, usage: NONE })).toBeNull();
		expect(
			prices.costOf({ ...known, usage: { ...NONE, inputTokens: 5, outputTokens: 5, cachedTokens: 9 } }),
		).toBeNull();
	});
	it('is that of whose address it is', () =>
		expect([
			prices.providerAt('https://api.groq.com/openai/v1'),
			prices.providerAt('http://127.0.0.1:8000/v1'),
		]).toEqual(['groq', undefined]));
});
