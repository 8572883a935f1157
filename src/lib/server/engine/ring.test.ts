import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	appendPoint,
	clearRing,
	createRing,
	microsBack,
	plotAt,
	plottedBefore,
	tailOf,
	takeBack,
	windowOf,
} from './ring.ts';

const CAP = 100;
/** Points 0 to count-1, two to a record; the second chart has no value at every third. */
function ringOf(count: number, cap = CAP) {
	const ring = createRing(2, cap);
	for (let i = 0; i < count; i++) addPoint(ring, i);
	return ring;
}
function addPoint(ring: ReturnType<typeof createRing>, i: number): void {
	const at = appendPoint(ring, i * 10, Math.floor(i / 2) + 1, 192, i % 2 ? 2 : 0);
	plotAt(ring, at, 0, i, i % 5 === 0 ? 0x8f : 0);
	plotAt(ring, at, 1, i % 3 === 0 ? NaN : -i, i % 5 === 0 ? 0x01 : 0);
}

describe('a window of plotted points', () => {
	const f = (count: number, sinceSeq: number, want: number[]) =>
		expect([...windowOf(ringOf(count), 0, 'i', sinceSeq).v]).toEqual(want);
	it('is empty at first', () => f(0, 0, []));
	it('has the points oldest first', () => f(3, 0, [0, 1, 2]));
	it('has only those of later records when asked so', () => f(6, 2, [4, 5]));
	it('leaves out points that a chart has no value at', () =>
		expect([...windowOf(ringOf(6), 1, 'mr', 0).v]).toEqual([-1, -2, -4, -5]));
	it('has the newest when it is to have no more, and says so', () => {
		const newest = (chart: number, count: number) => windowOf(ringOf(6), chart, 'i', 0, count);
		expect([...newest(0, 2).v]).toEqual([4, 5]);
		expect([...newest(1, 3).v]).toEqual([-2, -4, -5]);
		expect([2, 6, 7].map((count) => newest(0, count).truncated)).toEqual([true, false, false]);
	});
	it('has signals, quality, flags and seq of each point', () => {
		const window = windowOf(ringOf(6), 0, 'i', 0);
		expect([...window.signals]).toEqual([0x8f, 0, 0, 0, 0, 0x8f]);
		expect([...windowOf(ringOf(6), 1, 'mr', 0).signals]).toEqual([0, 0, 0, 1]);
		expect([...window.quality]).toEqual([192, 192, 192, 192, 192, 192]);
		expect([...window.flags]).toEqual([0, 2, 0, 2, 0, 2]);
		expect([...window.seq]).toEqual([1, 1, 2, 2, 3, 3]);
	});
	it('is what was plotted last, whatever came before', () =>
		fc.assert(
			fc.property(fc.nat(400), fc.nat(250), (count, sinceSeq) => {
				const { v, truncated } = windowOf(ringOf(count), 0, 'i', sinceSeq);
				const all = Array.from({ length: count }, (_, i) => i);
				const wanted = all.filter((i) => Math.floor(i / 2) + 1 > sinceSeq);
				expect([...v]).toEqual(wanted.slice(-CAP));
				// A record of which one point was dropped is not complete either.
				if (wanted.length > CAP) expect(truncated).toBe(true);
				if (count <= CAP) expect(truncated).toBe(false);
			}),
		));
	it('of a tail goes on as the whole would', () =>
		fc.assert(
			fc.property(fc.nat(300), fc.integer({ min: 1, max: 60 }), fc.nat(300), (count, kept, more) => {
				const ring = ringOf(count);
				const tail = tailOf(ring, kept);
				for (let i = count; i < count + more; i++) for (const one of [ring, tail]) addPoint(one, i);
				const known = Math.min(CAP, Math.min(kept, count) + more);
				const last = ({ v }: { v: Float64Array }) => [...v].slice(Math.max(0, v.length - known));
				expect([...windowOf(tail, 0, 'i', 0).v]).toEqual(last(windowOf(ring, 0, 'i', 0)));
			}),
		));
	it('says after a clearing that there was more', () => {
		const ring = ringOf(5);
		clearRing(ring);
		expect(windowOf(ring, 0, 'i', 0)).toMatchObject({ truncated: true });
		expect(windowOf(ring, 0, 'i', 3)).toMatchObject({ truncated: false });
	});
	it('is drawn anew from where its newest points were taken back', () => {
		const ring = ringOf(3);
		takeBack(ring, 2);
		expect([...windowOf(ring, 0, 'i', 0).v]).toHaveLength(1);
		takeBack(ring, 5);
		expect(ring.length).toBe(0);
	});
	it('keeps the signals of three charts apart', () => {
		const ring = createRing(3, CAP);
		const at = appendPoint(ring, 10, 1, 192, 0xff);
		[0xffff, 0x301, 0x2aa].forEach((signals, chart) => plotAt(ring, at, chart, chart, signals));
		expect([0, 1, 2].flatMap((chart) => [...windowOf(ring, chart, 'i', 0).signals])).toEqual([0xffff, 0x301, 0x2aa]);
		expect([...windowOf(ring, 2, 'i', 0).flags]).toEqual([0xff]);
	});
});

describe('looking back', () => {
	it('finds the points of a chart before its newest ones', () =>
		expect(plottedBefore(ringOf(8), 1, 1, 3)).toEqual([
			{ tMicros: 20, v: -2 },
			{ tMicros: 40, v: -4 },
			{ tMicros: 50, v: -5 },
		]));
	it('finds fewer when there are fewer', () => expect(plottedBefore(ringOf(2), 0, 1, 10)).toHaveLength(1));
	it('finds the t of a point some plotted points ago', () => expect(microsBack(ringOf(8), 1, 2)).toBe(40));
	it('stops at the oldest point held', () => expect(microsBack(ringOf(150), 0, 500)).toBe(500));
});
