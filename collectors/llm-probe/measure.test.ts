import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSecret } from '#contracts/secret.ts';
import { GOOD, startFakeProvider, type FakeProvider, type Fault, type Script } from '#tests/fakes/provider.ts';
import { until } from '#tests/support/until.ts';
import { systemClock } from '../kit/clock.ts';
import type { MeasuredCall } from './call.ts';
import { createTransport } from './exchange.ts';
import { measureCall } from './measure.ts';
import { PROVIDERS } from './testing/providers.ts';

const SECRET = 'sk-canary-0123456789';
const LONG = { firstTokenMs: 5000, idleMs: 5000, totalMs: 10_000 };
let fake: FakeProvider;
beforeAll(async () => (fake = await startFakeProvider()));
afterAll(() => fake.close());

/** One call against the fake. */
async function call(
	name: string,
	script: Partial<Script> = {},
	more: Partial<typeof LONG> & { signal?: AbortSignal } = {},
): Promise<MeasuredCall> {
	fake.script = { ...GOOD, ...script };
	const key = createSecret(SECRET, () => SECRET);
	const provider = await PROVIDERS[name]!({ baseUrl: fake.url, key, headers: { 'x-team': key } });
	const transport = createTransport({ nowMs: () => performance.now(), connections: 'new' });
	const { nowMicros, sleep } = systemClock();
	const ask = { model: 'fake-model', prompt: 'count', maxTokens: 50, temperature: 0, usage: true };
	const signal = more.signal ?? new AbortController().signal;
	const nowMs = () => performance.now();
	const measured = await measureCall({
		provider,
		ask,
		transport,
		deadlines: { ...LONG, ...more },
		nowMs,
		nowMicros,
		sleep,
		signal,
	});
	transport.close();
	return measured;
}

const TIMES = ['ttftMs', 'totalMs', 'tpotMs', 'chunkGapP95Ms', 'outputTps'] as const;
/** Which of the times are known. */
const known = (measured: MeasuredCall) => TIMES.filter((name) => measured[name] !== null);
const names = Object.keys(PROVIDERS);

