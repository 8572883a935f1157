import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHARTS, chartCode } from '#contracts/chart.ts';
import {
	FRAME_HEADER_BYTES,
	FRAME_KIND,
	FRAME_POINT_BYTES,
	readFrameHeader,
	readFramePoint,
	type LivePoint,
	type LiveText,
} from '#contracts/live.ts';
import { viewOf } from '#contracts/rows.ts';
import { framesOf, POINTS_PER_FRAME, type Format, type Slice } from './frames.ts';
import type { Packet } from './packet.ts';

type Frame = Extract<LiveText, { frame: unknown }>['frame'];
const BATCH = { kind: FRAME_KIND.points, tickMs: 2 ** 32 + 5, beforeSeq: 7, seq: 9 };

/** Without the head of the WebSocket frame. */
function contentOf({ bytes }: Packet): Buffer {
	const short = bytes[1]!;
	return bytes.subarray(short === 127 ? 10 : short === 126 ? 4 : 2);
}

function decode(packet: Packet, format: Format): Frame {
	const content = contentOf(packet);
	if (format === 'json') return (JSON.parse(content.toString()) as { frame: Frame }).frame;
	const view = viewOf(content);
	const { count, ...header } = readFrameHeader(view);
	const at = (i: number) => FRAME_HEADER_BYTES + i * FRAME_POINT_BYTES;
	return { ...header, points: Array.from({ length: count }, (_, i) => readFramePoint(view, at(i))) };
}
const framesIn = (slices: readonly Slice[], format: Format) =>
	[...framesOf(slices, BATCH, format)].map((packet) => decode(packet, format));

/** What an encoder that knows nothing of columns, frames and readers would say. */
function naive(slices: readonly Slice[]): LivePoint[] {
	return slices.flatMap(({ index, window: { chart, tMicros, v, signals, quality, flags } }) =>
		[...tMicros].map((t, i) => ({
			...{ index, chart: chartCode(chart), tMicros: t, v: v[i]! },
			...{ signals: signals[i]!, quality: quality[i]!, flags: flags[i]! },
		})),
	);
}

// JSON knows one zero.
const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0);
const u8 = fc.integer({ min: 0, max: 255 });
const point = fc.record({
	t: fc.maxSafeInteger(),
	v: value,
	signals: fc.integer({ min: 0, max: 65_535 }),
	q: u8,
	f: u8,
});
const slice: fc.Arbitrary<Slice> = fc
	.record({ index: fc.integer({ min: 0, max: 9999 }), chart: fc.constantFrom(...CHARTS), points: fc.array(point) })
	.map(({ index, chart, points }) => ({
		index,
		window: {
			chart,
			tMicros: Float64Array.from(points, ({ t }) => t),
			v: Float64Array.from(points, ({ v }) => v),
			signals: Uint16Array.from(points, ({ signals }) => signals),
			quality: Uint8Array.from(points, ({ q }) => q),
			flags: Uint8Array.from(points, ({ f }) => f),
			seq: new Float64Array(points.length),
			truncated: false,
		},
	}));

function long(count: number): Slice {
	const window = {
		...{ chart: 'i' as const, tMicros: Float64Array.from({ length: count }, (_, i) => i), v: new Float64Array(count) },
		...{ signals: new Uint16Array(count), quality: new Uint8Array(count), flags: new Uint8Array(count) },
		...{ seq: new Float64Array(count), truncated: false },
	};
	return { index: 0, window };
}

describe('the frames of a batch', () => {
	it('say in binary what a point by point encoder would, to the bit', () =>
		fc.assert(
			fc.property(fc.array(slice), (slices) => {
				expect(framesIn(slices, 'binary').flatMap(({ points }) => points)).toEqual(naive(slices));
			}),
		));
	it('say in JSON the same as in binary', () =>
		fc.assert(
			fc.property(fc.array(slice), (slices) => {
				expect(framesIn(slices, 'json')).toEqual(framesIn(slices, 'binary'));
			}),
		));
	it('are one without points when there is nothing', () =>
		expect(framesIn([], 'binary')).toEqual([{ kind: FRAME_KIND.points, tickMs: 5, seq: 9, points: [] }]));
	it('are cut where they would be too long, and only the last says that all is there', () => {
		const frames = framesIn([long(10), long(2 * POINTS_PER_FRAME), long(3)], 'binary');
		expect(frames.map(({ seq, points }) => [seq, points.length])).toEqual([
			[7, POINTS_PER_FRAME],
			[7, POINTS_PER_FRAME],
			[9, 13],
		]);
		expect(frames.flatMap(({ points }) => points)).toEqual(naive([long(10), long(2 * POINTS_PER_FRAME), long(3)]));
	});
	it('are one when they are just as long as one may be', () =>
		expect(framesIn([long(POINTS_PER_FRAME)], 'json')).toHaveLength(1));
});
