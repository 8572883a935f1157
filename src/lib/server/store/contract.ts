import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RetriableError } from '#contracts/error.ts';
import type { Limits } from '#contracts/limits.ts';
import { FLAG } from '#contracts/point.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Signal } from '#contracts/verdict.ts';
import type { Episode } from '#contracts/violation.ts';
import { knowledgeContract } from './contract-knowledge.ts';
import { exportContract } from './contract-export.ts';
import { StoreRefusedError } from './errors.ts';
import { STORED_ROW_BYTES } from './port.ts';
import type { PointRange, Store } from './port.ts';

/** What a suite needs of a store under test: a fresh, empty database each time. */
export interface StoreUnderTest {
	readonly store: Store;
	/** Another client of the same database, for what the port does not show. */
	count(table: string): Promise<number>;
	/** Makes the store merge what it may merge. */
	merge(table: string): Promise<void>;
	/** A client of the same database with nothing listening at its address. */
	unreachable(): Store;
	stop(): Promise<void>;
}

export interface StoredPoint {
	readonly stream: number;
	readonly t: number;
	readonly v: number;
	readonly quality?: number;
	readonly received?: number;
	readonly flags?: number;
}

/** Rows as the writer sends them (port.ts). */
function encodeStoredRows(points: readonly StoredPoint[], nowMicros: number): Uint8Array {
	const bytes = Buffer.alloc(points.length * STORED_ROW_BYTES);
	points.forEach((point, i) => {
		const at = i * STORED_ROW_BYTES;
		bytes.writeUInt32LE(point.stream, at);
		bytes.writeBigInt64LE(BigInt(point.t), at + 4);
		bytes.writeDoubleLE(point.v, at + 12);
		bytes.writeUInt8(point.quality ?? 192, at + 20);
		bytes.writeBigInt64LE(BigInt(point.received ?? nowMicros), at + 21);
		bytes.writeUInt8(point.flags ?? 0, at + 29);
	});
	return bytes;
}

const T0 = 1_700_000_000_000_000;
const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const EVER = { fromMicros: 0, toMicros: Number.MAX_SAFE_INTEGER };
const ever = (streamId: number): PointRange => ({ streamId, ...EVER });

const signal = (tMicros: number, rule: Signal['rule'] = 1): Signal => ({
	...{ streamId: 1, chart: 'i', rule, side: 'above', tMicros, spanFromMicros: tMicros - 5, v: 4.5, limitsId: 'L1' },
	baseline: false,
});

const episode = (revision: number): Episode => ({
	...{ id: 'V1', streamId: 1, chart: 'i', rule: 1, side: 'above', firstMicros: T0, lastMicros: T0 + revision },
	...{ endedMicros: null, active: true, severity: 'warning', points: revision, value: 4, centre: 0, sigma: 1 },
	...{ limitsId: 'L1', spanFromMicros: T0, revision, historical: false },
	context: { before: [{ tMicros: T0 - 1, v: 0.1 }], at: [{ tMicros: T0, v: 4 }], after: [], complete: false },
});

/**
 * What every store has to do, whichever ClickHouse is behind it.
 *
 * @param start makes a fresh one; called once
 * @param now the clock that `received` is taken from
 */