describe.each(names)('a call of %s', (name) => {
	it('that goes well has all times, in their order', async () => {
		const tokens = Array.from({ length: 40 }, (_, i) => `${i} `);
		const measured = await call(name, { firstTokenAfterMs: 30, gapMs: 2, tokens });
		expect([measured.errorClass, measured.errorText]).toEqual([null, null]);
		expect(known(measured)).toEqual([...TIMES]);
		const { ttfcMs, ttftMs, totalMs, connectMs } = measured;
		expect(ttfcMs! > 0 && ttfcMs! <= ttftMs! && ttftMs! < totalMs!).toBe(true);
		// The fake's own timer may be early by a millisecond.
		expect(ttftMs).toBeGreaterThan(28);
		expect(connectMs).toBeGreaterThan(0);
		expect(measured.firstTokenMicros! - measured.startedMicros).toBeCloseTo((ttftMs! + connectMs!) * 1000, -1);
		expect(measured.endedMicros).toBeGreaterThan(measured.firstTokenMicros!);
		expect(measured.text).toBe(tokens.join(''));
	});
	it('says who it is, and what is asked', async () => {
		await call(name);
		const { headers, body } = fake.requests.at(-1)!;
		expect(JSON.stringify(body)).toContain('count');
		expect(JSON.stringify(body)).toMatch(/50/);
		expect(headers['x-team']).toBe(SECRET);
		expect(JSON.stringify({ ...headers, 'x-team': '' })).toContain(SECRET);
		expect(headers['accept-encoding']).toBe('identity');
	});
	it('that is cut off well after some tokens is truncated: its first token is known, its end is not', async () => {
		const measured = await call(name, { fault: { kind: 'truncate', after: 3 } });
		expect([measured.errorClass, known(measured)]).toEqual(['truncated', ['ttftMs']]);
	});
	it('whose connection is reset is a fault of the network', async () => {
		const measured = await call(name, { fault: { kind: 'reset', after: 3 } });
		expect([measured.errorClass, known(measured)]).toEqual(['network', ['ttftMs']]);
	});
	it('that says inside the answer that it is overloaded is that', async () => {
		const measured = await call(name, { fault: { kind: 'error', after: 3 } });
		expect([measured.errorClass, known(measured)]).toEqual(['overloaded', ['ttftMs']]);
	});
	it('that sends what is no answer is a failure without an end', async () => {
		const measured = await call(name, { fault: { kind: 'garbage', after: 3 } });
		expect(['server', 'truncated', 'bad_request']).toContain(measured.errorClass);
		expect(known(measured)).toEqual(['ttftMs']);
	});
	it('that says nothing at all runs into the first deadline, and no latency is made of that', async () => {
		const measured = await call(name, { fault: { kind: 'silent' } }, { firstTokenMs: 60 });
		expect([measured.errorClass, known(measured)]).toEqual(['timeout_first_token', []]);
		expect(measured.censoredMs).toBeGreaterThanOrEqual(60);
		expect(measured.endedMicros - measured.startedMicros).toBeGreaterThan(50_000);
	});
	it('that has headers and no token runs into it too', async () => {
		const measured = await call(name, { fault: { kind: 'stall', after: 0 } }, { firstTokenMs: 60 });
		expect([measured.errorClass, known(measured)]).toEqual(['timeout_first_token', []]);
	});
	it('that falls silent runs into the second deadline: its first token is known', async () => {
		const measured = await call(name, { fault: { kind: 'stall', after: 3 } }, { idleMs: 60 });
		expect([measured.errorClass, known(measured)]).toEqual(['timeout_idle', ['ttftMs']]);
		expect(measured.censoredMs).toBeGreaterThanOrEqual(60);
	});
	it('that goes on and on runs into the third', async () => {
		const tokens = Array.from({ length: 500 }, () => 'x');
		const measured = await call(name, { tokens, gapMs: 10 }, { totalMs: 100 });
		expect([measured.errorClass, measured.totalMs, measured.tpotMs]).toEqual(['timeout_total', null, null]);
	});
	it('whose headers are slow is slow, not early', async () => {
		const measured = await call(name, { headersAfterMs: 50 });
		expect([measured.errorClass, measured.ttftMs! > 48]).toEqual([null, true]);
	});
	it('that is refused with 429 is tried once, and says how long to wait', async () => {
		const before = fake.requests.length;
		const fault: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '7' } };
		const measured = await call(name, { fault });
		expect([measured.errorClass, known(measured), measured.retryAfterMs]).toEqual(['rate_limited', [], 7000]);
		expect([fake.requests.length - before, measured.errorText]).toEqual([1, '429 refused with 429']);
	});
	it.each([
		[401, 'auth'],
		[403, 'auth'],
		[400, 'bad_request'],
		[404, 'bad_request'],
		[302, 'bad_request'],
		[500, 'server'],
		[503, 'overloaded'],
		[529, 'overloaded'],
	] as const)('that is refused with %i is of class %s', async (status, errorClass) => {
		const measured = await call(name, { fault: { kind: 'status', status } });
		expect([measured.errorClass, known(measured)]).toEqual([errorClass, []]);
	});
	it('that a filter cut off has its times and is no good answer', async () => {
		const measured = await call(name, { gapMs: 1, fault: { kind: 'filtered' } });
		expect([measured.errorClass, measured.totalMs! > 0]).toEqual(['content_filter', true]);
	});
	it('that we stop ourselves is no failure of others, and nothing is left open', async () => {
		const stop = new AbortController();
		const seen = fake.requests.length;
		const going = call(name, { fault: { kind: 'stall', after: 2 } }, { signal: stop.signal });
		await until(() => fake.requests.length > seen);
		stop.abort();
		expect((await going).errorClass).toBe('client_abort');
		await until(() => fake.open() === 0);
	});
	it('to where nobody listens is a fault of the network', async () => {
		const gone = await startFakeProvider();
		await gone.close();
		const before = fake;
		fake = gone;
		const measured = await call(name).finally(() => (fake = before));
		expect([measured.errorClass, known(measured), measured.connectMs]).toEqual(['network', [], null]);
		expect(JSON.stringify(measured)).not.toContain(SECRET);
	});
});

describe('usage', () => {
	const usage = { input: 12, cached: 3, cacheWrite: 2, output: 12, reasoning: 5 };
	const all = { inputTokens: 12, outputTokens: 12, cachedTokens: 3, cacheWriteTokens: 2, reasoningTokens: 5 };
	const EXPECTED: Readonly<Record<string, object>> = {
		'openai chat': { ...all, cacheWriteTokens: null },
		'openai responses': { ...all, cacheWriteTokens: null },
		'openai-compatible': { ...all, cacheWriteTokens: null },
		anthropic: all,
		ollama: { ...all, cachedTokens: null, cacheWriteTokens: null, reasoningTokens: null },
		gemini: { ...all, cacheWriteTokens: null },
		bedrock: { ...all, reasoningTokens: null },
		'http (sse)': { ...all, cacheWriteTokens: null },
	};
	it.each(names.filter((name) => name in EXPECTED))(
		'of %s is counted as the conventions want, and what it does not say is not 0',
		async (name) => expect((await call(name, { usage })).usage).toEqual(EXPECTED[name]),
	);
});

describe('what the clock of a provider says', () => {
	it.each([
		['openai chat', { serverMs: 42, loadMs: null }],
		['ollama', { serverMs: 120, loadMs: 7 }],
	])('is kept apart from what we measured: %s', async (name, expected) =>
		expect(await call(name)).toMatchObject(expected),
	);
});

describe('first event and first token', () => {
	it.each(['openai chat', 'openai responses', 'anthropic', 'openai-compatible'])(
		'are two times for %s',
		async (name) => {
			const { ttfcMs, ttftMs } = await call(name, { firstTokenAfterMs: 60 });
			expect(ttftMs).toBeGreaterThan(ttfcMs!);
		},
	);
});
