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
	const stored = await storedOf(view, batch, find);
	const firstOf = firstPlaces(view, batch.back);
	const again = new Set<number>();
	for (const at of batch.back) if (firstOf(at) < at || isStored(view, at, stored)) again.add(at);
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
	const names: PointName[] = [];
	for (const at of back) {
		const [streamId, tMicros] = [rowStream(view, at), rowMicros(view, at)];
		if (tMicros <= (before.get(streamId) ?? -Infinity)) names.push({ streamId, tMicros });
	}
	const stored: ByPoint<number[]> = new Map();
	if (names.length === 0) return stored;
	for (const { streamId, tMicros, receivedMicros } of await find(names)) {
		const times = timesOf(stored, streamId);
		times.set(tMicros, [...(times.get(tMicros) ?? []), receivedMicros]);
	}
	return stored;
}

function isStored(view: DataView, at: number, stored: ByPoint<number[]>): boolean {
	if (stored.size === 0) return false;
	const receivedMicros = readInt64(view, at + RECEIVED_AT);
	const arrivals = stored.get(rowStream(view, at))?.get(rowMicros(view, at));
	return arrivals?.some((micros) => micros !== receivedMicros) ?? false;
}

/**
 * Where the points of these rows stand first in the batch: an open-addressing table of places, at most half full, since
 * there may be hundreds of thousands.
 */
function firstPlaces(view: DataView, back: readonly number[]): (at: number) => number {
	const mask = 2 ** Math.ceil(Math.log2(back.length + 1) + 1) - 1;
	const places = new Int32Array(mask + 1).fill(-1);
	const slotOf = (at: number) => {
		let slot = mixed(view, at) & mask;
		while (places[slot]! >= 0 && !isSamePoint(view, places[slot]!, at)) slot = (slot + 1) & mask;
		return slot;
	};
	for (const at of back) {
		const slot = slotOf(at);
		if (places[slot]! < 0) places[slot] = at;
	}
	for (let at = 0; at < view.byteLength; at += STORED_ROW_BYTES) {
		const slot = slotOf(at);
		if (places[slot]! > at) places[slot] = at;
	}
	return (at) => places[slotOf(at)]!;
}

/** The words of stream and t; multiplied, so that times that are steps apart do not share a place (Knuth, TAOCP 3, 6.4). */
function mixed(view: DataView, at: number): number {
	const hash = Math.imul(view.getInt32(at, true), 0x9e37_79b1) ^ Math.imul(view.getInt32(at + 4, true), 0x85eb_ca6b);
	const all = Math.imul(hash ^ view.getInt32(at + 8, true), 0xc2b2_ae35);
	return (all ^ (all >>> 15)) >>> 0;
}

function isSamePoint(view: DataView, a: number, b: number): boolean {
	return (
		view.getInt32(a + 4, true) === view.getInt32(b + 4, true) &&
		view.getInt32(a, true) === view.getInt32(b, true) &&
		view.getInt32(a + 8, true) === view.getInt32(b + 8, true)
	);
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
