/** How a value lies in registers of 16 bits. */
export const NUMBER_TYPES = [
	'bool',
	'int16',
	'uint16',
	'int32',
	'uint32',
	'int64',
	'uint64',
	'float16',
	'float32',
	'float64',
	'bcd16',
	'bcd32',
] as const;
export type NumberType = (typeof NUMBER_TYPES)[number];

/**
 * In which order the bytes of a value come, A the highest: Modbus itself says so for one register only, so makers
 * differ. `ABCD` and `DCBA` are big and little endian; `CDAB` has the words, `BADC` the bytes of each word swapped.
 */
export const BYTE_ORDERS = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
export type ByteOrder = (typeof BYTE_ORDERS)[number];

const WORDS: Readonly<Record<NumberType, number>> = {
	bool: 1,
	int16: 1,
	uint16: 1,
	int32: 2,
	uint32: 2,
	int64: 4,
	uint64: 4,
	float16: 1,
	float32: 2,
	float64: 4,
	bcd16: 1,
	bcd32: 2,
};

/** @returns how many registers a value takes */
export function wordsOf(type: NumberType): number {
	return WORDS[type];
}

/**
 * @param bytes of the registers as they came: two for each, the high one first
 * @returns the number; NaN where the bits are none (a float's NaN, a digit beyond nine). Of 64-bit integers beyond 2^53 the last digits are lost.
 */
export function decodeNumber(bytes: Uint8Array, type: NumberType, order: ByteOrder): number {
	const view = new DataView(inOrder(bytes, order).buffer);
	switch (type) {
		case 'bool':
			return view.getUint16(0) === 0 ? 0 : 1;
		case 'int16':
			return view.getInt16(0);
		case 'uint16':
			return view.getUint16(0);
		case 'int32':
			return view.getInt32(0);
		case 'uint32':
			return view.getUint32(0);
		case 'int64':
			return Number(view.getBigInt64(0));
		case 'uint64':
			return Number(view.getBigUint64(0));
		case 'float16':
			return view.getFloat16(0);
		case 'float32':
			return view.getFloat32(0);
		case 'float64':
			return view.getFloat64(0);
		case 'bcd16':
			return decodeBcd(view.getUint16(0).toString(16));
		case 'bcd32':
			return decodeBcd(view.getUint32(0).toString(16));
	}
}

/** @returns the bits from `first` (0 the lowest) on, as a number without sign */
export function bitsOf(raw: number, { first, count }: { readonly first: number; readonly count: number }): number {
	return Number((BigInt(raw) >> BigInt(first)) & ((1n << BigInt(count)) - 1n));
}

/** @returns a copy with the highest byte first */
function inOrder(bytes: Uint8Array, order: ByteOrder): Uint8Array<ArrayBuffer> {
	const ordered = new Uint8Array(bytes.length);
	const last = bytes.length - 1;
	for (let i = 0; i <= last; i++) ordered[i] = bytes[placeOf(i, last, order)] ?? 0;
	return ordered;
}

function placeOf(i: number, last: number, order: ByteOrder): number {
	switch (order) {
		case 'ABCD':
			return i;
		case 'DCBA':
			return last - i;
		case 'BADC':
			return i ^ 1;
		case 'CDAB':
			return (last - i) ^ 1;
	}
}

function decodeBcd(hex: string): number {
	return /^\d+$/.test(hex) ? Number(hex) : NaN;
}
