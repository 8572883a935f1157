import { describe, expect, it } from 'vitest';
import type { Baseline, Measured } from './baseline.ts';
import type { Figures } from './bench.ts';
import { caveats, compare, tableOf } from './compare.ts';

const machine = { cpu: 'EPYC', cores: 2, memoryGb: 24, node: 'v24.21.0' };

function measured(runs: readonly Figures[], changed: Partial<Measured> = {}): Baseline {
	const head = { workload: 'the same', at: '2026-11-21T12:00:00Z', commit: 'abc', machine, loadBefore: 0.1 };
	return { b: { ...head, runs, ...changed } };
}
const runs = (name: string, values: readonly number[]) => measured(values.map((value) => ({ [name]: value })));
const only = (old: Baseline, now: Baseline) => compare(old, now)[0]!;

describe('a figure against its baseline', () => {
	const f = (name: string, old: number[], now: number[]) => only(runs(name, old), runs(name, now));
	it('is the ratio of the medians', () => expect(f('p50Ms', [9, 10, 30], [5, 4, 6]).ratio).toBe(0.5));
	it('is better when it took less', () => expect(f('p50Ms', [10, 10], [5, 5]).verdict).toBe('better'));
	it('is worse when it took more', () => expect(f('p50Ms', [10, 10], [12, 12]).verdict).toBe('worse'));
	it('of a rate is better when there is more of it', () => {
		expect(f('pointsPerSecond', [100, 100], [200, 200]).verdict).toBe('better');
		expect(f('pointsPerSecond', [100, 100], [50, 50]).verdict).toBe('worse');
	});
	it('has not moved as long as the runs lie as far apart', () =>
		expect(f('p50Ms', [8, 10, 12], [13, 13, 13])).toMatchObject({ noise: 0.4, verdict: 'same' }));
	it('has not moved when its own runs lie as far apart', () =>
		expect(f('p50Ms', [10, 10], [10, 16]).verdict).toBe('same'));
	it('has moved beyond both', () => expect(f('p50Ms', [9, 10, 11], [13, 13, 13]).verdict).toBe('worse'));
	it('of equal runs still has five percent of noise', () => {
		expect(f('p50Ms', [100, 100], [104, 104]).verdict).toBe('same');
		expect(f('p50Ms', [100, 100], [106, 106]).verdict).toBe('worse');
	});
	it('of a single run is believed within a quarter', () => {
		expect(f('p50Ms', [100], [124]).verdict).toBe('same');
		expect(f('p50Ms', [100], [126]).verdict).toBe('worse');
	});
	it('that was nothing and is nothing has not moved', () =>
		expect(f('longTasks', [0, 0], [0, 0])).toMatchObject({ ratio: 1, verdict: 'same' }));
	it('that was nothing and is something has', () => expect(f('longTasks', [0, 0], [1, 1]).verdict).toBe('worse'));
	it('within another is named by its path', () =>
		expect(only(measured([{ memoryMb: { main: 80 } }]), measured([{ memoryMb: { main: 80 } }])).figure).toBe(
			'memoryMb.main',
		));
	it('that only one side has is left out', () => expect(compare(runs('a', [1]), runs('b', [1]))).toEqual([]));
});

describe('benches that do not match', () => {
	const now = measured([{ p50Ms: 1 }]);
	it('are named when the baseline has none', () => expect(caveats({}, now)).toEqual(['b: not in the baseline']));
	it('of another workload are not compared', () => {
		const old = measured([{ p50Ms: 1 }], { workload: 'half of it' });
		expect(compare(old, now)).toEqual([]);
		expect(caveats(old, now)).toEqual(["b: another workload than the baseline's"]);
	});
	it('of another machine are compared, and it is said', () => {
		const old = measured([{ p50Ms: 1 }], { machine: { ...machine, cores: 64 } });
		expect(compare(old, now)).toHaveLength(1);
		expect(caveats(old, now)[0]).toMatch(/another machine \(EPYC, 64 cores/);
	});
	it('of the same machine need no word', () => expect(caveats(now, now)).toEqual([]));
});

describe('the table', () => {
	it('has a line for each figure and marks what moved', () => {
		const old = measured([
			{ p50Ms: 10, maxMs: 20 },
			{ p50Ms: 10, maxMs: 20 },
		]);
		const now = measured([
			{ p50Ms: 5, maxMs: 20 },
			{ p50Ms: 5, maxMs: 20 },
		]);
		expect(tableOf(compare(old, now)).split('\n')).toEqual([
			'bench  figure  old  new  new/old  noise',
			'b      p50Ms    10    5    0.50x   ±5 %  better',
			'b      maxMs    20   20    1.00x   ±5 %',
		]);
	});
	it('says where a figure came from nothing', () =>
		expect(tableOf(compare(runs('longTasks', [0, 0]), runs('longTasks', [3, 3])))).toMatch(/from 0 +±5 % +worse$/));
});
