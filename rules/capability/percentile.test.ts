import { describe, expect, it } from 'vitest';
import { createRandom } from '../testing/random.ts';
import { capability } from './capability.ts';

const exponential = (count: number, seed: number) => {
	const random = createRandom(seed);
	return Float64Array.from({ length: count }, () => -Math.log(1 - random()));
};
const of = (values: Float64Array, confidence = 0.95) =>
	capability({ values, sigmaWithin: 1, lsl: -1, usl: 8, target: 1, confidence, distribution: 'percentile' });

/** Of the exponential distribution: its 0.135 %, 50 % and 99.865 % points are 0.00135, 0.693 and 6.608. */
const LOW = -Math.log(1 - 0.0013498980316301);
const HIGH = -Math.log(0.0013498980316301);
const MIDDLE = Math.LN2;
const TRUE = {
	cp: 9 / (HIGH - LOW),
	cpl: (MIDDLE + 1) / (MIDDLE - LOW),
	cpu: (8 - MIDDLE) / (HIGH - MIDDLE),
	cpk: (8 - MIDDLE) / (HIGH - MIDDLE),
	cpm: 9 / (6 * Math.hypot((HIGH - LOW) / 6, MIDDLE - 1)),
};

describe('intervals of indices by percentiles', () => {
	it('hold the true index at least as often as they say, here of a skewed distribution', () => {
		const held = { cp: 0, cpl: 0, cpu: 0, cpk: 0, cpm: 0 };
		const RUNS = 60;
		for (let seed = 1; seed <= RUNS; seed++) {
			const found = of(exponential(5000, seed), 0.9);
			for (const name of Object.keys(TRUE) as (keyof typeof TRUE)[]) {
				const { value, low, high } = found[name]!;
				expect(low! <= value && value <= high!).toBe(true);
				if (low! <= TRUE[name] && TRUE[name] <= high!) held[name]++;
			}
		}
		for (const [name, count] of Object.entries(held)) expect(count / RUNS, name).toBeGreaterThan(0.85);
	});
	it('are narrower for more values', () => {
		const width = (count: number) => {
			const { low, high } = of(exponential(count, 3)).cpu!;
			return high! - low!;
		};
		expect(width(100_000)).toBeLessThan(width(5000) / 3);
	});
	it('are none where nothing lies beyond a percentile: how far it may be is not known', () => {
		expect(of(exponential(1000, 5)).cpk).toMatchObject({ low: null, high: null });
		expect(of(exponential(1000, 5)).cpk!.value).toBeGreaterThan(0.5);
	});
	it('of one limit are those of its side', () => {
		const { cpk, cpu, cp } = capability({
			values: exponential(6000, 2),
			sigmaWithin: 1,
			usl: 8,
			distribution: 'percentile',
		});
		expect(cpk).toEqual(cpu);
		expect(cpk!.low).not.toBeNull();
		expect(cp).toBeNull();
	});
});
