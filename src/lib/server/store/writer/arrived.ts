import { readInt64 } from '#contracts/int64.ts';
import { rowMicros, rowStream, viewOf } from '#contracts/rows.ts';
import { type Arrival, type PointName, STORED_ROW_BYTES, type Store } from '../port.ts';
import { RECEIVED_AT, type Batch } from './batch.ts';

/**
 * Leaves out of a batch what is stored already: rollups count every row of every insert, so a point that comes again,
 * behind newer ones of its stream, must not be inserted again. Only rows that go back in time can be such; the others
 * are newer than all that is stored.
 *
 * A row that is stored with this very time of arrival is of this very insert, made before a crash: it stays, so that the
 * repetition is the same to the byte.
 */
export async function withoutArrived(batch: Batch, find: Store['arrivals']): Promise<Batch> {
	if (batch.back.length === 0) return batch;
	const view = viewOf(batch.rows);
	const names = batch.back.map((at): PointName => ({ streamId: rowStream(view, at), tMicros: rowMicros(view, at) }));
	const stored = byName(await find(names));
	const firsts = firstPlaces(view, new Set(names.map(nameOf)));
	const again = new Set(
		batch.back.filter((at, i) => {
			const name = nameOf(names[i]!);
			const receivedMicros = readInt64(view, at + RECEIVED_AT);
			return firsts.get(name)! < at || (stored.get(name) ?? []).some((micros) => micros !== receivedMicros);
		}),
	);
	if (again.size === 0) return batch;
	return { ...batch, rows: without(batch.rows, again), back: [], duplicates: batch.duplicates + again.size };
}

function nameOf({ streamId, tMicros }: PointName): string {
	return `${streamId} ${tMicros}`;
}

function byName(arrivals: readonly Arrival[]): ReadonlyMap<string, number[]> {
	const found = new Map<string, number[]>();
	for (const arrival of arrivals) {
		const name = nameOf(arrival);
		found.set(name, [...(found.get(name) ?? []), arrival.receivedMicros]);
	}
	return found;
}

/** Where each of these points stands first in the batch. */
function firstPlaces(view: DataView, names: ReadonlySet<string>): ReadonlyMap<string, number> {
	const places = new Map<string, number>();
	for (let at = 0; at < view.byteLength; at += STORED_ROW_BYTES) {
		const name = nameOf({ streamId: rowStream(view, at), tMicros: rowMicros(view, at) });
		if (names.has(name) && !places.has(name)) places.set(name, at);
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
