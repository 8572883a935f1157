import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisOf, paretoFront } from './scatter.ts';

describe('an axis', () => {
	const f = (values: readonly number[], ticks: readonly number[], isLog: boolean) =>
		expect(axisOf(values)).toMatchObject({ ticks, isLog });
	it('starts at nothing', () => f([180, 410], [0, 200, 400], false));
	it('goes by decades where values differ by more than one', () =>
		f([0.0002, 0.01], [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01], true));
	it('has decades alone where there are many', () => f([0.01, 100], [0.01, 0.1, 1, 10, 100], true));
	it('of what is free is linear', () => f([0, 300], [0, 100, 200, 300], false));
	it('of nothing has no ticks', () => f([], [], false));
	it('of zeros has no ticks', () => f([0, 0], [], false));
	it('keeps the order of all values, and all of them on it', () =>
		fc.assert(
			fc.property(
				fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 }),
				(values) => {
					const { at } = axisOf(values);
					const places = values.toSorted((a, b) => a - b).map(at);
					expect(places.every((place, i) => place >= 0 && place <= 1 && place >= (places[i - 1] ?? 0))).toBe(true);
				},
			),
		));
});

describe('the front', () => {
	const f = (points: readonly [number, number][], expected: readonly [number, number][]) =>
		expect(paretoFront(points.map(([x, y]) => ({ x, y }))).map(({ x, y }) => [x, y])).toEqual(expected);
	it('has what nobody beats in both', () =>
		f(
			[
				[3, 1],
				[1, 3],
				[2, 2],
				[3, 3],
			],
			[
				[1, 3],
				[2, 2],
				[3, 1],
			],
		));
	it('has one of equals', () =>
		f(
			[
				[1, 1],
				[1, 1],
			],
			[[1, 1]],
		));
	it('of nothing is nothing', () => f([], []));
});
