import { describe, expect, it } from 'vitest';
import { FLAG } from '#contracts/point.ts';
import { ever, MINUTE, SECOND, T0, type StoreSubject } from './contract-subject.ts';

/** What every store has to do with points that are more than a screen shows. */
export function viewsContract({ store, newStream, insert }: StoreSubject): void {
	describe('thinned', () => {
		const minutes = async (count: number) => {
			const stream = newStream();
			const points = Array.from({ length: count }, (_, i) => ({ stream, t: T0 + i * SECOND, v: i }));
			await insert(`thinned ${stream}`, points);
			return stream;
		};

		it('fewer points than asked for are given as they are', async () => {
			const stream = await minutes(5);
			const thinned = await store().thinnedPoints({ ...ever(stream), maxPoints: 5 });
			expect(thinned.bucketMicros).toBe(0);
			expect([...thinned.v]).toEqual([0, 1, 2, 3, 4]);
			expect([...thinned.max]).toEqual([0, 1, 2, 3, 4]);
			expect([...thinned.count]).toEqual([1, 1, 1, 1, 1]);
		});

		it('buckets tell mean, least, largest and how many, and lose no point', async () => {
			const stream = await minutes(1001);
			const range = { streamId: stream, fromMicros: T0, toMicros: T0 + 1000 * SECOND - 1 };
			const thinned = await store().thinnedPoints({ ...range, maxPoints: 10 });
			expect(thinned.bucketMicros).toBe(100 * SECOND);
			expect([...thinned.tMicros]).toEqual(Array.from({ length: 10 }, (_, i) => T0 + i * 100 * SECOND));
			expect([...thinned.v]).toEqual(Array.from({ length: 10 }, (_, i) => i * 100 + 49.5));
			expect([...thinned.min]).toEqual(Array.from({ length: 10 }, (_, i) => i * 100));
			expect([...thinned.max]).toEqual(Array.from({ length: 10 }, (_, i) => i * 100 + 99));
			expect([...thinned.count]).toEqual(Array(10).fill(100));
		});

		it('a range without end is that of its points', async () => {
			const stream = await minutes(1000);
			const thinned = await store().thinnedPoints({ ...ever(stream), maxPoints: 100 });
			expect(thinned.v.length).toBeGreaterThan(80);
			expect(thinned.v.length).toBeLessThanOrEqual(100);
			expect(thinned.count.reduce((sum, n) => sum + n)).toBe(1000);
		});

		it('a range that ends after the newest point ends with it, and says where that is', async () => {
			const stream = await minutes(1000);
			const thinned = await store().thinnedPoints({ ...ever(stream), fromMicros: T0, maxPoints: 10 });
			expect(thinned.newestMicros).toBe(T0 + 999 * SECOND);
			expect(thinned.bucketMicros).toBe(Math.ceil((999 * SECOND + 1) / 10));
			const behind = { ...ever(stream), fromMicros: T0 + 999 * SECOND + 1, maxPoints: 10 };
			expect(await store().thinnedPoints(behind)).toMatchObject({ bucketMicros: 0, v: new Float64Array(0) });
			const empty = await store().thinnedPoints({ ...ever(newStream()), maxPoints: 10 });
			expect([empty.newestMicros, empty.v.length]).toEqual([-Infinity, 0]);
		});

		it('flags and the worst quality of a bucket are kept', async () => {
			const stream = newStream();
			const points = [0, 1, 2, 3].map((i) => ({ stream, t: T0 + i, v: i, flags: i === 2 ? FLAG.late : 0 }));
			await insert(
				'flags',
				points.map((point) => ({ ...point, quality: point.v === 1 ? 64 : 192 })),
			);
			const thinned = await store().thinnedPoints({ streamId: stream, fromMicros: T0, toMicros: T0 + 3, maxPoints: 1 });
			expect([[...thinned.flags], [...thinned.quality]]).toEqual([[FLAG.late], [64]]);
		});

		it('very many points are taken from the minutes', async () => {
			const stream = newStream();
			for (let part = 0; part < 21; part += 1) {
				const points = Array.from({ length: 100_000 }, (_, i) => {
					const n = part * 100_000 + i;
					return { stream, t: T0 + n * 10_000, v: n % 2 };
				});
				await insert(`minutes ${part}`, points);
			}
			const thinned = await store().thinnedPoints({ ...ever(stream), maxPoints: 50 });
			expect(thinned.bucketMicros % MINUTE).toBe(0);
			expect(thinned.v.length).toBeGreaterThan(40);
			expect(thinned.v.length).toBeLessThanOrEqual(50);
			expect(thinned.count.reduce((sum, n) => sum + n)).toBe(2_100_000);
			expect([thinned.v[3], thinned.min[3], thinned.max[3]]).toEqual([0.5, 0, 1]);
			const close = { streamId: stream, fromMicros: T0, toMicros: T0 + 1_000 * 10_000 - 1 };
			expect((await store().thinnedPoints({ ...close, maxPoints: 100 })).bucketMicros).toBe(100_000);
		});
	});

	describe('of the shape of points', () => {
		it('as many are left as asked for, with the first, the last and what stands out', async () => {
			const stream = newStream();
			const points = Array.from({ length: 1000 }, (_, i) => ({
				stream,
				t: T0 + i,
				v: i === 567 ? 99 : Math.sin(i / 50),
			}));
			await insert(`shape ${stream}`, points);
			const shaped = await store().shapedPoints({ ...ever(stream), maxPoints: 50 });
			expect(shaped.v).toHaveLength(50);
			expect([shaped.tMicros[0], shaped.tMicros.at(-1)]).toEqual([T0, T0 + 999]);
			expect(Math.max(...shaped.v)).toBe(99);
			for (const [i, t] of shaped.tMicros.entries()) expect(shaped.v[i]).toBe(points[t - T0]?.v);
		});
		it('all are left of few', async () => {
			const stream = newStream();
			await insert(`few ${stream}`, [{ stream, t: T0, v: 1 }]);
			expect([...(await store().shapedPoints({ ...ever(stream), maxPoints: 3 })).v]).toEqual([1]);
		});
	});

	describe('of several streams side by side', () => {
		it('means of buckets are at the first point of each, by stream, also from the rollups', async () => {
			const [one, two] = [newStream(), newStream()];
			const points = [one, two].flatMap((stream) =>
				Array.from({ length: 240 }, (_, i) => ({ stream, t: T0 + i * SECOND, v: stream === one ? i : 7 })),
			);
			await insert(`side by side ${one}`, points);
			const read = (bucketMicros: number) =>
				store().sideBySide({
					streamIds: [one, two, newStream()],
					fromMicros: T0,
					toMicros: T0 + 300 * SECOND,
					bucketMicros,
				});
			const fine = await read(SECOND);
			expect([...fine.keys()].toSorted((a, b) => a - b)).toEqual([one, two]);
			expect([fine.get(one)?.v.length, fine.get(one)?.tMicros[3], fine.get(one)?.v[3]]).toEqual([
				240,
				T0 + 3 * SECOND,
				3,
			]);
			const coarse = (await read(MINUTE)).get(two);
			expect([...new Set(coarse?.v)]).toEqual([7]);
			expect(coarse?.v.length).toBeLessThan(6);
		});
		it('a stream with very many points is read by the minute beside one with few', async () => {
			const [dense, few] = [newStream(), newStream()];
			const points = Array.from({ length: 100_300 }, (_, i) => ({ stream: dense, t: T0 + i * 2000, v: 3 }));
			await insert(`dense ${dense}`, [...points, { stream: few, t: T0 + SECOND, v: 4 }]);
			const read = await store().sideBySide({
				streamIds: [dense, few],
				fromMicros: T0,
				toMicros: T0 + 300 * SECOND,
				bucketMicros: SECOND,
			});
			expect([read.get(few)?.v.length, read.get(dense)?.v[0]]).toEqual([1, 3]);
			expect(read.get(dense)?.v.length).toBeLessThan(6);
		});
	});
}
