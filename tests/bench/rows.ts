import { createNormal } from '#rules/testing/random.ts';
import { STORED_ROW_BYTES } from '#server/store/port.ts';

/** Many points of one stream, `everyMicros` apart, the newest just before `toMicros`. */
export interface Stretch {
	readonly streamId: number;
	readonly points: number;
	readonly everyMicros: number;
}

const ROWS_PER_INSERT = 500_000;
const GOOD = 192;

/** Rows for the store in inserts of half a million; values with three decimals, as sensors give them. */
export function* storedRows(stretches: Iterable<Stretch>, toMicros: number): Generator<Buffer> {
	const normal = createNormal(1);
	let rows = Buffer.alloc(ROWS_PER_INSERT * STORED_ROW_BYTES);
	let at = 0;
	for (const { streamId, points, everyMicros } of stretches)
		for (let i = 0; i < points; i++) {
			rows.writeUInt32LE(streamId, at);
			rows.writeBigInt64LE(BigInt(toMicros - (points - i) * everyMicros), at + 4);
			rows.writeDoubleLE(Math.round((20 + normal()) * 1000) / 1000, at + 12);
			rows[at + 20] = GOOD;
			rows.writeBigInt64LE(BigInt(toMicros), at + 21);
			at += STORED_ROW_BYTES;
			if (at < rows.length) continue;
			yield rows;
			rows = Buffer.alloc(ROWS_PER_INSERT * STORED_ROW_BYTES);
			at = 0;
		}
	if (at > 0) yield rows.subarray(0, at);
}
