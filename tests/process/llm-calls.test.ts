import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import type { ApiCall } from '#contracts/llm-call.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';

/** Calls of language models through the whole product, which is killed in the middle. */
const CALLS = 40;
const START = Date.now() * 1000 - 3_600_000_000;
const calls = Array.from({ length: CALLS }, (_, i) => ({
	provider: 'openai',
	model: 'gpt-4o',
	startedAt: START + i * 1_000_000,
	ttftMs: 200 + i,
	totalMs: 1000 + i,
	inputTokens: 1000,
	outputTokens: 100,
	traceId: `trace-${i}`,
	promptClass: 'chat',
	...(i === 7 ? { errorClass: 'timeout_idle' } : {}),
}));

let product: Product;
const dataFolder = tempFolder('calls');

async function post(index: number): Promise<number> {
	const response = await product.request('/api/v1/llm/calls', {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'idempotency-key': `call-${index}` },
		body: JSON.stringify(calls[index]),
	});
	await response.body?.cancel();
	return response.status;
}

const stored = () => product.get<ApiList<ApiCall>>('/api/v1/llm/calls?limit=1000');
const streamOf = async (name: string) => {
	const { items } = await product.get<ApiList<ApiStream>>(`/api/v1/streams?key=openai/gpt-4o/${name}`);
	return items[0];
};

beforeAll(async () => {
	product = await startProduct({ dataFolder });
	for (let i = 0; i < CALLS / 2; i++) expect(await post(i)).toBe(202);
	await product.kill();
	product = await startProduct({ dataFolder });
	// What a careful client does: it sends again what it is not sure of, and here everything.
	for (let i = 0; i < CALLS; i++) expect(await post(i)).toBe(202);
	await until(async () => ((await stored().catch(() => undefined))?.items.length ?? 0) >= CALLS, 30_000);
});
afterAll(async () => {
	await product.stop();
	removeFolder(dataFolder);
});

describe('calls of language models that were acknowledged', () => {
	it('are stored once each, also when everything was killed and sent again', async () =>
		expect((await stored()).items.map(({ traceId }) => traceId).reverse()).toEqual(
			calls.map(({ traceId }) => traceId),
		));
	it('have what was said of them, and a price with its version', async () =>
		expect((await stored()).items.at(-1)).toMatchObject({
			provider: 'openai',
			model: 'gpt-4o',
			source: 'api',
			site: 'default',
			ttftMs: 200,
			totalMs: 1000,
			tpotMs: 800 / 99,
			inputTokens: 1000,
			cachedTokens: null,
			costUsd: 0.0035,
			priceVersion: 'genai-prices 0.1.8',
			errorClass: null,
		}));
	it('have one point each on the chart of their latency, at the time of their first token', async () => {
		const stream = await until(() => streamOf('ttft_ms'));
		const points = await until(async () => {
			const found = await product.get<ApiPoints>(`/api/v1/streams/${stream.id}/points?last=500`);
			return found.t.length >= CALLS && found;
		}, 30_000);
		expect(points.v).toEqual(calls.map(({ ttftMs }) => ttftMs));
		expect(points.t).toEqual(calls.map(({ startedAt, ttftMs }) => startedAt + ttftMs * 1000));
		expect(stream).toMatchObject({ kind: 'llm', unit: 'ms', labels: { source: 'api', prompt_class: 'chat' } });
	});
	it('are censored where they ran into a deadline', async () => {
		const stream = await until(() => streamOf('total_ms'));
		const points = await product.get<ApiPoints>(`/api/v1/streams/${stream.id}/points?last=500`);
		expect([points.v[7], points.quality[7], points.quality[8]]).toEqual([1007, 64, 192]);
	});
	it.each(['ttft_ms', 'total_ms', 'error'])('are found by a point of their %s', async (name) => {
		const stream = await until(() => streamOf(name));
		const { t } = await product.get<ApiPoints>(`/api/v1/streams/${stream.id}/points?last=500`);
		const at = t[3];
		const { items } = await product.get<ApiList<ApiCall>>(`/api/v1/llm/calls?stream=${stream.id}&from=${at}&to=${at}`);
		expect(items.map(({ traceId }) => traceId)).toEqual(['trace-3']);
	});
	it('are listed in pages', async () => {
		const seen: (string | null)[] = [];
		for (let cursor: string | null = ''; cursor !== null;) {
			const page: ApiList<ApiCall> = await product.get(
				`/api/v1/llm/calls?limit=15${cursor === '' ? '' : `&cursor=${cursor}`}`,
			);
			seen.push(...page.items.map(({ traceId }) => traceId));
			cursor = page.cursor;
		}
		expect(seen).toEqual(calls.map(({ traceId }) => traceId).reverse());
	});
	const count = async (query: string) =>
		(await product.get<ApiList<ApiCall>>(`/api/v1/llm/calls?${query}`)).items.length;
	it('are found by failure', async () => expect(await count('failed=true')).toBe(1));
	it('are found by class of failure', async () => expect(await count('errorClass=timeout_idle')).toBe(1));
	it('are found by trace', async () => expect(await count('traceId=trace-5')).toBe(1));
	it('are found by provider and model', async () => expect(await count('provider=openai&model=gpt-4o')).toBe(CALLS));
	it('are not found under another model', async () => expect(await count('model=gpt-5')).toBe(0));
	it('are not found in another site', async () => expect(await count('site=plant-b')).toBe(0));
});
