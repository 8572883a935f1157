import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Product, removeFolder, startProduct, tempFolder } from '../product.ts';
import { until } from '../support/until.ts';

const folder = tempFolder('disk-full');
const MIB = 1024 * 1024;
/** A little more than the two gigabytes that the journal leaves free; only what is written takes memory. */
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2200m', 'tmpfs', folder]).status === 0;
const note = mounted ? '' : ' (skipped: needs the right to mount a tmpfs)';

let product: Product | undefined;
afterAll(async () => {
	await product?.kill();
	if (mounted) spawnSync('umount', [folder]);
	removeFolder(folder);
});

describe.skipIf(!mounted)(`a disk that is nearly full${note}`, () => {
	it(
		'is said with 503 and Retry-After, and points are taken again once there is room',
		{ timeout: 60_000 },
		async () => {
			const filler = join(folder, 'filler');
			writeFileSync(filler, Buffer.alloc(160 * MIB, 1));
			product = await startProduct({ dataFolder: join(folder, 'data') });
			const { url, request } = product;
			const send = () =>
				request('/api/v1/points', {
					method: 'POST',
					headers: { 'content-type': 'application/x-ndjson' },
					body: '{"stream":"a/b","v":1}',
				});
			const refused = await send();
			expect(refused.status).toBe(503);
			expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
			expect(refused.headers.get('content-type')).toMatch('application/problem+json');
			expect((await fetch(`${url}/healthz`)).status).toBe(200);
			const ready = await fetch(`${url}/readyz`);
			expect([ready.status, await ready.json()]).toMatchObject([503, { parts: { journal: 'full' } }]);

			rmSync(filler);
			await until(async () => (await send()).status === 202);
			await until(async () => (await fetch(`${url}/readyz`)).status === 200);
		},
	);
});
