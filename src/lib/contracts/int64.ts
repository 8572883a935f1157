const TWO_32 = 4_294_967_296;

/**
 * Signed 64 bits, little endian, as a double: exact below 2^53, so for every time until 2255.
 *
 * In two halves: `getBigInt64` makes an object for each value, and points come by the million.
 */
export function readInt64(view: DataView, at: number): number {
	return view.getInt32(at + 4, true) * TWO_32 + view.getUint32(at, true);
}

/** @param value a whole number below 2^53 */
export function writeInt64(view: DataView, at: number, value: number): void {
	view.setUint32(at, (value % TWO_32) >>> 0, true);
	view.setInt32(at + 4, Math.floor(value / TWO_32), true);
}
