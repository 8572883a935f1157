import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import type { ApiSearch } from '#contracts/knowledge.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';

const folder = tempFolder('reload');
const file = join(folder, 'sigmascope.yaml');
const PLANT = '{ name: plant, type: simulator, warmup: 0s }';
const ALONE = '{ name: other, type: simulator, warmup: 0s, isolate: true, site: other }';

let product: Product;
beforeAll(async () => {
	writeFileSync(file, `collectors: [${PLANT}]\n`);
	product = await startProduct({ dataFolder: join(folder, 'data'), env: { SIGMASCOPE_CONFIG: file } });
	await until(async () => (await parts())['collector plant'] === 'up');
});
afterAll(async () => {
	await product.stop();
	removeFolder(folder);
});

async function parts(): Promise<Record<string, string>> {
	return ((await (await fetch(`${product.url}/readyz`)).json()) as { parts: Record<string, string> }).parts;
}

async function someStream(): Promise<ApiStream> {
	return until(async () => (await product.get<ApiList<ApiStream>>('/api/v1/streams?site=default')).items[0]);
}

describe('a change of the configuration file', () => {
	it('brings a collector with a process of its own, and leaves those that have not changed alone', async () => {
		const before = product.children('collectors/main.ts');
		writeFileSync(file, `collectors:\n  - ${PLANT}\n  - ${ALONE}\n`);
		await until(async () => (await parts())['collector other'] === 'up');
		const after = product.children('collectors/main.ts');
		expect(after).toHaveLength(2);
		expect(after).toEqual(expect.arrayContaining(before));
	});
	it('gives streams another plan at once', async () => {
		const { id } = await someStream();
		writeFileSync(file, `collectors: [${PLANT}]\nstreams:\n  - match: { key: "**" }\n    plan: { rules: [1] }\n`);
		await until(async () => {
			const { rules } = await product.get<{ rules: number[] }>(`/api/v1/streams/${id}/plan`);
			return rules.length === 1;
		});
		await until(async () => !('collector other' in (await parts())));
	});
	it('has what it says of embeddings in force at once', async () => {
		const search = () => product.get<ApiSearch>('/api/v1/search?q=pump');
		// The store is still being started.
		const reason = async () => (await search().catch(() => undefined))?.reason;
		await until(async () => /No embeddings are configured/.test((await reason()) ?? ''));
		const knowledge = '{ embeddings: { provider: ollama, model: m, baseUrl: http://127.0.0.1:9 } }';
		writeFileSync(file, `collectors: [${PLANT}]\nknowledge: ${knowledge}\n`);
		await until(async () => /The embeddings of ollama.m do not answer/.test((await reason()) ?? ''));
		writeFileSync(file, `collectors: [${PLANT}]\nstreams:\n  - match: { key: "**" }\n    plan: { rules: [1] }\n`);
		await until(async () => /No embeddings are configured/.test((await reason()) ?? ''));
	});
	it('with a fault changes nothing, and the log names file, line and cause', async () => {
		writeFileSync(file, `collectors: [${PLANT}]\nsteams: []\n`);
		await until(() => /sigmascope\.yaml:2:1 .*steams/.test(product.output()));
		const { id } = await someStream();
		expect((await product.get<{ rules: number[] }>(`/api/v1/streams/${id}/plan`)).rules).toEqual([1]);
		expect((await parts())['collector plant']).toBe('up');
	});
});
