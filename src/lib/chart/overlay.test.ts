import { describe, expect, it } from 'vitest';
import { createRing } from '#lib/live/wire/ring.ts';
import { indexAt, NO_OVERLAY, remarksAt } from './overlay.ts';

function series(times: readonly number[]) {
	const ring = createRing(10);
	for (const tMs of times) ring.push({ tMs, v: 0, signals: 0, flags: 0, quality: 192 });
	return { columns: ring.columns() };
}

describe('the point at a moment', () => {
	const f = (tMs: number, index: number | undefined) => expect(indexAt(series([10, 20, 40]), tMs)).toBe(index);
	it('is the one there', () => f(20, 1));
	it('or the nearest one', () => {
		f(14, 0);
		f(31, 2);
		f(-5, 0);
		f(99, 2);
	});
	it('is none where there is none', () => expect(indexAt(series([]), 5)).toBeUndefined());
});

describe('what people left', () => {
	const note = { kind: 'comment', fromMs: 10, toMs: 20, text: 'coolant' } as const;
	const overlay = { ...NO_OVERLAY, notes: [note], events: [{ fromMs: 30, toMs: 30, title: 'New lot' }] };
	it('is said at every point of its stretch', () => expect(remarksAt(overlay, 15, 0)).toEqual(['“coolant”']));
	it('and at the point nearest to it', () => expect(remarksAt(overlay, 32, 3)).toEqual(['New lot']));
	it('and nowhere else', () => expect(remarksAt(overlay, 25, 1)).toEqual([]));
});
