import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyColumns, merged } from '#server/http/columns.ts';
import { asBuckets, onePerBucket, thinned } from './thin.ts';

const columns = (pairs: readonly (readonly [number, number])[]) => ({
	tMicros: Float64Array.from(pairs, ([t]) => t),
	v: Float64Array.from(pairs, ([, v]) => v),
	quality: new Uint8Array(pairs.length).fill(192),
	flags: new Uint8Array(pairs.length),
});
const times = fc.uniqueArray(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 300 });

describe('thinning', () => {
	it('keeps count, sum, least and largest, in no more buckets than asked', () =>
		fc.assert(
			fc.property(times, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 300 }), (ts, maxPoints, cut) => {
				const all = ts.toSorted((a, b) => a - b).map((t, i) => [t, (i * 7919) % 101] as const);
				const few = thinned(asBuckets(columns(all.slice(0, cut))), asBuckets(columns(all.slice(cut))), maxPoints);
				const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
				const vs = all.map(([, v]) => v);
				expect(few.v.length).toBeLessThanOrEqual(maxPoints);
				expect(sum(few.count)).toBe(all.length);
				expect(sum(few.v.map((v, i) => v * few.count[i]!))).toBeCloseTo(sum(vs), 6);
				expect(Math.min(...few.min)).toBe(Math.min(...vs));
				expect(Math.max(...few.max)).toBe(Math.max(...vs));
				expect([...few.tMicros]).toEqual([...few.tMicros].toSorted((a, b) => a - b));
			}),
		));
	it('goes on in the buckets that are there', () => {
		const older = {
			...asBuckets(
				columns([
					[0, 1],
					[10, 3],
				]),
			),
			bucketMicros: 10,
		};
		const newer = asBuckets(
			columns([
				[15, 5],
				[20, 7],
			]),
		);
		const few = thinned(older, newer, 10);
		expect([...few.tMicros]).toEqual([0, 10, 20]);
		expect([...few.v]).toEqual([1, 4, 7]);
		expect([...few.count]).toEqual([1, 2, 1]);
	});
	it('keeps the worst quality', () => {
		const bad = {
			...columns([
				[0, 1],
				[1, 1],
			]),
			quality: Uint8Array.of(192, 0),
			flags: Uint8Array.of(1, 2),
		};
		const few = thinned(asBuckets(bad), asBuckets(emptyColumns()), 1);
		expect([few.quality[0], few.flags[0]]).toEqual([0, 3]);
	});
});

describe('merging what is stored with what is fresh', () => {
	it('is one sorted list with every t once, the stored one first', () =>
		fc.assert(
			fc.property(times, times, (a, b) => {
				const stored = columns(a.toSorted((x, y) => x - y).map((t) => [t, 1] as const));
				const both = merged(stored, columns(b.map((t) => [t, 2] as const)));
				expect([...both.tMicros]).toEqual([...new Set([...a, ...b])].sort((x, y) => x - y));
				both.tMicros.forEach((t, i) => expect(both.v[i]).toBe(a.includes(t) ? 1 : 2));
			}),
		));
});

describe('signals of a thinned stretch', () => {
	const kept = (ts: readonly number[], buckets: number) => {
		const points = columns(Array.from({ length: buckets }, (_, i) => [i * 100, 1] as const));
		const signals = ts.toSorted((a, b) => a - b).map((t) => ({ t, chart: 'i', rule: 1 + (t % 2), side: 'above' }));
		return { signals, few: onePerBucket(signals, { points, bucketMicros: 100 }) };
	};
	it('are all there while they are not many', () => {
		const { signals, few } = kept([1, 3, 5, 7, 101], 3);
		expect(few).toEqual(signals);
	});
	it('are one of each kind in every bucket that had one, when they are', () =>
		fc.assert(
			fc.property(fc.uniqueArray(fc.nat(199), { minLength: 21, maxLength: 200 }), (ts) => {
				const { signals, few } = kept(ts, 2);
				const kind = (one: { t: number; rule: number }) => `${Math.floor(one.t / 100)} ${one.rule}`;
				expect(new Set(few.map(kind))).toEqual(new Set(signals.map(kind)));
				expect(few.length).toBeLessThanOrEqual(4);
			}),
		));
});
