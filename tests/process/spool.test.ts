import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { CollectorStatus, FromCollectors } from '#collectors/messages.ts';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';

const MAIN = fileURLToPath(new URL('../../collectors/main.ts', import.meta.url));
const EVERY_MS = 100;
const folder = tempFolder('spool');
const children: ChildProcess[] = [];
let product: Product | undefined;

afterAll(async () => {
	for (const child of children) child.kill('SIGKILL');
	await product?.kill();
	removeFolder(folder);
});

/** A collector on another machine, so to speak: no child of the hub, and with room for about three seconds. */
function startCollector({ url: hubUrl, key }: Product) {
	const child = fork(MAIN, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
	children.push(child);
	let last: CollectorStatus | undefined;
	child.on('message', ({ status }: FromCollectors) => (last = status.collectors[0]));
	const spool = { maxMegabytes: 0.02, whenFull: 'drop-oldest' };
	const edge = { name: 'edge', type: 'simulator', every: `${EVERY_MS}ms`, warmup: '0s', isolate: false, spool };
	child.send({ configure: { hubUrl, key, spoolFolder: join(folder, 'edge'), collectors: [edge] } });
	return {
		status: () => last,
		async kill() {
			child.kill('SIGKILL');
			await once(child, 'exit');
		},
	};
}

describe('an outage that is longer than the queue of a collector', { timeout: 90_000 }, () => {
	it('is a gap on the chart, and nothing is missing outside of it, whatever is killed meanwhile', async () => {
		const first = await startProduct({ dataFolder: join(folder, 'hub') });
		product = first;
		const before = startCollector(first);
		await until(async () => (await streams(first)).length > 10);
		await first.kill();
		await until(() => (before.status()?.spool.dropped ?? 0) > 0);
		await before.kill();
		const after = startCollector(first);
		await until(() => (after.status()?.spool.dropped ?? 0) > 0);
		product = await startProduct({ dataFolder: join(folder, 'hub'), port: Number(new URL(first.url).port) });
		await until(() => after.status()?.connected === true && after.status()!.spool.oldestMs < 1000);

		const machines = (await streams(product)).filter(({ kind }) => kind === 'machine');
		const stored = await Promise.all(machines.map(({ id }) => points(product!, id)));
		expect(stored.length).toBeGreaterThan(5);
		for (const { t, gaps } of stored) {
			const dropped = gaps.filter(([, , reason]) => reason === 'dropped: the queue was full');
			expect(dropped.length).toBeGreaterThan(0);
			// No further apart than two intervals, unless a gap covers all that is between.
			const holes = t.slice(1).flatMap((at, i) => (at - t[i]! > 2.5 * EVERY_MS * 1000 ? [[t[i]!, at] as const] : []));
			const open = holes.filter(
				([from, to]) =>
					!gaps.some((gap) => gap[0] - from < 2.5 * EVERY_MS * 1000 && to - gap[1] < 2.5 * EVERY_MS * 1000),
			);
			expect(open).toEqual([]);
		}
	});
});

async function streams(of: Product): Promise<readonly ApiStream[]> {
	return (await of.get<ApiList<ApiStream>>('/api/v1/streams?limit=100')).items;
}

function points(of: Product, id: string): Promise<ApiPoints> {
	const from = new Date(Date.now() - 3_600_000).toISOString();
	return until(async () => {
		const found = await of.get<ApiPoints>(`/api/v1/streams/${id}/points?from=${from}&to=${new Date().toISOString()}`);
		// The store writes a little behind.
		return (
			found.gaps.length > 0 &&
			found.t.length > 20 &&
			found.t.at(-1)! > Math.max(...found.gaps.map(([, to]) => to)) &&
			found
		);
	});
}
