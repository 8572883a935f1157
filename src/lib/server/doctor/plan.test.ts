import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describePlan, planFor, type Load } from './plan.ts';
import { FIGURES } from './plan-figures.ts';

const DAY = 86_400;
const load = (more: Partial<Load> = {}): Load => ({
	pointsPerSecond: 1000,
	streams: 1000,
	pointsKeptSeconds: 30 * DAY,
	rollupsKeptSeconds: 730 * DAY,
	...more,
});

describe('what a load needs', () => {
	it('is points times bytes on disk', () =>
		expect(planFor(load()).disk.points).toBe(1000 * 30 * DAY * FIGURES.point.value));
	it('has a rollup for each stream and minute', () =>
		expect(planFor(load()).disk.rollups).toBeCloseTo((1000 / 60) * 730 * DAY * FIGURES.minute.value, 0));
	it('but no more rollups than points', () =>
		expect(planFor(load({ pointsPerSecond: 1 })).disk.rollups).toBeCloseTo(730 * DAY * FIGURES.minute.value, 0));
	it('is two cores at least, one for the hub and one for the store', () => expect(planFor(load()).cores).toBe(2));
	it('says where one hub ends', () =>
		expect(planFor(load({ pointsPerSecond: 1e6 })).notes.join()).toMatch(/points\/s/));
	it('says which limit the streams meet', () =>
		expect(planFor(load({ streams: 20_000 })).notes.join()).toMatch(/streamsPerKey/));
	it('never shrinks when the load grows', () => {
		const number = fc.integer({ min: 1, max: 1e6 });
		fc.assert(
			fc.property(number, number, number, number, (points, streams, days, factor) => {
				const small = planFor(load({ pointsPerSecond: points, streams, pointsKeptSeconds: days }));
				const large = planFor(
					load({ pointsPerSecond: points * factor, streams: streams * factor, pointsKeptSeconds: days * factor }),
				);
				expect(large.cores).toBeGreaterThanOrEqual(small.cores);
				expect(large.memoryBytes).toBeGreaterThanOrEqual(small.memoryBytes);
				expect(large.diskBytes).toBeGreaterThanOrEqual(small.diskBytes);
			}),
		);
	});
	it('names the source of every figure', () => {
		const text = describePlan(load(), planFor(load()));
		for (const { source } of Object.values(FIGURES)) expect(text).toContain(source);
	});
});
