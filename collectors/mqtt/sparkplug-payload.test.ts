import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePayload, encodeRebirth, numberOf } from './sparkplug-payload.ts';
import { encodeTestPayload, TYPE } from './testing/sparkplug.ts';

function decoded(bytes: Uint8Array) {
	const payload = decodePayload(bytes);
	if (typeof payload === 'string') throw new Error(payload);
	return payload;
}

describe('a Sparkplug payload', () => {
	it('has a time, a number and metrics', () => {
		const metrics = [{ name: 'a', alias: 7, tMs: 5, datatype: TYPE.double, double: 1.5, isHistorical: true }];
		expect(decoded(encodeTestPayload({ tMs: 1_700_000_000_000, seq: 255, metrics }))).toEqual({
			tMs: 1_700_000_000_000,
			seq: 255,
			metrics: [expect.objectContaining({ name: 'a', alias: 7, tMs: 5, datatype: 10, raw: 1.5, isHistorical: true })],
		});
	});
	it('has the quality and the unit among its properties', () =>
		expect(
			decoded(encodeTestPayload({ metrics: [{ properties: { x: 1, engUnit: '°C', Quality: 500 } }] })).metrics[0],
		).toMatchObject({ quality: 500, unit: '°C' }));
	it('that is a text has no number', () =>
		expect(decoded(encodeTestPayload({ metrics: [{ string: '5' }] })).metrics[0]?.raw).toBeUndefined());
	it('is read as the bytes of the specification’s protobuf', () =>
		// timestamp 1, a metric {name "t", datatype 9, float 2.5}, seq 3
		expect(decoded(Buffer.from('0801120a0a0174200965000020401803', 'hex'))).toMatchObject({
			tMs: 1,
			seq: 3,
			metrics: [{ name: 't', datatype: 9, raw: 2.5 }],
		}));
	it('asks for a rebirth', () =>
		expect(decoded(encodeRebirth(9))).toMatchObject({
			tMs: 9,
			metrics: [{ name: 'Node Control/Rebirth', datatype: TYPE.bool, raw: 1 }],
		}));
	it('that is broken is said to be none', () => {
		expect(decodePayload(Buffer.from('120a0a01', 'hex'))).toMatch(/^no Sparkplug payload: /);
		expect(decodePayload(Buffer.alloc(5_000_000))).toMatch(/bytes; 4194304 are allowed/);
	});
	it('of any bytes is a payload or a reason', () => {
		const bytes = fc.oneof(
			fc.uint8Array({ maxLength: 200 }),
			fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(200), fc.nat(255)).map(([more, at, byte]) => {
				const metrics = [{ name: 'a', alias: 1, datatype: 9, float: 1, properties: { Quality: 192 } }, { alias: 2 }];
				const whole = Buffer.concat([encodeTestPayload({ tMs: 5, seq: 1, metrics }), more]);
				whole[at % whole.length] = byte;
				return whole;
			}),
		);
		const check = (input: Uint8Array) => ['object', 'string'].includes(typeof decodePayload(input));
		fc.assert(fc.property(bytes, check), { numRuns: 10_000 });
	});
});

describe('a number', () => {
	const f = (raw: number | bigint, datatype: number, want: number) => expect(numberOf(raw, datatype)).toBe(want);
	it('is signed by its type, whichever field it came in', () => {
		f(0xffff_ffff, TYPE.int32, -1);
		f(0xff, TYPE.int8, -1);
		f(0xffff_ff80, TYPE.int8, -128);
		f(0x8000, TYPE.int16, -32768);
		f(0xffff_ffff_ffff_ffffn, TYPE.int64, -1);
		f(0xffff_ffffn, TYPE.int32, -1);
	});
	it('without a sign stays what it is', () => {
		f(0xffff_ffff, 7, 4_294_967_295);
		f(0xffff_ffff_ffff_ffffn, TYPE.uint64, 2 ** 64);
		f(2.5, TYPE.double, 2.5);
	});
});
