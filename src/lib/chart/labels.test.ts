import { describe, expect, it } from 'vitest';
import { createNews, labelled, outermost, spread } from './labels.ts';

describe('labels at the edge', () => {
	const f = (ys: number[], placed: number[]) =>
		expect(
			spread(
				ys.map((y) => ({ text: '', y })),
				10,
				0,
				100,
			).map((label) => label.y),
		).toEqual(placed);
	it('stay where they are when there is room', () => f([10, 50, 90], [10, 50, 90]));
	it('move apart when there is none', () => f([50, 52, 54], [50, 60, 70]));
	it('stay inside', () => f([-5, 105], [0, 100]));
	it('move back from the end', () => f([95, 98], [90, 100]));
});

describe('marks with their text', () => {
	const f = (xs: number[], kept: number[]) => {
		const marks = xs.map((x) => ({ x, y: 0, text: 'R1', above: true }));
		expect(labelled(marks, () => 20, { gapPx: 4, heightPx: 10 }).map((mark) => mark.x)).toEqual(kept);
	};
	it('far apart all have it', () => f([0, 50, 100], [100, 50, 0]));
	it('of a crowd the newest has it', () => f([0, 5, 10], [10]));
	it('one over the other both have it', () => {
		const marks = [0, 30].map((y) => ({ x: 5, y, text: 'R1', above: true }));
		expect(labelled(marks, () => 20, { gapPx: 4, heightPx: 10 })).toHaveLength(2);
	});
});

describe('what is worth writing at a point', () => {
	const f = (signals: [index: number, bits: number][], fresh: number[]) => {
		const news = createNews();
		expect(signals.map(([index, bits]) => news(index, bits))).toEqual(fresh);
	};
	it('is every rule at first', () => f([[0, 0b11]], [0b11]));
	it('is not a rule that goes on', () =>
		f(
			[
				[0, 1],
				[1, 1],
				[2, 1],
			].map(([i = 0, b = 0]) => [i, b]),
			[1, 0, 0],
		));
	it('is a rule that joins', () =>
		f(
			[
				[0, 1],
				[1, 0b11],
			].map(([i = 0, b = 0]) => [i, b]),
			[1, 0b10],
		));
	it('is a rule that comes back after a while', () =>
		f(
			[
				[0, 1],
				[20, 1],
			].map(([i = 0, b = 0]) => [i, b]),
			[1, 1],
		));
});

describe('marks that would cover each other', () => {
	const mark = (x: number, y: number, above: boolean) => ({ x, y, text: '', above });
	const f = (marks: ReturnType<typeof mark>[], ys: number[]) =>
		expect(outermost(marks, 10).map(({ y }) => y)).toEqual(ys);
	it('leave the highest above the centre', () => f([mark(1, 50, true), mark(2, 20, true)], [20]));
	it('leave the lowest below the centre', () => f([mark(1, 50, false), mark(2, 80, false)], [80]));
	it('leave one on each side', () => f([mark(1, 50, true), mark(2, 80, false)], [50, 80]));
	it('leave one in every column that had one', () => f([mark(9, 1, true), mark(11, 2, true)], [1, 2]));
});
