import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	encodeFrame,
	FRAME_HEADER_BYTES,
	FRAME_KIND,
	FRAME_POINT_BYTES,
	readFrameHeader,
	readFramePoint,
	type LivePoint,
} from './live.ts';
import { liveHello } from './live-hello.ts';
import { viewOf } from './rows.ts';

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const POINT: LivePoint = { index: 0x0102, signals: 0x0304, quality: 192, flags: 5, chart: 0x0607, tMicros: 1, v: -2 };
const HEADER = { kind: FRAME_KIND.points, tickMs: 0x0a0b0c0d, seq: 0x0001_0203_0405_0607 };

describe('a frame', () => {
	const two = encodeFrame(HEADER, [POINT, { ...POINT, index: 9 }]);
	it('begins with u8 version, u8 kind, u16 count, u32 tickMs, u64 seq', () =>
		expect(hexOf(two.subarray(0, 16))).toBe('01' + '01' + '0200' + '0d0c0b0a' + '0706050403020100'));
	it('has points of u16 index, u16 signals, u8 quality, u8 flags, u16 chart, f64 tMicros, f64 v', () =>
		expect(hexOf(two.subarray(16, 40))).toBe(
			'0201' + '0403' + 'c0' + '05' + '0706' + '000000000000f03f' + '00000000000000c0',
		));
	it('has one point after the other', () => expect(viewOf(two).getUint16(40, true)).toBe(9));
	it('is 16 bytes and 24 for each point', () =>
		expect([two.length, FRAME_HEADER_BYTES, FRAME_POINT_BYTES]).toEqual([64, 16, 24]));
	it('of the snapshot is of kind 2', () =>
		expect(encodeFrame({ ...HEADER, kind: FRAME_KIND.snapshot }, [])[1]).toBe(2));
	it('of 2^32 and more keeps its position', () =>
		expect(readFrameHeader(viewOf(encodeFrame({ ...HEADER, seq: 2 ** 32 + 1 }, []))).seq).toBe(4_294_967_297));
	it('has the clock modulo 2^32 ms', () =>
		expect(readFrameHeader(viewOf(encodeFrame({ ...HEADER, tickMs: 1_767_225_600_000 }, []))).tickMs).toBe(
			1_767_225_600_000 % 2 ** 32,
		));
	it('without points is a header', () => expect(encodeFrame(HEADER, []).length).toBe(16));
	it('has 65,535 points at most', () =>
		expect(readFrameHeader(viewOf(encodeFrame(HEADER, Array<LivePoint>(65_535).fill(POINT)))).count).toBe(65_535));
	it('never has more', () =>
		expect(() => encodeFrame(HEADER, Array<LivePoint>(65_536).fill(POINT))).toThrow(/65536 points; 65535 fit/));

	const u8 = fc.integer({ min: 0, max: 255 });
	const u16 = fc.integer({ min: 0, max: 65_535 });
	const anyPoint: fc.Arbitrary<LivePoint> = fc.record({
		...{ index: u16, signals: u16, quality: u8, flags: u8, chart: u16 },
		...{ tMicros: fc.maxSafeInteger(), v: fc.double() },
	});
	const anyHeader = fc.record({
		...{ kind: u8, tickMs: fc.integer({ min: 0, max: 2 ** 32 - 1 }), seq: fc.maxSafeNat() },
	});
	it('is read back as it was', () =>
		fc.assert(
			fc.property(anyHeader, fc.array(anyPoint), (header, points) => {
				const view = viewOf(encodeFrame(header, points));
				expect(readFrameHeader(view)).toEqual({ ...header, count: points.length });
				const at = (i: number) => FRAME_HEADER_BYTES + i * FRAME_POINT_BYTES;
				expect(points.map((_, i) => readFramePoint(view, at(i)))).toEqual(points);
			}),
		));

	const f = (bytes: Uint8Array, message: RegExp) => {
		expect(() => readFrameHeader(viewOf(bytes))).toThrow(RangeError);
		expect(() => readFrameHeader(viewOf(bytes))).toThrow(message);
	};
	it('of no bytes is none', () => f(new Uint8Array(), /^cannot read live frame: 0 bytes are no header$/));
	it('of half a header is none', () => f(two.subarray(0, 15), /15 bytes are no header/));
	it('that ends early is none', () => f(two.subarray(0, -1), /63 bytes for 2 points/));
	it('that goes on is none', () => f(new Uint8Array([...two, 0]), /65 bytes for 2 points/));
	it('of another version is none', () => f(two.with(0, 2), /version 2/));
});

describe('a hello', () => {
	it('takes defaults for all but its streams', () =>
		expect(liveHello.parse({ hello: { streams: ['1'] } })).toEqual({
			hello: { streams: ['1'], rateHz: 10, window: 2000, format: 'binary' },
		}));
	it('resumes from an epoch and a position', () =>
		expect(liveHello.parse({ hello: { streams: [], resume: { epoch: 'e', seq: 2 ** 40 } } }).hello.resume).toEqual({
			epoch: 'e',
			seq: 2 ** 40,
		}));

	const f = (hello: object, path: string) => {
		const { error } = liveHello.safeParse({ hello: { streams: [], ...hello } });
		expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
	};
	it('has ids as strings', () => f({ streams: [1] }, 'hello.streams.0'));
	it('has ten thousand streams at most', () => f({ streams: Array(10_001).fill('1') }, 'hello.streams'));
	it('has a rate above nothing', () => f({ rateHz: 0 }, 'hello.rateHz'));
	it('has a rate of 60 a second at most', () => f({ rateHz: 61 }, 'hello.rateHz'));
	it('has a window that an engine has', () => f({ window: 2001 }, 'hello.window'));
	it('has one of two formats', () => f({ format: 'xml' }, 'hello.format'));
	it('resumes from no half position', () => f({ resume: { epoch: 'e', seq: 0.5 } }, 'hello.resume.seq'));
	it('has no other field', () => f({ token: 'secret' }, 'hello'));
});
