import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	bitsOf,
	BYTE_ORDERS,
	decodeNumber,
	NUMBER_TYPES,
	wordsOf,
	type ByteOrder,
	type NumberType,
} from './number-type.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('a value of registers', () => {
	const f = (hex: string, type: NumberType, order: ByteOrder, want: number) =>
		expect(decodeNumber(bytesOf(hex), type, order)).toBe(want);
	// 21.5 is 41ac0000; what a device of each order has in its two registers.
	it('is a float in order ABCD', () => f('41ac 0000', 'float32', 'ABCD', 21.5));
	it('is a float in order CDAB', () => f('0000 41ac', 'float32', 'CDAB', 21.5));
	it('is a float in order BADC', () => f('ac41 0000', 'float32', 'BADC', 21.5));
	it('is a float in order DCBA', () => f('0000 ac41', 'float32', 'DCBA', 21.5));
	it('is a whole number of one register with sign', () => f('ff9c', 'int16', 'ABCD', -100));
	it('has no sign when it is said so', () => f('ff9c', 'uint16', 'CDAB', 65_436));
	it('has its two bytes swapped in little endian', () => f('9cff', 'int16', 'DCBA', -100));
	it('is one of two registers', () => f('ffff fffe', 'int32', 'ABCD', -2));
	it('is one of two registers, the low one first', () => f('1170 0001', 'uint32', 'CDAB', 70_000));
	it('is one of four registers', () => f('ffff ffff ffff ff85', 'int64', 'ABCD', -123));
	it('is one of four registers, the lowest first', () => f('ff85 ffff ffff ffff', 'int64', 'CDAB', -123));
	it('is a double, the lowest register first', () => f('0000 0000 8000 4035', 'float64', 'CDAB', 21.5));
	it('is half a float', () => f('4d60', 'float16', 'ABCD', 21.5));
	it('is decimal digits', () => f('1234', 'bcd16', 'ABCD', 1234));
	it('is more decimal digits, the low ones first', () => f('5678 0012', 'bcd32', 'CDAB', 125_678));
	it('is none when a digit is beyond nine', () => f('12a4', 'bcd16', 'ABCD', NaN));
	it('is none when it says so', () => f('7fc0 0000', 'float32', 'ABCD', NaN));
	it('is a bit', () => f('0001', 'bool', 'ABCD', 1));
	it('has fields of bits', () => {
		expect(bitsOf(0b1011_0000, { first: 4, count: 1 })).toBe(1);
		expect(bitsOf(0b1011_0000, { first: 6, count: 1 })).toBe(0);
		expect(bitsOf(0b1011_0000, { first: 4, count: 4 })).toBe(11);
		expect(bitsOf(0xffff_ffff, { first: 24, count: 8 })).toBe(255);
	});

	const encode = (type: NumberType, v: number): Uint8Array => {
		const view = new DataView(new ArrayBuffer(wordsOf(type) * 2));
		if (type === 'float32') view.setFloat32(0, v);
		else if (type === 'float64') view.setFloat64(0, v);
		else if (type === 'int32') view.setInt32(0, v);
		else view.setUint32(0, v);
		return new Uint8Array(view.buffer);
	};
	/** What a device of this order sends. */
	const swap = (bytes: Uint8Array, order: ByteOrder) => {
		const words = Array.from({ length: bytes.length / 2 }, (_, i) => [...bytes.slice(i * 2, i * 2 + 2)]);
		if (order === 'CDAB' || order === 'DCBA') words.reverse();
		if (order === 'BADC' || order === 'DCBA') words.forEach((word) => word.reverse());
		return Uint8Array.from(words.flat());
	};
	const numbers = {
		float32: fc.float(),
		float64: fc.double(),
		int32: fc.integer(),
		uint32: fc.nat(0xffff_ffff),
	} as const;
	it.each(BYTE_ORDERS)('comes back from what a device of order %s sends', (order) => {
		for (const [type, values] of Object.entries(numbers) as [keyof typeof numbers, fc.Arbitrary<number>][])
			fc.assert(fc.property(values, (v) => Object.is(decodeNumber(swap(encode(type, v), order), type, order), v)));
	});
	it('is read from any bytes without an error', () =>
		fc.assert(
			fc.property(
				fc.constantFrom(...NUMBER_TYPES),
				fc.constantFrom(...BYTE_ORDERS),
				fc.uint8Array({ minLength: 8, maxLength: 8 }),
				(type, order, bytes) => typeof decodeNumber(bytes.subarray(0, wordsOf(type) * 2), type, order) === 'number',
			),
			{ numRuns: 10_000 },
		));
});
