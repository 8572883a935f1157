import { describe, expect, it } from 'vitest';
import { parseCalls, type LlmCall } from '#contracts/llm-call.ts';
import { createPriceBook } from '#lib/llm/price-book.ts';
import { loadPrices } from '#lib/llm/price.ts';
import type { DerivedRequest } from '../ingest/port.ts';
import { NOW, principalOf, shareHub } from '../ingest/testing/hub.ts';
import { createCalls } from './calls.ts';

const CALL = { provider: 'openai', model: 'gpt-4o', startedAt: NOW - 10_000_000 };
const { hub, nextSite } = shareHub();

/** The way in for a site of its own, so that the cases may share one journal. */
function openCalls() {
	const site = nextSite();
	const principal = principalOf('k', site);
	const prices = async () => createPriceBook(await loadPrices(), []);
	const calls = createCalls({ ingest: hub().ingest, prices, now: () => NOW });
	const post = (body: unknown, more: { contentType?: string; idempotencyKey?: string } = {}) =>
		calls.documents({ principal, body: bytesOf(body), contentType: 'application/json', ...more });
	const points = async () => (await hub().points()).filter((point) => point.site === site);
	const journaled = async () => (await allCalls()).filter((call) => call.site === site);
	const litellm = (body: unknown) => calls.litellm({ principal, body: bytesOf(body), contentType: 'application/json' });
	return { post, points, journaled, litellm };
}

function bytesOf(body: unknown): Uint8Array {
	return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
}

async function allCalls(): Promise<LlmCall[]> {
	const { journal } = hub();
	const last = await journal.lastSeq('calls', 0);
	const found: LlmCall[] = [];
	if (last === 0) return found;
	const stop = new AbortController();
	for await (const batch of journal.read({ topics: ['calls'], partition: 0, fromSeq: 1, signal: stop.signal })) {
		found.push(...batch.flatMap(({ bytes }) => parseCalls(bytes).calls));
		if ((batch.at(-1)?.seq ?? 0) >= last) stop.abort();
	}
	return found;
}

describe('a document of calls', () => {
	it('may be one call', async () => {
		const { post } = openCalls();
		expect(await post(CALL)).toEqual({ accepted: 1, duplicates: 0, refused: 0, errors: [] });
	});
	it('may be one call on several lines', async () => {
		const { post } = openCalls();
		expect(await post(JSON.stringify(CALL, null, 2))).toMatchObject({ accepted: 1, refused: 0 });
	});
	it('may be an array, or a call a line', async () => {
		const { post } = openCalls();
		expect((await post([CALL, CALL])).accepted).toBe(2);
		expect((await post(`${JSON.stringify(CALL)}\n${JSON.stringify(CALL)}\n`)).accepted).toBe(2);
	});
	it('keeps what is good of it, and names the place of what is not', async () => {
		const { post } = openCalls();
		const bad = { ...CALL, ttftMs: -1, modell: 'x' };
		expect(await post([CALL, bad, 5])).toEqual({
			accepted: 1,
			duplicates: 0,
			refused: 2,
			errors: [
				{ path: '$[1].ttftMs', message: '-1 is too small: at least 0' },
				{ path: '$[1].modell', message: 'is not known here; did you mean model?' },
				{ path: '$[2]', message: 'is 5, not a call' },
			],
		});
	});
	it('names lines of NDJSON', async () => {
		const { post } = openCalls();
		const body = `${JSON.stringify(CALL)}\n{"provider": 1\n${JSON.stringify({ ...CALL, model: '' })}`;
		const { errors } = await post(body, { contentType: 'application/x-ndjson' });
		expect(errors.map(({ path }) => path)).toEqual(['line 2', 'line 3']);
		expect(errors[1]?.message).toBe('$.model: "" is too small: at least 1');
	});
	it('under the same key changes nothing', async () => {
		const { post, points, journaled } = openCalls();
		const full = { ...CALL, ttftMs: 200, totalMs: 400 };
		expect(await post(full, { idempotencyKey: 'x' })).toMatchObject({ accepted: 1, duplicates: 0 });
		expect(await post(full, { idempotencyKey: 'x' })).toMatchObject({ accepted: 0, duplicates: 1 });
		expect([(await journaled()).length, (await points()).length]).toEqual([1, 3]);
	});
	const refused = async (body: unknown, expected: RegExp) => {
		const { post, points } = openCalls();
		await expect(post(body)).rejects.toThrow(expected);
		expect(await points()).toEqual([]);
	};
	it('without a call is refused', () => refused('', /there are no calls/));
	it('without a time is refused', () => refused({ ...CALL, startedAt: undefined }, /startedAt: is missing/));
	it('with a time in words is refused', () => refused({ ...CALL, startedAt: 'now' }, /"now" is no time/));
	it('from the future is refused', () => refused({ ...CALL, startedAt: NOW + 1e9 }, /ahead of this server/));
	it('with markup in a model is refused', () => refused({ ...CALL, model: '<b>' }, /\$\.model: its streams/));
	it('with a slash in a provider is refused', () => refused({ ...CALL, provider: 'a/b' }, /must not have a slash/));
	it('with an unknown class of failure is refused', () =>
		refused({ ...CALL, errorClass: 'oops' }, /"oops" is none of timeout_first_token/));
	it('that is an array cut off is refused', () => refused('[{"provider":', /cannot read the body/));
});

