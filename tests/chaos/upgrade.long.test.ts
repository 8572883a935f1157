import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ApiLimits, ApiList, ApiPoints, ApiStream, ApiViolation } from '#contracts/api.ts';
import { createNormal } from '#rules/testing/random.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';

/** The version before `reorder`, hours and keys' rates; its commit has to be in the clone. */
const BEFORE = '419a332';
const root = tempFolder('before');
const dataFolder = tempFolder('upgrade');
const unpacked = spawnSync('sh', ['-c', `git archive ${BEFORE} | tar -x -C ${root}`]).status === 0;
const isThere = unpacked && spawnSync('test', ['-f', join(root, 'src/main.ts')]).status === 0;
const note = isThere ? '' : ` (skipped: this clone has no commit ${BEFORE})`;
if (isThere) symlinkSync(resolve('node_modules'), join(root, 'node_modules'));

let product: Product | undefined;
afterAll(async () => {
	await product?.stop();
	removeFolder(root);
	removeFolder(dataFolder);
});

const FIRST_MICROS = Date.UTC(2026, 0, 1) * 1000;
const normal = createNormal(11);
const values = Array.from({ length: 3000 }, (_, i) => 20 + normal() + Math.sin(i / 60));

async function send(from: number, to: number): Promise<void> {
	for (const stream of ['press/a', 'press/b']) {
		const lines = values
			.slice(from, to)
			.map((v, i) => JSON.stringify({ stream, t: FIRST_MICROS + (from + i) * 1e6, v }));
		const headers = { 'content-type': 'application/x-ndjson' };
		const response = await product!.request('/api/v1/points', { method: 'POST', headers, body: lines.join('\n') });
		expect(response.status).toBe(202);
	}
}

/** All that the API says of both streams, once it is stored. */
async function everything(count: number) {
	const get = product!.get;
	await until(async () => {
		const { lags } = await get<{ lags: Record<string, number> }>('/api/v1/system');
		// The version before counted ticks that nobody stores, so it is never quite level.
		return Object.values(lags).every((lag) => lag <= 10);
	}, 60_000);
	const { items } = await until(async () => {
		const list = await get<ApiList<ApiStream>>('/api/v1/streams');
		return list.items.length === 2 && list;
	});
	return Promise.all(
		items.map(async ({ id, key, unit, site, labels, state, openViolations }) => {
			const points = await until(async () => {
				const answer = await get<ApiPoints>(`/api/v1/streams/${id}/points?from=0&to=${FIRST_MICROS + 1e12}`);
				return answer.t.length === count && answer;
			}, 60_000);
			const violations = await get<ApiList<ApiViolation>>(`/api/v1/violations?stream=${id}&limit=500`);
			const limits = await get<ApiList<ApiLimits>>(`/api/v1/streams/${id}/limits`);
			const plan = await get<object>(`/api/v1/streams/${id}/plan`);
			const { t, v, quality, flags, signals } = points;
			return {
				...{ id, key, unit, site, labels, state, openViolations, t, v, quality, flags, signals, plan },
				violations: violations.items,
				limits: limits.items,
			};
		}),
	);
}

/** The version before knew nobody to look after a violation. */
function asOfToday<T extends { readonly violations: readonly object[] }>(stream: T) {
	return { ...stream, violations: stream.violations.map((violation) => ({ ...violation, assignee: null })) };
}

describe.skipIf(!isThere)(`a data folder of the version before${note}`, () => {
	it('says the same after the upgrade, also when the old one was killed, and goes on from there', async () => {
		const config = join(dataFolder, 'sigmascope.yaml');
		writeFileSync(config, 'streams:\n  - { match: { key: press/b }, plan: { rules: [1, 2], severity: critical } }\n');
		const env = { SIGMASCOPE_CONFIG: config };
		product = await startProduct({ root, dataFolder, env });
		await send(0, 2000);
		const before = await everything(2000);
		await product.kill();
		product = await startProduct({ dataFolder, env });
		expect(await everything(2000)).toEqual(before.map(asOfToday));
		expect(before[0]!.violations.length).toBeGreaterThan(20);
		await send(2000, 3000);
		const after = await everything(3000);
		for (const [i, stream] of after.entries()) {
			expect(stream.limits).toEqual(before[i]!.limits);
			const ids = new Set(stream.violations.map(({ id }) => id));
			expect(before[i]!.violations.filter(({ id }) => !ids.has(id))).toEqual([]);
		}
	});
});
