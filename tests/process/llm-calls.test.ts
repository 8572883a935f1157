import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiEvent, ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import type { ApiCall } from '#contracts/llm-call.ts';
import type { ApiCompare } from '#contracts/llm-compare.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from '../e2e/browser.ts';
import { until } from '../support/until.ts';

/** Calls of language models through the whole product, which is killed in the middle. */
const CALLS = 40;
const START = Date.now() * 1000 - 3_600_000_000;
const MINUTE = 60_000_000;
const calls = Array.from({ length: CALLS }, (_, i) => ({
	provider: 'openai',
	model: 'gpt-4o',
	startedAt: START + i * MINUTE,
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

const everything = () => product.get<ApiList<ApiCall>>('/api/v1/llm/calls?limit=1000');
const stored = () => product.get<ApiList<ApiCall>>('/api/v1/llm/calls?limit=1000&model=gpt-4o');
const streamOf = async (name: string, model = 'gpt-4o') => {
	const { items } = await product.get<ApiList<ApiStream>>(`/api/v1/streams?key=openai/${model}/${name}`);
	return items[0];
};

beforeAll(async () => {
	product = await startProduct({ dataFolder });
	for (let i = 0; i < CALLS / 2; i++) expect(await post(i)).toBe(202);
	await product.kill();
	product = await startProduct({ dataFolder });
	// What a careful client does: it sends again what it is not sure of, and here everything.
	for (let i = 0; i < CALLS; i++) expect(await post(i)).toBe(202);
	// Another model, 180 ms slower in the same minutes, which became another version on the way.
	const others = calls.map((call, i) => ({
		...call,
		model: 'slow',
		ttftMs: call.ttftMs + 180 + (i % 5),
		errorClass: undefined,
		responseModel: i < 25 ? 'slow-1' : 'slow-2',
	}));
	const sent = await product.request('/api/v1/llm/calls', { method: 'POST', body: JSON.stringify(others) });
	expect(await sent.json()).toMatchObject({ accepted: CALLS, refused: 0 });
	await until(async () => ((await everything().catch(() => undefined))?.items.length ?? 0) >= 2 * CALLS, 30_000);
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
				`/api/v1/llm/calls?model=gpt-4o&limit=15${cursor === '' ? '' : `&cursor=${cursor}`}`,
			);
			seen.push(...page.items.map(({ traceId }) => traceId));
			cursor = page.cursor;
		}
		expect(seen).toEqual(calls.map(({ traceId }) => traceId).reverse());
	});
	const count = async (query: string) =>
		(await product.get<ApiList<ApiCall>>(`/api/v1/llm/calls?${query}`)).items.length;
	it('are found by failure', async () => expect(await count('model=gpt-4o&failed=true')).toBe(1));
	it('are found by class of failure', async () => expect(await count('errorClass=timeout_idle')).toBe(1));
	it('are found by trace', async () => expect(await count('model=gpt-4o&traceId=trace-5')).toBe(1));
	it('are found by provider and model', async () => expect(await count('provider=openai&model=gpt-4o')).toBe(CALLS));
	it('are not found under another model', async () => expect(await count('model=gpt-5')).toBe(0));
	it('are not found in another site', async () => expect(await count('site=plant-b')).toBe(0));
});

