import { readInt64 } from '#contracts/int64.ts';
import type { PointColumns } from '#contracts/point.ts';
import { viewOf } from '#contracts/rows.ts';

/** RowBinary of (Int64 t, Float64 v, UInt8 quality, UInt8 flags), which is how points are read from the store. */
const POINT_BYTES = 18;

/** @throws RangeError when the bytes are not whole rows: the answer was cut */
export function decodePoints(bytes: Buffer): PointColumns {
	const count = rowCount(bytes, POINT_BYTES);
	const view = viewOf(bytes);
	const columns = {
		tMicros: new Float64Array(count),
		v: new Float64Array(count),
		quality: new Uint8Array(count),
		flags: new Uint8Array(count),
	};
	for (let i = 0; i < count; i += 1) {
		const at = i * POINT_BYTES;
		columns.tMicros[i] = readInt64(view, at);
		columns.v[i] = view.getFloat64(at + 8, true);
		columns.quality[i] = view.getUint8(at + 16);
		columns.flags[i] = view.getUint8(at + 17);
	}
	return columns;
}

export function rowCount(bytes: Buffer, rowBytes: number): number {
	if (bytes.length % rowBytes !== 0)
		throw new RangeError(`cannot read rows of ${rowBytes} bytes: got ${bytes.length} bytes`);
	return bytes.length / rowBytes;
}
