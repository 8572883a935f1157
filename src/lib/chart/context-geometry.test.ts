import { describe, expect, it } from 'vitest';
import { contextPicture, limitsOf } from './context-geometry.ts';

const t = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const point = (second: number, v: number) => ({ t: t(second), v });
const size = { width: 220, height: 100, padX: 10, padY: 0 };

const violation = {
	context: {
		before: Array.from({ length: 10 }, (_, i) => point(i, 0)),
		at: [point(10, 4)],
		after: Array.from({ length: 10 }, (_, i) => point(11 + i, 0)),
		complete: true,
	},
	chart: 'i' as const,
	rule: 2 as const,
	centre: 0,
	sigma: 1,
	spanFrom: t(8),
	firstAt: t(10),
};

describe('the picture of a violation', () => {
	const picture = contextPicture(violation, size);

	it('has every point from edge to edge', () => {
		expect(picture.points).toHaveLength(21);
		expect([picture.points[0]?.x, picture.points[20]?.x]).toEqual([10, 210]);
	});
	it('reaches from the lower limit to the outlier', () => {
		expect([picture.yOf(-3), picture.yOf(4)]).toEqual([100, 0]);
	});
	it('knows which points signalled', () =>
		expect(picture.points.filter((one) => one.role === 'signal').map((one) => one.v)).toEqual([4]));
	it('marks the stretch of the pattern', () => expect(picture.span).toEqual([90, 110]));
	it('a pattern of one point has no stretch', () =>
		expect(contextPicture({ ...violation, spanFrom: t(10) }, size).span).toBeUndefined());
	it('few points do not fill the width', () => {
		const few = { ...violation, context: { before: [point(9, 0)], at: [point(10, 4)], after: [], complete: false } };
		expect(contextPicture(few, size).points[1]?.x).toBe(20);
	});
	it('a sigma of zero does not break it', () => {
		const flat = { ...violation, sigma: 0, context: { ...violation.context, at: [point(10, 0)] } };
		expect(contextPicture(flat, size).points.every((one) => Number.isFinite(one.y))).toBe(true);
	});
	it('of a moving range ends at zero', () =>
		expect(limitsOf({ chart: 'mr', rule: 1, centre: 1, sigma: 1 })).toEqual({ lcl: 0, ucl: 4 }));
	it('of a chart with limits of its own are not guessed', () =>
		expect(limitsOf({ chart: 'ewma', rule: 'limit', centre: 1, sigma: 1 })).toBeUndefined());
	it('are those that it was found by where they are known', () =>
		expect(contextPicture(violation, size, { lcl: -100, ucl: 100 }).yOf(-100)).toBe(size.height - size.padY));
});
