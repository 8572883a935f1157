import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RetriableError } from '#contracts/error.ts';
import { FLAG } from '#contracts/point.ts';
import type { Stream } from '#contracts/stream.ts';
import { callsContract } from './contract-calls.ts';
import { exportContract } from './contract-export.ts';
import { knowledgeContract } from './contract-knowledge.ts';
import { ever, SECOND, T0, type StoredPoint, type StoreSubject } from './contract-subject.ts';
import { verdictsContract } from './contract-verdicts.ts';
import { viewsContract } from './contract-views.ts';
import { StoreRefusedError } from './errors.ts';
import { STORED_ROW_BYTES, type Store } from './port.ts';

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

		const subject: StoreSubject = {
			store: () => store,
			newStream,
			insert,
			count: (table) => test.count(table),
			merge: (table) => test.merge(table),
			now,
		};

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

		viewsContract(subject);
		verdictsContract(subject);
		callsContract(subject);
		exportContract(subject);

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