export function storeContract(name: string, start: () => Promise<StoreUnderTest>, now: () => number): void {
	describe(`store: ${name}`, () => {
		let test: StoreUnderTest;
		let store: Store;
		/** Streams are not shared between tests, so that they need no order. */
		let lastStream = 100;
		const newStream = () => ++lastStream;
		const insert = (token: string, points: readonly StoredPoint[]) =>
			store.insertPoints({ token, rows: encodeStoredRows(points, now()) });

		beforeAll(async () => {
			test = await start();
			store = test.store;
			await store.migrate();
		});
		afterAll(() => test.stop());

		it('answers a ping', async () => expect(await store.ping()).toBe(true));

		it('a migration that was applied is not applied again', async () => {
			const before = await test.count('migrations');
			await store.migrate();
			expect(await test.count('migrations')).toBe(before);
		});

		describe('points', () => {
			it('come back to the bit, by time', async () => {
				const stream = newStream();
				const values = [0.1 + 0.2, -0, Number.MIN_VALUE, Number.MAX_VALUE, -1e-300];
				const points = values.map((v, i) => ({ stream, t: T0 + i, v, quality: i === 1 ? 64 : 192, flags: i }));
				await insert('bits', points.toReversed());
				const read = await store.points(ever(stream));
				expect([...read.v].map((v) => Object.is(v, -0))).toEqual([false, true, false, false, false]);
				expect([...read.v]).toEqual(values);
				expect([...read.tMicros]).toEqual(points.map(({ t }) => t));
				expect([...read.quality]).toEqual([192, 64, 192, 192, 192]);
				expect([...read.flags]).toEqual([0, 1, 2, 3, 4]);
			});

			it('both ends of a range belong to it', async () => {
				const stream = newStream();
				await insert(
					'ends',
					[0, 1, 2, 3].map((i) => ({ stream, t: T0 + i, v: i })),
				);
				const range = { streamId: stream, fromMicros: T0 + 1, toMicros: T0 + 2 };
				expect([...(await store.points(range)).v]).toEqual([1, 2]);
				expect(await store.countPoints(range)).toBe(2);
			});

			it('of other streams are not among them', async () => {
				const stream = newStream();
				await insert('others', [
					{ stream, t: T0, v: 1 },
					{ stream: newStream(), t: T0, v: 2 },
				]);
				expect([...(await store.points(ever(stream))).v]).toEqual([1]);
			});

			it('of a stream that has none are none', async () => {
				const stream = newStream();
				expect((await store.points(ever(stream))).v).toHaveLength(0);
				expect((await store.lastPoints(stream, 5)).v).toHaveLength(0);
				expect((await store.thinnedPoints({ ...ever(stream), maxPoints: 5 })).v).toHaveLength(0);
			});

			it('the last of them are found, before a time too', async () => {
				const stream = newStream();
				await insert(
					'last',
					[0, 1, 2, 3, 4].map((i) => ({ stream, t: T0 + i, v: i })),
				);
				expect([...(await store.lastPoints(stream, 2)).v]).toEqual([3, 4]);
				expect([...(await store.lastPoints(stream, 2, T0 + 3)).v]).toEqual([1, 2]);
				expect([...(await store.lastPoints(stream, 50)).v]).toEqual([0, 1, 2, 3, 4]);
			});

			it('of decades in one insert are all taken', async () => {
				const stream = newStream();
				const halfYears = Array.from({ length: 110 }, (_, i) => Date.UTC(1971, i * 6, 2) * 1000);
				await insert(
					'decades',
					halfYears.map((t, i) => ({ stream, t, v: i, flags: FLAG.historical })),
				);
				expect([...(await store.points(ever(stream))).tMicros]).toEqual(halfYears);
			});

			it('live by their arrival: the measurement may be as old as it likes', async () => {
				const stream = newStream();
				await insert('old', [{ stream, t: Date.UTC(2013, 0, 1) * 1000, v: 1 }]);
				await test.merge('points');
				expect(await store.countPoints(ever(stream))).toBe(1);
			});

			it('that are not finite are refused for their content', async () => {
				for (const v of [NaN, Infinity, -Infinity])
					await expect(insert(`finite ${v}`, [{ stream: newStream(), t: T0, v }])).rejects.toThrow(StoreRefusedError);
			});

			it('that are cut short are refused for their content', async () => {
				const rows = encodeStoredRows([{ stream: newStream(), t: T0, v: 1 }], now()).subarray(0, 29);
				await expect(store.insertPoints({ token: 'cut', rows })).rejects.toThrow(StoreRefusedError);
			});
		});

		describe('a resend changes nothing', () => {
			const batch = (stream: number) =>
				Array.from({ length: 500 }, (_, i) => ({ stream, t: T0 + i * SECOND, v: Math.sin(i) }));

			it('in points, rollups and last values', async () => {
				const stream = newStream();
				await insert('resend', batch(stream));
				const before = await everything(stream);
				await insert('resend', batch(stream));
				await insert('resend', batch(stream));
				expect(await everything(stream)).toEqual(before);
				expect(before.rows).toBe(500);
				expect(before.counted).toBe(500);
			});

			it('when an insert spans many months', async () => {
				const stream = newStream();
				const months = Array.from({ length: 40 }, (_, i) => ({ stream, t: T0 - i * 31 * 86_400 * SECOND, v: i }));
				await insert('months', months);
				const before = await everything(stream);
				await insert('months', months);
				expect(await everything(stream)).toEqual(before);
			});

			it('and equal content under another token is another insert', async () => {
				const stream = newStream();
				await insert('token a', batch(stream));
				await insert('token b', batch(stream));
				expect((await everything(stream)).counted).toBe(1000);
				expect(await store.countPoints(ever(stream))).toBe(500);
			});

			async function everything(stream: number) {
				const thinned = await store.thinnedPoints({ ...ever(stream), maxPoints: 3 });
				return {
					rows: await store.countPoints(ever(stream)),
					counted: Number(
						await test.count(`(SELECT arrayJoin(range(sum(n))) FROM points_1m WHERE stream_id = ${stream})`),
					),
					last: (await store.lastTimes()).get(stream),
					thinned: [...thinned.v],
				};
			}
		});

		describe('the same time twice', () => {
			const twice = async (flags = 0) => {
				const stream = newStream();
				await insert(`first ${stream}`, [{ stream, t: T0, v: 1, received: now() - SECOND }]);
				await insert(`again ${stream}`, [{ stream, t: T0, v: 2, received: now(), flags }]);
				return stream;
			};

			it('the first arrival is the one that counts, at once', async () => {
				const stream = await twice();
				expect([...(await store.points(ever(stream))).v]).toEqual([1]);
				expect([...(await store.lastPoints(stream, 9)).v]).toEqual([1]);
				expect(await store.countPoints(ever(stream))).toBe(1);
			});

			it('and after merges', async () => {
				const stream = await twice(FLAG.late);
				await test.merge('points');
				expect([...(await store.points(ever(stream))).v]).toEqual([1]);
			});

			it('however many there are, the last points are as many as asked for', async () => {
				const stream = newStream();
				for (let i = 0; i < 4; i += 1) {
					const points = Array.from({ length: 60 }, (_, t) => ({ stream, t: T0 + t, v: i, received: now() + i }));
					await insert(`many ${stream} ${i}`, points);
				}
				const read = await store.lastPoints(stream, 50);
				expect([...read.tMicros]).toEqual(Array.from({ length: 50 }, (_, i) => T0 + 10 + i));
				expect([...read.v]).toEqual(Array(50).fill(0));
			});
		});

		describe('the newest times', () => {
			it('are the largest t, not the last arrival', async () => {
				const stream = newStream();
				await insert('newest', [{ stream, t: T0 + 9, v: 1 }]);
				await insert('late', [{ stream, t: T0 + 3, v: 2, flags: FLAG.late }]);
				expect((await store.lastTimes()).get(stream)).toBe(T0 + 9);
				await test.merge('last_points');
				expect((await store.lastTimes()).get(stream)).toBe(T0 + 9);
			});
		});

		describe('thinned', () => {
			const minutes = async (count: number) => {
				const stream = newStream();
				const points = Array.from({ length: count }, (_, i) => ({ stream, t: T0 + i * SECOND, v: i }));
				await insert(`thinned ${stream}`, points);
				return stream;
			};

			it('fewer points than asked for are given as they are', async () => {
				const stream = await minutes(5);
				const thinned = await store.thinnedPoints({ ...ever(stream), maxPoints: 5 });
				expect(thinned.bucketMicros).toBe(0);
				expect([...thinned.v]).toEqual([0, 1, 2, 3, 4]);
				expect([...thinned.max]).toEqual([0, 1, 2, 3, 4]);
				expect([...thinned.count]).toEqual([1, 1, 1, 1, 1]);
			});

			it('buckets tell mean, least, largest and how many, and lose no point', async () => {
				const stream = await minutes(1000);
				const range = { streamId: stream, fromMicros: T0, toMicros: T0 + 1000 * SECOND - 1 };
				const thinned = await store.thinnedPoints({ ...range, maxPoints: 10 });
				expect(thinned.bucketMicros).toBe(100 * SECOND);
				expect([...thinned.tMicros]).toEqual(Array.from({ length: 10 }, (_, i) => T0 + i * 100 * SECOND));
				expect([...thinned.v]).toEqual(Array.from({ length: 10 }, (_, i) => i * 100 + 49.5));
				expect([...thinned.min]).toEqual(Array.from({ length: 10 }, (_, i) => i * 100));
				expect([...thinned.max]).toEqual(Array.from({ length: 10 }, (_, i) => i * 100 + 99));
				expect([...thinned.count]).toEqual(Array(10).fill(100));
			});

			it('a range without end is that of its points', async () => {
				const stream = await minutes(1000);
				const thinned = await store.thinnedPoints({ ...ever(stream), maxPoints: 100 });
				expect(thinned.v.length).toBeGreaterThan(80);
				expect(thinned.v.length).toBeLessThanOrEqual(100);
				expect(thinned.count.reduce((sum, n) => sum + n)).toBe(1000);
			});

			it('flags and the worst quality of a bucket are kept', async () => {
				const stream = newStream();
				const points = [0, 1, 2, 3].map((i) => ({ stream, t: T0 + i, v: i, flags: i === 2 ? FLAG.late : 0 }));
				await insert(
					'flags',
					points.map((point) => ({ ...point, quality: point.v === 1 ? 64 : 192 })),
				);
				const thinned = await store.thinnedPoints({ streamId: stream, fromMicros: T0, toMicros: T0 + 3, maxPoints: 1 });
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
				const thinned = await store.thinnedPoints({ ...ever(stream), maxPoints: 50 });
				expect(thinned.bucketMicros % MINUTE).toBe(0);
				expect(thinned.v.length).toBeGreaterThan(40);
				expect(thinned.v.length).toBeLessThanOrEqual(50);
				expect(thinned.count.reduce((sum, n) => sum + n)).toBe(2_100_000);
				expect([thinned.v[3], thinned.min[3], thinned.max[3]]).toEqual([0.5, 0, 1]);
				const close = { streamId: stream, fromMicros: T0, toMicros: T0 + 1_000 * 10_000 - 1 };
				expect((await store.thinnedPoints({ ...close, maxPoints: 100 })).bucketMicros).toBe(100_000);
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
				const shaped = await store.shapedPoints({ ...ever(stream), maxPoints: 50 });
				expect(shaped.v).toHaveLength(50);
				expect([shaped.tMicros[0], shaped.tMicros.at(-1)]).toEqual([T0, T0 + 999]);
				expect(Math.max(...shaped.v)).toBe(99);
				for (const [i, t] of shaped.tMicros.entries()) expect(shaped.v[i]).toBe(points[t - T0]?.v);
			});
			it('all are left of few', async () => {
				const stream = newStream();
				await insert(`few ${stream}`, [{ stream, t: T0, v: 1 }]);
				expect([...(await store.shapedPoints({ ...ever(stream), maxPoints: 3 })).v]).toEqual([1]);
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
					store.sideBySide({
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
				const read = await store.sideBySide({
					streamIds: [dense, few],
					fromMicros: T0,
					toMicros: T0 + 300 * SECOND,
					bucketMicros: SECOND,
				});
				expect([read.get(few)?.v.length, read.get(dense)?.v[0]]).toEqual([1, 3]);
				expect(read.get(dense)?.v.length).toBeLessThan(6);
			});
		});

		it('finds each arrival of a point', async () => {
			const stream = newStream();
			const received = Date.now() * 1000;
			const point = { stream, t: T0, v: 1 };
			await insert(`one ${stream}`, [{ ...point, received }, { ...point, t: T0 + 1 }]); // prettier-ignore
			await insert(`two ${stream}`, [{ ...point, received: received + 2 }]);
			const names = [T0, T0 + 9].map((tMicros) => ({ streamId: stream, tMicros }));
			const found = await store.arrivals(names);
			expect(found.map(({ receivedMicros }) => receivedMicros).sort()).toEqual([received, received + 2]);
			const many = Array.from({ length: 12_000 }, (_, i) => ({ streamId: stream, tMicros: T0 + i }));
			expect(await store.arrivals(many)).toHaveLength(3);
		});

		describe('gaps', () => {
			const gap = (streamId: number, from: number, to: number, reason = "a 'reason'\n\n;") => ({
				...{ streamId, fromMicros: T0 + from, toMicros: T0 + to, reason },
			});
			it('that touch a range are found, and a resend adds none', async () => {
				const streamId = newStream();
				const gaps = [gap(streamId, 0, 10), gap(streamId, 20, 30), gap(newStream(), 0, 50)];
				await store.insertGaps({ token: 'gaps', gaps, receivedMicros: now() });
				await store.insertGaps({ token: 'gaps', gaps, receivedMicros: now() });
				expect(await store.gaps(ever(streamId))).toEqual(gaps.slice(0, 2));
				expect(await store.gaps({ streamId, fromMicros: T0 + 5, toMicros: T0 + 15 })).toEqual(gaps.slice(0, 1));
				expect(await store.gaps({ streamId, fromMicros: T0 + 11, toMicros: T0 + 19 })).toEqual([]);
			});
			it('of several streams are found at once', async () => {
				const [one, two] = [newStream(), newStream()];
				const gaps = [gap(one, 0, 10), gap(two, 20, 30)];
				await store.insertGaps({ token: `gaps of ${one}`, gaps, receivedMicros: now() });
				const read = (fromMicros: number) => store.gapsOf({ streamIds: [one, two], fromMicros, toMicros: T0 + 50 });
				expect([await read(T0), await read(T0 + 15)]).toEqual([gaps, gaps.slice(1)]);
			});
			it('that grew replace what was known of them', async () => {
				const streamId = newStream();
				await store.insertGaps({ token: 'g1', gaps: [gap(streamId, 0, 10, 'x')], receivedMicros: now() });
				await store.insertGaps({ token: 'g2', gaps: [gap(streamId, 0, 40, 'x')], receivedMicros: now() });
				expect(await store.gaps(ever(streamId))).toEqual([gap(streamId, 0, 40, 'x')]);
			});
		});

		describe('verdicts', () => {
			it('signals come back, rules as numbers or words, and a resend adds none', async () => {
				const signals = [signal(T0), signal(T0 + 1, 'no-data'), signal(T0 + 2, 8)];
				const insertion = { token: 'signals', signals, limits: [], episodes: [] };
				await store.insertVerdicts(insertion);
				await store.insertVerdicts(insertion);
				expect(await store.signals(ever(1))).toEqual(signals);
				expect(await store.signals({ streamId: 1, fromMicros: T0 + 1, toMicros: T0 + 1 })).toEqual(signals.slice(1, 2));
			});

			it('a violation is there once, in its newest revision', async () => {
				for (const revision of [1, 3, 2])
					await store.insertVerdicts({ token: `v${revision}`, signals: [], limits: [], episodes: [episode(revision)] });
				await test.merge('violations');
				expect(await test.count('violations')).toBe(1);
				expect(await test.count('violations WHERE revision = 3 AND context_at[1].v = 4')).toBe(1);
			});

			it('a violation and a signal are kept whole, words of their own and long contexts included', async () => {
				const at = Array.from({ length: 200 }, (_, i) => ({ tMicros: T0 + i, v: i / 7 }));
				const whole: Episode = {
					...{ id: 'V2', streamId: 7, chart: 'ewma-fast', rule: 'außer Tritt', side: 'both', firstMicros: T0 + 1 },
					...{ lastMicros: T0 + 2, endedMicros: T0 + 3, active: false, severity: 'critical', points: 200, value: 1.5 },
					...{ centre: -2.5, sigma: 3.5, limitsId: 'L2', spanFromMicros: T0 - 4, revision: 5, historical: true },
					context: { before: [], at, after: [{ tMicros: T0 + 900, v: -0.25 }], complete: true },
				};
				const ended = { ...signal(T0 + 9, 'außer Tritt'), streamId: 7, side: 'both' as const, baseline: true };
				await store.insertVerdicts({ token: 'whole', signals: [ended], limits: [], episodes: [whole] });
				expect(await store.signals(ever(7))).toEqual([ended]);
				const micros = (column: string, value: number) => `toUnixTimestamp64Micro(${column}) = ${value}`;
				const columns = [
					"id = 'V2' AND stream_id = 7 AND chart = 'ewma-fast' AND rule = 'außer Tritt' AND side = 'both'",
					...[micros('first_t', T0 + 1), micros('last_t', T0 + 2), micros('assumeNotNull(ended_t)', T0 + 3)],
					"NOT active AND severity = 'critical' AND points = 200 AND value = 1.5 AND centre = -2.5 AND sigma = 3.5",
					`limits_id = 'L2' AND ${micros('span_from', T0 - 4)} AND revision = 5 AND historical AND context_complete`,
					`empty(context_before) AND length(context_at) = 200 AND context_at[200].t = ${T0 + 199}`,
					`context_at[200].v = 199 / 7 AND length(context_after) = 1 AND context_after[1].v = -0.25`,
				];
				for (const column of columns) expect(await test.count(`violations WHERE id = 'V2' AND ${column}`)).toBe(1);
			});

			it('limits are kept with what they came from', async () => {
				const limits = {
					...{ id: 'L1', streamId: 1, chart: 'i', fromMicros: T0, centre: 1, sigma: 2, lcl: -5, ucl: 7, rules: [1, 2] },
					...{ method: 'moving-range', notes: ["provisional: it's autocorrelated"], lag1: 0.25 },
					baseline: { points: 100, excluded: 2, fromMicros: T0 - 5, toMicros: T0 },
				} as const satisfies Limits;
				await store.insertVerdicts({ token: 'limits', signals: [], limits: [limits], episodes: [] });
				expect(await test.count("limits WHERE id = 'L1' AND baseline_points = 100 AND lag1 = 0.25")).toBe(1);
			});

			it('a number that is none is refused, and not stored as 0', async () => {
				const signals = [{ ...signal(T0), v: NaN }];
				const insertion = store.insertVerdicts({ token: 'nan', signals, limits: [], episodes: [] });
				await expect(insertion).rejects.toThrow(StoreRefusedError);
			});
		});

		exportContract({ store: () => store, newStream, insert });

		describe('streams', () => {
			const stream: Stream = {
				...{ id: 50_000, site: 'hall', key: "press/it's", labels: { line: 'a', 'x"y': '\\' }, asset: 'press' },
				...{ kind: 'machine', unit: '°C' },
			};
			it('the largest id is that of a point or of a name, whichever is larger', async () => {
				await insert('id', [{ stream: 60_000, t: T0, v: 1 }]);
				expect(await store.maxStreamId()).toBe(60_000);
				await store.putStreams([stream, { ...stream, id: 70_000 }]);
				expect(await store.maxStreamId()).toBe(70_000);
			});
			it('are kept with their labels, the newest unit last', async () => {
				await store.putStreams([{ ...stream, unit: 'K' }]);
				await test.merge('streams');
				expect(await test.count("streams WHERE id = 50000 AND unit = 'K' AND labels['line'] = 'a'")).toBe(1);
			});
		});

		knowledgeContract(() => store, now);

		describe('a store that cannot be reached', () => {
			it('says so by a ping, and by an error to be tried again', async () => {
				const gone = test.unreachable();
				expect(await gone.ping()).toBe(false);
				await expect(gone.points(ever(1))).rejects.toThrow(RetriableError);
				const rows = encodeStoredRows([{ stream: 1, t: T0, v: 1 }], now());
				await expect(gone.insertPoints({ token: 'x', rows })).rejects.toThrow(RetriableError);
				await gone.close();
			});
		});
	});
}
