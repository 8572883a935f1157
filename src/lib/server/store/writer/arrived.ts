import { readInt64 } from '#contracts/int64.ts';
import { rowMicros, rowStream, viewOf } from '#contracts/rows.ts';
import { type PointName, STORED_ROW_BYTES, type Store } from '../port.ts';
import { RECEIVED_AT, type Batch } from './batch.ts';

/**
 * Leaves out of a batch what is stored already: rollups count every row of every insert, so a point that comes again,
 * behind newer ones of its stream, must not be inserted again. Only rows that go back in time can be such, and only those
 * that go back behind the batch can be in the store: two senders of the same streams that overtake one another cost it no
 * question.
 *
 * A row that is stored with this very time of arrival is of this very insert, made before a crash: it stays, so that the
 * repetition is the same to the byte.
 */
export async function withoutArrived(batch: Batch, find: Store['arrivals']): Promise<Batch> {
	if (batch.back.length === 0) return batch;
	const view = viewOf(batch.rows);
	const places = firstPlaces(view, batch.back);
	const stored = await storedOf(view, batch, find);
	const again = new Set(
		batch.back.filter((at) => {
			const [stream, t] = [rowStream(view, at), rowMicros(view, at)];
			if ((places.get(stream)?.get(t) ?? at) < at) return true;
			const receivedMicros = readInt64(view, at + RECEIVED_AT);
			return stored
				.get(stream)
				?.get(t)
				?.some((micros) => micros !== receivedMicros);
		}),
	);
	if (again.size === 0) return batch;
	return { ...batch, rows: without(batch.rows, again), back: [], duplicates: batch.duplicates + again.size };
}

/** By stream and t; numbers as keys, because there may be hundreds of thousands. */
type ByPoint<T> = Map<number, Map<number, T>>;

function timesOf<T>(points: ByPoint<T>, stream: number): Map<number, T> {
	let times = points.get(stream);
	if (!times) points.set(stream, (times = new Map()));
	return times;
}

/** When the store has had these rows before; of rows newer than all that it has of their stream it is not asked. */
async function storedOf(view: DataView, { back, before }: Batch, find: Store['arrivals']): Promise<ByPoint<number[]>> {
	const names = back
		.map((at): PointName => ({ streamId: rowStream(view, at), tMicros: rowMicros(view, at) }))
		.filter(({ streamId, tMicros }) => tMicros <= (before.get(streamId) ?? -Infinity));
	const stored: ByPoint<number[]> = new Map();
	if (names.length === 0) return stored;
	for (const { streamId, tMicros, receivedMicros } of await find(names)) {
		const times = timesOf(stored, streamId);
		times.set(tMicros, [...(times.get(tMicros) ?? []), receivedMicros]);
	}
	return stored;
}

/** Where each of these points stands first in the batch. */
function firstPlaces(view: DataView, back: readonly number[]): ByPoint<number> {
	const places: ByPoint<number> = new Map();
	for (const at of back) timesOf(places, rowStream(view, at)).set(rowMicros(view, at), Infinity);
	for (let at = 0; at < view.byteLength; at += STORED_ROW_BYTES) {
		const times = places.get(rowStream(view, at));
		if (!times) continue;
		const t = rowMicros(view, at);
		if (times.get(t) === Infinity) times.set(t, at);
	}
	return places;
}

function without(rows: Uint8Array, places: ReadonlySet<number>): Uint8Array {
	const kept = Buffer.allocUnsafe(rows.length - places.size * STORED_ROW_BYTES);
	let to = 0;
	for (let at = 0; at < rows.length; at += STORED_ROW_BYTES) {
		if (places.has(at)) continue;
		kept.set(rows.subarray(at, at + STORED_ROW_BYTES), to);
		to += STORED_ROW_BYTES;
	}
	return kept;
}
