import { describe, expect, it } from 'vitest';
import { createMovingRange } from './moving-range.ts';

describe('the moving range', () => {
	const f = (values: readonly number[], want: readonly number[]) => {
		const stage = createMovingRange(1);
		expect(values.map((v) => stage.push(0, v))).toEqual(want);
	};
	it('is the distance to the value before', () => f([1, 4, 2], [NaN, 3, 2]));
	it('is none for the first value', () => f([7], [NaN]));

	it('is not measured across a reset', () => {
		const stage = createMovingRange(1);
		stage.push(0, 1);
		stage.reset(0);
		expect([stage.push(0, 5), stage.push(0, 6)]).toEqual([NaN, 1]);
	});
	it('is kept per slot, also when slots are added', () => {
		const stage = createMovingRange(1);
		stage.push(0, 1);
		stage.grow(10);
		stage.push(9, 100);
		expect([stage.push(0, 2), stage.push(9, 90)]).toEqual([1, 10]);
	});
	it('goes on in a restored slot', () => {
		const stage = createMovingRange(2);
		stage.push(0, 1);
		stage.restore(1, stage.snapshot(0));
		expect(stage.push(1, 4)).toBe(3);
	});
});
