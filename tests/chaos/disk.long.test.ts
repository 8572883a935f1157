import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import { createRandom } from '#rules/testing/random.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';

/** The store has a disk of its own, and it fills up under load: acknowledged points wait in the journal. */
const folder = tempFolder('store-disk');
const storeFolder = join(folder, 'clickhouse');
mkdirSync(storeFolder);
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', storeFolder]).status === 0;
const note = mounted ? '' : ' (skipped: needs the right to mount a tmpfs)';

const FIRST = Date.UTC(2026, 0, 1) * 1000;
const BATCH = 20_000;
const MIB = 1024 * 1024;

let product: Product | undefined;
afterAll(async () => {
	await product?.kill();
	if (mounted) spawnSync('umount', [storeFolder]);
	removeFolder(folder);
});

const random = createRandom(4);
const values: number[] = [];
async function send(to: Product): Promise<number> {
	const lines = Array.from({ length: BATCH }, () => {
		values.push(random());
		return `m v=${values.at(-1)} ${FIRST + values.length * 1000}`;
	});
	const response = await to.request('/api/v2/write?precision=us', { method: 'POST', body: lines.join('\n') });
	return response.status;
}

const freeBytes = () => {
	const { bavail, bsize } = statfsSync(storeFolder);
	return bavail * bsize;
};

describe.skipIf(!mounted)(`the disk of the store is full${note}`, () => {
	it('points are taken, it is said, and all is stored once there is room again', { timeout: 240_000 }, async () => {
		const of = (product = await startProduct({ dataFolder: folder }));
		expect(await send(of)).toBe(204);
		await until(async () => (await of.get<ApiList<ApiStream>>('/api/v1/streams?key=m/v')).items.length > 0);
		const filler = join(storeFolder, 'filler');
		writeFileSync(filler, Buffer.alloc(Math.max(0, freeBytes() - 2 * MIB), 1));
		// Until the store has said so, and for a while after it.
		const said = () => /store takes nothing|store writer begins again/.test(of.output());
		for (let batches = 0; !said() || batches < 40; batches++) {
			expect(await send(of)).toBe(204);
			if (batches > 200) throw new Error(`200 batches, and the store has ${freeBytes()} bytes left`);
		}
		await until(async () => {
			const { troubles, status } = await of.get<{ troubles: { message: string }[]; status: string }>('/api/v1/system');
			return status !== 'down' && troubles.some(({ message }) => /space|full/i.test(message));
		});
		process.stdout.write(`${JSON.stringify((await of.get<{ troubles: unknown }>('/api/v1/system')).troubles)}\n`);
		expect((await fetch(`${of.url}/healthz`)).status).toBe(200);
		rmSync(filler);
		const [{ id } = { id: '' }] = (await of.get<ApiList<ApiStream>>('/api/v1/streams?key=m/v')).items;
		const stored = await until(async () => {
			const range = `from=${FIRST}&to=${FIRST + values.length * 1000}`;
			const points = await of.get<ApiPoints>(`/api/v1/streams/${id}/points?${range}`).catch(() => undefined);
			return points !== undefined && points.t.length >= values.length && points;
		}, 120_000);
		expect(stored.v).toEqual(values);
		expect(of.output()).not.toMatch(/set aside/);
	});
});