describe('the points of a call', () => {
	const pointsOf = async (call: object) => {
		const { post, points } = openCalls();
		await post({ ...CALL, ...call });
		return Object.fromEntries((await points()).map(({ key = '', v }) => [key.split('/').at(-1), v]));
	};
	it('are what is known, and what follows from it', async () =>
		expect(await pointsOf({ ttftMs: 200, totalMs: 1200, inputTokens: 1000, outputTokens: 101 })).toEqual({
			ttft_ms: 200,
			tpot_ms: 10,
			output_tps: 100,
			total_ms: 1200,
			input_tokens: 1000,
			output_tokens: 101,
			cost_usd: 0.00351,
			cost_per_1k_usd: expect.closeTo(3.51 / 1101, 9) as number,
			error: 0,
		}));
	it('are no time per token where reasoning was not shown', async () =>
		expect(await pointsOf({ ttftMs: 200, totalMs: 1200, outputTokens: 101, reasoningTokens: 50 })).not.toHaveProperty(
			'tpot_ms',
		));
	it('are no latencies where the call failed', async () =>
		expect(await pointsOf({ ttftMs: 200, totalMs: 300, errorClass: 'server' })).toEqual({ ttft_ms: 200, error: 1 }));
	it('are neither good nor failed where the client went away', async () =>
		expect(await pointsOf({ ttftMs: 200, totalMs: 300, errorClass: 'client_abort' })).toEqual({ ttft_ms: 200 }));
	it('are no cost where there is no price', async () =>
		expect(await pointsOf({ model: 'our-own', inputTokens: 5, outputTokens: 5 })).toEqual({
			input_tokens: 5,
			output_tokens: 5,
			error: 0,
		}));
	it('are apart for calls that end at once', async () => {
		const { post, points } = openCalls();
		await post([1, 2, 3].map(() => ({ ...CALL, totalMs: 100 })));
		const ended = (await points()).filter(({ key }) => key?.endsWith('total_ms')).map(({ t }) => t - CALL.startedAt);
		expect(ended).toEqual([100_000, 100_001, 100_002]);
	});
	it('are apart also across requests', async () => {
		const { post, points } = openCalls();
		await post({ ...CALL, totalMs: 100 });
		await post({ ...CALL, totalMs: 100 });
		expect((await points()).filter(({ key }) => key?.endsWith('total_ms'))).toHaveLength(2);
	});
	it('stand in one transaction with the call: neither is there without the other', async () => {
		const seen: DerivedRequest[] = [];
		const calls = createCalls({
			ingest: { derived: async (request) => (seen.push(request), { duplicate: false, faults: [] }) },
			prices: async () => createPriceBook(await loadPrices(), []),
			now: () => NOW,
		});
		const principal = principalOf('k', 'a');
		await calls.documents({ principal, body: bytesOf({ ...CALL, totalMs: 5 }), contentType: '' });
		const [call] = parseCalls(seen[0]!.record.bytes!).calls;
		expect(seen[0]?.points.map(({ tMicros }) => tMicros)).toEqual([call?.endedMicros, call?.endedMicros]);
	});
});

describe("LiteLLM's callback", () => {
	const log = {
		id: 'chatcmpl-1',
		trace_id: 'trace-1',
		call_type: 'acompletion',
		stream: true,
		status: 'success',
		custom_llm_provider: 'openai',
		model: 'gpt-4o',
		model_group: 'fast',
		startTime: NOW / 1e6 - 2,
		completionStartTime: NOW / 1e6 - 1.75,
		endTime: NOW / 1e6 - 1,
		response_time: 0.25,
		response_cost: 0.0123,
		prompt_tokens: 100,
		completion_tokens: 20,
		metadata: { usage_object: { prompt_tokens_details: { cached_tokens: 40 } } },
		messages: [{ role: 'user', content: 'a secret' }],
	};
	const callsOf = async (body: unknown) => {
		const { litellm, journaled } = openCalls();
		const answer = await litellm(body);
		return { answer, calls: await journaled() };
	};
	it('is a call', async () => {
		const { calls } = await callsOf([log]);
		expect(calls).toMatchObject([
			{ source: 'litellm', provider: 'openai', model: 'gpt-4o', deployment: 'fast', traceId: 'trace-1' },
		]);
		expect(calls[0]).toMatchObject({ inputTokens: 100, cachedTokens: 40, costUsd: 0.0123, priceVersion: 'given' });
		expect([calls[0]?.ttftMs, calls[0]?.totalMs].map((ms) => Math.round(ms ?? 0))).toEqual([250, 1000]);
	});
	it('has no first token where nothing streamed', async () =>
		expect((await callsOf([{ ...log, stream: false }])).calls[0]?.ttftMs).toBeNull());
	it('keeps no word of what was asked', async () =>
		expect(JSON.stringify(await callsOf([log]))).not.toContain('secret'));
	it('leaves out what its cache answered', async () =>
		expect((await callsOf([{ ...log, cache_hit: true }, log])).calls).toHaveLength(1));
	it('of its cache alone is well taken', async () =>
		expect((await callsOf([{ ...log, cache_hit: true }])).answer).toMatchObject({ accepted: 0, refused: 0 }));
	const failure = async (information: object, expected: string) => {
		const failed = { ...log, status: 'failure', error_information: information, error_str: '', response_cost: 0 };
		const { calls } = await callsOf([failed]);
		expect(calls[0]).toMatchObject({ errorClass: expected, inputTokens: null, costUsd: null });
	};
	it('of a rate limit', () => failure({ error_code: '429', error_class: 'RateLimitError' }, 'rate_limited'));
	it('of a deadline', () => failure({ error_code: '408', error_class: 'Timeout' }, 'timeout_total'));
	it('of a wrong key', () => failure({ error_code: '401', error_class: 'AuthenticationError' }, 'auth'));
	it('sent again changes nothing', async () => {
		const { litellm, journaled } = openCalls();
		await litellm([log]);
		expect(await litellm([log])).toMatchObject({ accepted: 0, duplicates: 1 });
		expect(await journaled()).toHaveLength(1);
	});
});
