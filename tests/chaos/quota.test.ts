import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';

/** 100 points a second, counted over ten seconds, and two streams. */
const LIMITS = 'limits: { pointsPerSecondPerKey: 100, streamsPerKey: 2 }\n';

const folder = tempFolder('quota');
let product: Product;
beforeAll(async () => {
	const config = join(folder, 'sigmascope.yaml');
	writeFileSync(config, LIMITS);
	product = await startProduct({ dataFolder: join(folder, 'data'), env: { SIGMASCOPE_CONFIG: config } });
});
afterAll(async () => {
	await product.stop();
	removeFolder(folder);
});

async function keyOf(name: string): Promise<string> {
	const response = await product.request('/api/v1/keys', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ name, site: name, scopes: ['write'] }),
	});
	return ((await response.json()) as { key: string }).key;
}

const FIRST = Date.UTC(2026, 0, 1) * 1000;
const points = (key: string, stream: string, count: number, from = 0) => {
	const of = Array.from({ length: count }, (_, i) => ({ stream, t: FIRST + (from + i) * 1000, v: i }));
	return post('/api/v1/points', key, JSON.stringify(of), 'application/json');
};

async function post(path: string, key: string, body: string, type = 'text/plain') {
	const headers = { authorization: `Bearer ${key}`, 'content-type': type };
	const response = await fetch(product.url + path, { method: 'POST', headers, body });
	return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('a key over its limits', () => {
	it('hears 429 and when to come again on every way in, and another key hears nothing of it', async () => {
		const [fast, other] = [await keyOf('fast'), await keyOf('other')];
		expect((await points(fast, 'm/v', 1500)).status).toBe(202);
		for (const refused of [await points(fast, 'm/v', 1, 5000), await post('/api/v2/write', fast, 'm v=1 1')]) {
			expect(refused.status).toBe(429);
			expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
		}
		expect((await points(fast, 'm/v', 1, 5000)).headers.get('content-type')).toMatch('application/problem+json');
		expect((await points(other, 'm/v', 10)).status).toBe(202);
		expect(await (await product.request('/metrics')).text()).toMatch(/quota_total\{limit="points"\} [1-9]/);
	});
	it('hears 429 for streams alone that it may not make, and has all others', async () => {
		const key = await keyOf('many');
		for (const stream of ['a/a', 'a/b']) expect((await points(key, stream, 1)).status).toBe(202);
		const refused = await points(key, 'a/c', 1);
		expect([refused.status, refused.text]).toEqual([429, expect.stringContaining('has made its 2')]);
		expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
		expect((await points(key, 'a/a', 1, 1)).status).toBe(202);
	});
});
