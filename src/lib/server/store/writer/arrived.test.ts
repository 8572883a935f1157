import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInt64 } from '#contracts/int64.ts';
import { encodeRowsRecord, rowMicros, rowStream, viewOf } from '#contracts/rows.ts';
import type { JournalRecord } from '#server/journal/port.ts';
import { STORED_ROW_BYTES, type Arrival, type PointName } from '../port.ts';
import { withoutArrived } from './arrived.ts';
import { RECEIVED_AT, buildBatch, type NewestTimes } from './batch.ts';

type Point = readonly [stream: number, t: number];

const points = (seq: number, rows: readonly Point[]): JournalRecord => ({
	seq,
	topic: 'points',
	partition: 0,
	bytes: encodeRowsRecord(
		rows.map(([stream, tMicros]) => ({ stream, tMicros, v: 1, quality: 192 })),
		{ receivedMicros: 1000 + seq, historical: false },
	),
});

/** A store that keeps whatever it is given, and what it was asked for. */
function createShelf() {
	const rows: Arrival[] = [];
	const asked: PointName[] = [];
	return {
		rows,
		asked,
		find(names: readonly PointName[]) {
			asked.push(...names);
			const wanted = new Set(names.map(({ streamId, tMicros }) => `${streamId} ${tMicros}`));
			return Promise.resolve(rows.filter((row) => wanted.has(`${row.streamId} ${row.tMicros}`)));
		},
		keep(bytes: Uint8Array) {
			const view = viewOf(bytes);
			for (let at = 0; at < bytes.length; at += STORED_ROW_BYTES)
				rows.push({
					streamId: rowStream(view, at),
					tMicros: rowMicros(view, at),
					receivedMicros: readInt64(view, at + RECEIVED_AT),
				});
		},
	};
}

async function storeAll(batches: readonly (readonly Point[])[]) {
	const shelf = createShelf();
	const newest: NewestTimes = new Map();
	let duplicates = 0;
	for (const [i, rows] of batches.entries()) {
		const batch = await withoutArrived(buildBatch([points(i + 1, rows)], newest), shelf.find);
		shelf.keep(batch.rows);
		duplicates += batch.duplicates;
	}
	return { ...shelf, duplicates };
}

const sorted = (all: readonly Point[]) => [...new Set(all.map(([stream, t]) => `${stream} ${t}`))].sort();

describe('what is stored already is left out of a batch', () => {
	const point = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 12 }));
	const batches = fc.array(fc.array(point, { maxLength: 12 }), { maxLength: 6 });

	it('each point is stored once, and counted as a duplicate each other time', async () => {
		await fc.assert(
			fc.asyncProperty(batches, async (given) => {
				const { rows, duplicates } = await storeAll(given);
				const names = rows.map(({ streamId, tMicros }) => `${streamId} ${tMicros}`);
				expect(names.sort()).toEqual(sorted(given.flat()));
				expect(rows.length + duplicates).toBe(given.flat().length);
			}),
		);
	});

	const asked = async (...given: (readonly Point[])[]) =>
		(await storeAll(given)).asked.map(({ streamId, tMicros }) => [streamId, tMicros]);
	it('the store is not asked of points in order', async () => expect(await asked([[1, 1]], [[1, 2]])).toEqual([]));
	it('nor of points that overtook one another since', async () =>
		expect(await asked([[1, 1]], [[1, 4], [1, 2], [1, 3]])).toEqual([])); // prettier-ignore
	it('but of those that go back behind what it has', async () =>
		expect(await asked([[1, 5]], [[1, 6], [1, 4], [2, 3]])).toEqual([[1, 4]])); // prettier-ignore

	it('an insert that is repeated after a crash is the same to the byte', async () => {
		const shelf = createShelf();
		const make = () =>
			withoutArrived(
				buildBatch([points(1, [[1, 5], [1, 3], [1, 4], [1, 3]])], new Map([[1, 4]])), // prettier-ignore
				shelf.find,
			);
		const once = await make();
		shelf.keep(once.rows);
		expect(Buffer.from((await make()).rows)).toEqual(Buffer.from(once.rows));
	});
});
