import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import type { ApiCall } from '#contracts/llm-call.ts';
import { GOOD, startFakeProvider } from '../fakes/provider.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';

const folder = tempFolder('llm-probe');
const WANTED = [
	'openai/gpt-4o/cost_usd',
	'anthropic/claude-haiku-4-5/error',
	'ollama/llama3.2/total_ms',
	'control/loopback/ttft_ms',
];
const KEY = 'sk-canary-of-the-provider';
let product: Product | undefined;
afterAll(async () => {
	await product?.kill();
	removeFolder(folder);
});

describe('language models that are asked every second', () => {
	it('have streams on recommended plans, and one that is overloaded has failures and no latency', async () => {
		const fake = await startFakeProvider();
		fake.script = ({ path }) => ({
			...GOOD,
			firstTokenAfterMs: 5,
			gapMs: 1,
			fault: path.endsWith('/messages') ? { kind: 'status', status: 529 } : undefined,
		});
		const file = join(folder, 'sigmascope.yaml');
		writeFileSync(
			file,
			[
				'collectors:',
				'  - name: providers',
				'    type: llm-probe',
				'    every: 1s',
				'    targets:',
				`      - { provider: openai, model: gpt-4o, key: ${KEY}, baseUrl: "${fake.url}/v1" }`,
				`      - { provider: anthropic, model: claude-haiku-4-5, key: ${KEY}, baseUrl: "${fake.url}" }`,
				`      - { provider: ollama, model: llama3.2, baseUrl: "${fake.url}" }`,
			].join('\n'),
		);
		product = await startProduct({ dataFolder: join(folder, 'data'), env: { SIGMASCOPE_CONFIG: file } });
		await until(async () => (await product!.request('/readyz')).ok);
		const items = await until(async () => {
			const { items } = await product!.get<ApiList<ApiStream>>('/api/v1/streams?limit=200');
			const keys = items.filter(({ last }) => last !== null).map(({ key }) => key);
			return WANTED.every((key) => keys.includes(key)) && items;
		});
		const of = (key: string) => items.find((stream) => stream.key === key);
		expect(of('openai/gpt-4o/ttft_ms')).toMatchObject({
			kind: 'llm',
			unit: 'ms',
			labels: { source: 'probe', prompt_class: 'short', prompt_version: '1', connection: 'new' },
		});
		expect(of('openai/gpt-4o/cost_usd')?.last?.v).toBeCloseTo((9 * 2.5 + 3 * 1.25 + 12 * 10) / 1e6, 12);
		expect(of('ollama/llama3.2/cost_usd')).toBeUndefined();
		expect(of('anthropic/claude-haiku-4-5/ttft_ms')).toBeUndefined();
		const { v } = await until(async () => {
			const id = of('anthropic/claude-haiku-4-5/error')?.id;
			const points = await product!.get<ApiPoints>(`/api/v1/streams/${id}/points?last=10`);
			return points.v.length > 0 && points;
		});
		expect(v).toEqual([1]);
		const plan = await product.get<{ chart: string }>(`/api/v1/streams/${of('openai/gpt-4o/ttft_ms')?.id}/plan`);
		expect(plan).toMatchObject({ chart: 'auto' });
		const latency = of('openai/gpt-4o/ttft_ms');
		const points = await until(async () => {
			const stored = await product!.get<ApiPoints>(`/api/v1/streams/${latency?.id}/points?last=1`);
			return stored.v.length > 0 && stored;
		});
		const [call] = await until(async () => {
			const asked = `/api/v1/llm/calls?stream=${latency?.id}&from=${points.t[0]}&to=${points.t[0]}`;
			const { items: calls } = await product!.get<ApiList<ApiCall>>(asked);
			return calls.length === 1 && calls;
		});
		expect(call).toMatchObject({ source: 'probe', model: 'gpt-4o', ttftMs: points.v[0], errorClass: null });
		expect(call?.responseModel).not.toBeNull();
		const failures = await product.get<ApiList<ApiCall>>('/api/v1/llm/calls?source=probe&failed=true&limit=1');
		expect(failures.items).toMatchObject([{ provider: 'anthropic', errorClass: 'overloaded' }]);
		expect(product.output()).not.toContain(KEY);
		await until(() => product!.output().includes('overloaded'));
		await fake.close();
	});
});
