import { describe, expect, it } from 'vitest';
import type { ApiPoints } from '#contracts/api.ts';
import { createClock } from '#lib/chart/clock.ts';
import { joined, pictureOfOne, type Explored } from './explore-picture.ts';
import { parseExplore } from './explore-query.ts';

describe('a line over slots', () => {
	const f = (values: number[], line: (number | null | undefined)[]) =>
		expect(joined(Float64Array.from(values))).toEqual(line);
	it('runs over empty ones between its points', () => f([1, NaN, 2, NaN, 3], [1, undefined, 2, undefined, 3]));
	it('breaks where more than three times the usual distance is missing', () =>
		f([1, 2, NaN, NaN, NaN, 3, 4], [1, 2, null, undefined, undefined, 3, 4]));
	it('of one point is that point', () => f([NaN, 1], [undefined, 1]));
	it('of none is none', () => f([NaN], [undefined]));
});

describe('the picture of a stream', () => {
	const points: ApiPoints = {
		...{ t: [1_000, 2_000], v: [1, 9], quality: [192, 192], flags: [0, 0], gaps: [], thinned: null },
		signals: [{ t: 2_000, chart: 'i', rule: 1, side: 'above' }],
		limits: [{ from: 0, chart: 'i', centre: 1, sigma: 2, lcl: -5, ucl: 7, limitsId: 'x' }],
	};
	const draw = (more: Partial<Explored>, query = '') =>
		pictureOfOne(
			{ id: '1', points, colour: 'black', dash: [], plotsValues: true, ...more },
			{ fromMs: 0, toMs: 3, clock: createClock('utc'), query: parseExplore(new URLSearchParams(query)) },
		);
	it('has its limits and signals', () => {
		expect(draw({}).limits).toMatchObject([{ centre: 1, lcl: -5, ucl: 7 }]);
		expect(draw({}).signals).toEqual([{ tMs: 2, v: 9, mark: '1' }]);
	});
	it('has none of another statistic than the values', () =>
		expect([draw({ plotsValues: false }).limits, draw({ plotsValues: false }).signals]).toEqual([[], []]));
	it('has none where nobody wants them', () => expect(draw({}, 'rules=none').limits).toEqual([]));
	it('in sigmas is the distance from the centre', () =>
		expect([...Array.from(draw({}, 'scale=sigma').lines[0]!.values)]).toEqual([0, 4]));
});