describe('two models side by side', () => {
	it('differ by what they differ in the same minutes, in words', async () => {
		const [one, other, cost] = await Promise.all([
			until(() => streamOf('ttft_ms')),
			until(() => streamOf('ttft_ms', 'slow')),
			until(() => streamOf('cost_usd')),
		]);
		const answer = await until(async () => {
			const found = await product.get<ApiCompare>(`/api/v1/compare?streams=${one.id},${other.id},${cost.id}`);
			return found.groups[0]?.streams.every(({ n }) => n === CALLS) && found;
		}, 30_000);
		const [latency, costs] = answer.groups;
		expect([latency?.name, latency?.unit, latency?.slotMs, costs?.name]).toEqual(['ttft_ms', 'ms', 60_000, 'cost_usd']);
		expect(latency?.pairs).toMatchObject([
			{
				a: one.id,
				b: other.id,
				n: CALLS,
				median: 182,
				sentence: expect.stringMatching(
					/^openai\/slow's first token is 182 ms slower than openai\/gpt-4o's: 95 % /,
				) as string,
			},
		]);
		expect(latency?.streams[0]?.outcomes).toEqual({ good: CALLS - 1, timeout_idle: 1 });
		expect(latency?.streams[1]).toMatchObject({
			n: CALLS,
			outcomes: { good: CALLS },
			versions: [
				{ name: 'slow-1', calls: 25 },
				{ name: 'slow-2', calls: 15 },
			],
			change: { n: 15, sentence: expect.stringContaining('slow-2') as string },
		});
	});
	it('are compared before and after an event that somebody marked', async () => {
		const [one, other] = await Promise.all([streamOf('ttft_ms'), streamOf('ttft_ms', 'slow')]);
		const told = await product.request('/api/v1/events', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ kind: 'deploy', from: calls[20]!.startedAt, title: 'gateway 7' }),
		});
		const { id } = (await told.json()) as ApiEvent;
		const asked = `/api/v1/compare?streams=${one?.id},${other?.id}&event=${id}`;
		const [group] = (await product.get<ApiCompare>(asked)).groups;
		expect(group?.streams.map(({ change }) => [change?.n, change?.sentence.split(' the ')[0]])).toEqual([
			[20, 'Since "gateway 7"'],
			[20, 'Since "gateway 7"'],
		]);
		const table = await (await product.request(`${asked}&format=csv`)).text();
		const lines = table.trimEnd().split('\r\n');
		expect(lines[0]).toBe('from,to,metric,unit,stream,name,measure,value,low,high,n,sentence');
		const pair = lines.find((line) => line.includes(',paired_difference,')) ?? '';
		expect(pair).toContain(`,ttft_ms,ms,${other?.id} - ${one?.id},`);
		expect(pair).toContain(`,paired_difference,182,`);
	});
	it('know no event that is not there', async () =>
		expect((await product.request('/api/v1/compare?streams=1&event=none')).status).toBe(404));
	it('need streams that exist', async () =>
		expect((await product.request('/api/v1/compare?streams=999999')).status).toBe(404));
	it('need at least one', async () => expect((await product.request('/api/v1/compare?streams=')).status).toBe(400));
});

describe.skipIf(noBrowser)(`the pages of language models${browserNote}`, () => {
	let browser: Browser;
	beforeAll(async () => void (browser = await launchBrowser()));
	afterAll(() => browser.close());

	it('put models side by side, with all of it in the address', async () => {
		const { page, errors } = await openPage(browser);
		await page.goto(product.startLink);
		await page.getByRole('link', { name: 'Compare' }).click();
		await shown(page, /first token is \d+ ms (slower|faster) than/);
		await page.goto(`${product.url}/compare?targets=`);
		await shown(page, 'Nothing is chosen');
		for (const name of ['openai/gpt-4o', 'openai/slow'])
			await page.getByLabel('Add a target').selectOption({ label: `${name} · chat · api` });
		await shown(page, /openai\/slow's first token is 182 ms slower than openai\/gpt-4o's/);
		await shown(page, /By these weights openai\/gpt-4o comes before/);
		await page.getByRole('button', { name: 'Boxes' }).click();
		await until(() => /targets=\d+,\d+&view=box/.test(page.url()));
		const again = await openPage(browser, { viewport: { width: 390, height: 844 } });
		await again.page.goto(product.startLink);
		await again.page.goto(page.url());
		await shown(again.page, /is 182 ms slower/);
		expect(await again.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
		expect([...errors, ...again.errors]).toEqual([]);
	});
	it('lead from a chart to its calls, and from a call to its trace', async () => {
		const { page, errors } = await openPage(browser);
		await page.goto(product.startLink);
		const { id } = await until(() => streamOf('ttft_ms'));
		await page.goto(`${product.url}/streams/${id}`);
		await page.getByRole('link', { name: 'Its calls' }).click();
		await page.getByRole('link', { name: 'trace-5', exact: true }).click();
		await until(async () => (await page.locator('tbody tr').count()) === 2);
		expect(errors).toEqual([]);
	});
});
