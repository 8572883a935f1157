import { afterAll, describe, expect, it } from 'vitest';
import type { ApiList } from '#contracts/api.ts';
import type { ApiDocument, ApiSearch } from '#contracts/knowledge.ts';
import type { ApiLogLine } from '#contracts/log-line.ts';
import { createRandom } from '#rules/testing/random.ts';
import { killIfThere, removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';

const ROUNDS = 6;
const LINES_PER_REQUEST = 50;

/** Everything, or the store alone, is killed while lines come; a sender sends again what it got no answer to. */
describe('kill -9 while lines of logs come', () => {
	const dataFolder = tempFolder('logs');
	let product: Product;
	afterAll(async () => {
		await product.stop();
		removeFolder(dataFolder);
	});

	it('loses and doubles no line that was accepted, and a document is found afterwards', async () => {
		const random = createRandom(11);
		const env = { SIGMASCOPE_DEMO: '0' };
		product = await startProduct({ dataFolder, env });
		const accepted = new Set<string>();
		let next = 0;

		async function post(n: number): Promise<boolean> {
			const texts = Array.from({ length: LINES_PER_REQUEST }, (_, i) => `line ${n} of ${i}`);
			const body = texts.map((text) => JSON.stringify({ t: 1767225600000000 + n, source: 'chaos', text })).join('\n');
			const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': `logs-${n}` };
			const response = await product.request('/api/v1/logs', { method: 'POST', headers, body }).catch(() => undefined);
			await response?.body?.cancel().catch(() => undefined);
			if (response?.status !== 202) return false;
			for (const text of texts) accepted.add(text);
			return true;
		}

		await product.request('/api/v1/documents?name=m.txt', {
			...{ method: 'POST', headers: { 'content-type': 'text/plain' } },
			body: 'The unobtainium valve is serviced yearly.',
		});
		for (let round = 0; round < ROUNDS; round++) {
			const killsStore = round % 2 === 1;
			const end = performance.now() + 300 + random() * 1500;
			while (performance.now() < end) if (await post(next)) next++;
			if (killsStore) for (const pid of product.children('store/embedded')) killIfThere(pid);
			else {
				const dying = product.kill();
				while (await post(next)) next++;
				await dying;
				product = await startProduct({ dataFolder, env });
			}
		}
		while (!(await post(next)));

		const stored = await until(async () => {
			const lines = await everything(product);
			return lines.length >= accepted.size ? lines : undefined;
		}, 60_000);
		expect(stored.length).toBe(accepted.size);
		expect(new Set(stored)).toEqual(accepted);
		const found = await product.get<ApiSearch>('/api/v1/search?q=unobtainium&kind=document');
		expect(found.items).toHaveLength(1);
		expect((await product.get<ApiList<ApiDocument>>('/api/v1/documents')).items).toMatchObject([{ state: 'ready' }]);
	});
});

async function everything(product: Product): Promise<string[]> {
	const texts: string[] = [];
	let cursor = '';
	do {
		const page = await product
			.get<ApiList<ApiLogLine>>(`/api/v1/logs?source=chaos&limit=1000${cursor}`)
			.catch(() => undefined);
		if (page === undefined) return [];
		texts.push(...page.items.map(({ text }) => text));
		cursor = page.cursor === null ? '' : `&cursor=${page.cursor}`;
	} while (cursor !== '');
	return texts;
}
