import fc from 'fast-check';
import { DataType, StatusCodes } from 'node-opcua';
import { describe, expect, it } from 'vitest';
import { classOf, readValue, statusText, type RawValue } from './value.ts';

const raw = (dataType: number, value: unknown, more: Partial<RawValue> = {}): RawValue => ({
	value: { dataType, arrayType: 0, value },
	statusCode: { value: 0, name: 'Good' },
	...more,
});

describe('a value', () => {
	const f = (dataType: number, value: unknown, want: number) => expect(readValue(raw(dataType, value)).v).toBe(want);
	it('is a number of any width', () => {
		for (const type of [
			DataType.SByte,
			DataType.Byte,
			DataType.Int16,
			DataType.UInt16,
			DataType.Int32,
			DataType.UInt32,
			DataType.Float,
			DataType.Double,
		])
			f(type, 7, 7);
	});
	it('is a boolean as 1 and 0', () => {
		f(DataType.Boolean, true, 1);
		f(DataType.Boolean, false, 0);
	});
	it('is 64 bits in two halves, with their sign', () => {
		f(DataType.UInt64, [1, 2], 2 ** 32 + 2);
		f(DataType.UInt64, [0xffff_ffff, 0xffff_ffff], 2 ** 64);
		f(DataType.Int64, [0xffff_ffff, 0xffff_fffe], -2);
		f(DataType.Int64, [-1, -2], -2);
	});
	it('of 64 bits is what both halves say', () =>
		fc.assert(
			fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (v) => {
				const bits = BigInt.asUintN(64, v);
				f(DataType.Int64, [Number(bits >> 32n), Number(bits & 0xffff_ffffn)], Number(v));
			}),
		));
	const refused = (dataType: number, value: unknown, reason: string, arrayType = 0) => {
		const one = readValue({ ...raw(dataType, value), value: { dataType, arrayType, value } });
		expect([one.v, one.reason]).toEqual([NaN, reason]);
	};
	it('that is no number is refused by name', () => {
		refused(DataType.String, '5', 'String is no number');
		refused(DataType.DateTime, new Date(), 'DateTime is no number');
		refused(DataType.ExtensionObject, {}, 'ExtensionObject is no number');
		refused(DataType.Double, [1, 2], 'an array of Double is no number', 1);
		refused(DataType.Double, [1, 2], 'a matrix of Double is no number', 2);
		refused(DataType.Null, null, 'no value');
	});
	it('is read whatever a server sends', () =>
		fc.assert(
			fc.property(fc.integer(), fc.nat(3), fc.anything(), (dataType, arrayType, value) => {
				const { v } = readValue({ ...raw(dataType, value), value: { dataType, arrayType, value } });
				expect(typeof v).toBe('number');
			}),
			{ numRuns: 10_000 },
		));
	it('has times to the microsecond', () => {
		const sourceTimestamp = new Date(1_700_000_000_123);
		const { sourceMicros, serverMicros } = readValue(
			raw(DataType.Double, 1, { sourceTimestamp, sourcePicoseconds: 456_700_000 }),
		);
		expect([sourceMicros, serverMicros]).toEqual([1_700_000_000_123_456, undefined]);
	});
});

describe('a StatusCode', () => {
	it('has the class of its two highest bits', () => {
		const classes = {
			Good: 192,
			GoodLocalOverride: 192,
			Uncertain: 64,
			UncertainSensorNotAccurate: 64,
			Bad: 0,
			BadSensorFailure: 0,
		} as const;
		for (const [name, quality] of Object.entries(classes))
			expect([name, classOf(StatusCodes[name as 'Good'].value)]).toEqual([name, quality]);
		expect(classOf(0xffff_ffff)).toBe(0);
	});
	it('is shown by name and number, with all of its bits', () =>
		expect(statusText({ name: 'BadSensorFailure#Overflow', value: 0x808c0480 | 0 })).toBe(
			'BadSensorFailure (0x808c0480)',
		));
	it('says when values before it are lost', () => {
		const status = (value: number) =>
			readValue({ ...raw(DataType.Double, 1), statusCode: { value, name: 'Good' } }).isAfterLoss;
		expect([status(0), status(0x480), status(0x80)]).toEqual([false, true, false]);
	});
	it('that is bad keeps its reason beside a value, and one that is good has none', () => {
		const bad = readValue({ ...raw(DataType.Double, 5), statusCode: { value: 0x808c0000, name: 'BadSensorFailure' } });
		expect([bad.v, bad.quality, bad.reason]).toEqual([5, 0, 'BadSensorFailure (0x808c0000)']);
		expect(readValue(raw(DataType.Double, 5)).reason).toBe('');
	});
});
