import { describe, expect, it } from 'vitest';
import { labelled, spread } from './labels.ts';

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
		expect(labelled(marks, () => 20, 4).map((mark) => mark.x)).toEqual(kept);
	};
	it('far apart all have it', () => f([0, 50, 100], [100, 50, 0]));
	it('of a crowd the newest has it', () => f([0, 5, 10], [10]));
});
