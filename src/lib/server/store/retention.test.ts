import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeInt64 } from '#contracts/int64.ts';
import { viewOf, writeRow } from '#contracts/rows.ts';
import { createStore } from './client.ts';
import type { StoreUnderTest } from './contract.ts';
import { silent } from './embedded/testing.ts';
import { STORED_ROW_BYTES, type Store } from './port.ts';
import { DATABASE, startStoreUnderTest } from './testing/store.ts';
import { tableSeconds } from './retention.ts';
import { until } from '#tests/support/until.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 5, 20, 12) * 1000;

let test: StoreUnderTest & { readonly test: { readonly server: { url: string; username: string; password: string } } };
let store: Store;
beforeAll(async () => {
	test = await startStoreUnderTest(() => NOW);
	store = createStore({
		...{ ...test.test.server, database: DATABASE, log: silent, now: () => NOW },
		// Longer than any test lasts: here the server's own clock decides.
		retention: { points: 3650 * DAY_MS, sites: { short: { points: 7 * DAY_MS }, long: { points: 7300 * DAY_MS } } },
	});
	await store.migrate();
});
afterAll(async () => {
	await store.close();
	await test.stop();
});

const stream = (id: number, site: string) =>
	({ id, site, key: `k/${id}`, labels: {}, asset: 'k', kind: 'machine', unit: '' }) as const;

/** Points that arrived so many days ago. */
async function insert(streamId: number, daysAgo: number, count: number): Promise<void> {
	const rows = new Uint8Array(count * STORED_ROW_BYTES);
	const view = viewOf(rows);
	const received = NOW - daysAgo * DAY_MS * 1000;
	for (let i = 0; i < count; i++) {
		const at = i * STORED_ROW_BYTES;
		writeRow(view, at, { stream: streamId, tMicros: received + i, v: Math.random(), quality: 192 });
		writeInt64(view, at + 21, received);
	}
	await store.insertPoints({ token: `${streamId}-${daysAgo}`, rows });
}

const countOf = async (streamId: number) => (await store.points({ streamId, fromMicros: 0, toMicros: NOW })).v.length;
const idle = () => until(async () => (await test.count('system.mutations WHERE NOT is_done')) === 0);
const bytes = () =>
	test.count("system.parts ARRAY JOIN range(toUInt64(bytes_on_disk)) AS b WHERE active AND table = 'points'");
const parts = (month: string) =>
	test.count(`system.parts WHERE active AND table = 'points' AND rows > 0 AND partition = '${month}'`);

describe('the retention of a site', () => {
	it('takes what is older from it, whole parts and their space, and nothing from others', async () => {
		await store.putStreams([stream(1, 'short'), stream(2, 'long'), stream(3, 'other')]);
		await insert(1, 40, 50_000);
		await insert(1, 3, 1000);
		for (const id of [2, 3]) await insert(id, 3, 1000);
		const before = await bytes();
		expect(await parts('202605')).toBe(1);
		expect(await store.expire()).toBe(1);
		await idle();
		expect(await countOf(1)).toBe(1000);
		expect(await Promise.all([2, 3].map(countOf))).toEqual([1000, 1000]);
		await until(async () => (await parts('202605')) === 0);
		expect(await bytes()).toBeLessThan(before / 4);
	});
	it('costs nothing where nothing has outlived it', async () => expect(await store.expire()).toBe(0));
	it('takes what is of no site with its own by what holds for all', async () => {
		await insert(3, 4000, 100);
		await insert(2, 4000, 100);
		expect(await store.expire()).toBe(1);
		await idle();
		expect(await Promise.all([2, 3].map(countOf))).toEqual([1100, 1000]);
	});
});

describe('the tables forget by themselves', () => {
	const f = (retention: Parameters<typeof tableSeconds>[0], days: number) =>
		expect(tableSeconds(retention, 'points')).toBe(days * 86_400);
	it('after a month where nothing is said', () => f({}, 30));
	it('what no site keeps any longer', () =>
		f({ points: 5 * DAY_MS, sites: { a: { points: 9 * DAY_MS }, b: { rollups: 20 * DAY_MS } } }, 9));
	it('what is kept for all, where sites keep less', () => f({ sites: { a: { points: DAY_MS } } }, 30));
});
