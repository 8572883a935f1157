import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => (product = await startProduct({ env: { NODE_OPTIONS: '--max-old-space-size=512' } })));
afterAll(async () => {
	await product.stop();
	removeFolder(product.dataFolder);
});

async function keyOf(name: string): Promise<string> {
	const response = await product.request('/api/v1/keys', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ name, site: name, scopes: ['write'] }),
	});
	return ((await response.json()) as { key: string }).key;
}

async function send(key: string, lines: readonly string[]) {
	const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' };
	const response = await fetch(`${product.url}/api/v1/points`, { method: 'POST', headers, body: lines.join('\n') });
	await response.body?.cancel();
	return { status: response.status, retryAfter: response.headers.get('retry-after') };
}

async function write(key: string, lines: readonly string[]) {
	const headers = { authorization: `Bearer ${key}` };
	const response = await fetch(`${product.url}/api/v2/write`, { method: 'POST', headers, body: lines.join('\n') });
	await response.body?.cancel();
	return { status: response.status, retryAfter: response.headers.get('retry-after') };
}

const rssBytes = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${product.pid}/status`, 'utf8'))?.[1]) * 1024;

describe('a hundred thousand new streams of one key', () => {
	it('are ten thousand, the rest is refused with 429, and another key notices nothing', async () => {
		const [bad, good] = [await keyOf('bad'), await keyOf('good')];
		expect(await send(good, ['{"stream":"press/t","v":1}'])).toMatchObject({ status: 202 });
		const statuses = new Map<number, number>();
		for (let round = 0; round < 20; round++) {
			const invented = Array.from({ length: 5000 }, (_, i) => `{"stream":"x/${round * 5000 + i}","v":${i}}`);
			const [attack, honest] = await Promise.all([
				send(bad, invented),
				send(good, ['{"stream":"press/t","v":1}', `{"stream":"press/new-${round}","v":1}`]),
			]);
			expect(honest.status).toBe(202);
			statuses.set(attack.status, (statuses.get(attack.status) ?? 0) + 1);
			if (attack.status === 429) expect(Number(attack.retryAfter)).toBeGreaterThan(0);
		}
		expect([...statuses]).toEqual([[202, 2], [429, 18]]); // prettier-ignore
		const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?site=good&limit=1000');
		expect(items).toHaveLength(21);
		expect(rssBytes()).toBeLessThan(1.2e9);
	});
});

describe('a heap of 512 MB and senders without mercy', () => {
	it('is shed with 429 or 503, never by dying', async () => {
		const key = await keyOf('fast');
		const until60 = performance.now() + 60_000;
		const statuses = new Set<number>();
		const sender = async (nth: number) => {
			for (let batch = 0; performance.now() < until60; batch++) {
				const from = BigInt(Date.now() - 1000) * 1_000_000n;
				const lines = Array.from(
					{ length: 20_000 },
					(_, i) => `m,s=${nth}-${i % 100} v=${i} ${from + BigInt(batch * 20_000 + i)}`,
				);
				statuses.add((await write(key, lines)).status);
			}
		};
		await Promise.all(Array.from({ length: 8 }, (_, nth) => sender(nth)));
		for (const status of statuses) expect([204, 429, 503]).toContain(status);
		expect(statuses).toContain(204);
		await until(async () => (await fetch(`${product.url}/readyz`)).ok, 60_000);
		expect(product.output()).not.toMatch(/heap out of memory/);
	});
});
