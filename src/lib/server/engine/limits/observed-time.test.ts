import { describe, expect, it } from 'vitest';
import { createEvaluator } from '#server/engine/evaluator.ts';
import { stateOf } from '#server/engine/partition-state.ts';
import { declare, episodesOf, evaluate, points, seconds, tick, type Input } from '../testing/records.ts';

const PLAN = { baseline: { centre: 0, sigma: 1 }, rules: [1], expect: '2s' };
const ticks = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => tick(from + i));
const absences = (...inputs: Input[]) =>
	episodesOf(evaluate([declare(1, PLAN), ...inputs])).filter(({ rule }) => rule === 'no-data');
const stateAfter = (...inputs: Input[]) => {
	const evaluator = createEvaluator();
	evaluate([declare(1, PLAN), ...inputs], evaluator);
	return stateOf(evaluator.state, evaluator.state.table.find(1)!);
};

describe('a stream that is expected every two seconds', () => {
	it('has data while three intervals have not passed', () =>
		expect(stateAfter(tick(100), points([0]), ...ticks(101, 107))).toBe('in-control'));
	it('has no data when they have, counted from the tick after its last point', () =>
		expect(stateAfter(tick(100), points([0]), ...ticks(101, 108))).toBe('no-data'));
	it('opens one violation then, placed where a point is missing in its own time', () => {
		const found = absences(tick(100), points([0, 1]), ...ticks(101, 120));
		expect(found).toMatchObject([{ chart: 'i', side: 'none', points: 0, value: 1, active: true }]);
		expect(seconds(found[0]!.firstMicros)).toBe(3);
		expect(found[0]!.context.before).toHaveLength(2);
	});
	it('ends it with the next point', () => {
		const found = absences(tick(100), points([0]), ...ticks(101, 120), points(Array<number>(12).fill(0), 21));
		expect(found).toMatchObject([{ active: false, context: { complete: true } }]);
		expect(seconds(found[0]!.endedMicros)).toBe(21);
	});
	it('a bad point is a point', () =>
		expect(stateAfter(tick(100), points([0]), ...ticks(101, 120), points([0], 21, { quality: 0 }))).toBe(
			'bad-quality',
		));
	it('a late point is none', () =>
		expect(stateAfter(tick(100), points([0], 50), ...ticks(101, 120), points([0], 21))).toBe('no-data'));
	it('an import is none', () =>
		expect(stateAfter(tick(100), points([0]), ...ticks(101, 120), points([0], 21, { historical: true }))).toBe(
			'no-data',
		));
	it('is not missed before its first live point', () =>
		expect(stateAfter(tick(100), points([0], 0, { historical: true }), ...ticks(101, 120))).toBe('in-control'));
	it('is missed once more after it came back', () =>
		expect(absences(tick(100), points([0]), ...ticks(101, 120), points([0], 21), ...ticks(121, 140))).toHaveLength(2));
	it('no run is looked across its absence', () => {
		const inputs = [tick(100), points([4]), ...ticks(101, 120), points([4], 21)];
		const found = episodesOf(evaluate([declare(1, PLAN), ...inputs])).filter(
			({ chart, rule }) => chart === 'i' && rule === 1,
		);
		expect(found.map(({ points: n, active }) => [n, active])).toEqual([
			[1, false],
			[1, true],
		]);
	});
	it('is not expected any more when its plan says so', () => {
		const found = absences(
			tick(100),
			points([0]),
			...ticks(101, 120),
			declare(1, { ...PLAN, expect: undefined }),
			...ticks(121, 140),
		);
		expect(found).toMatchObject([{ active: false }]);
	});
	it('a new phase does not end its absence', () => {
		const other = declare(1, { ...PLAN, rules: [1, 2] }, { revision: 2 });
		expect(absences(tick(100), points([0]), ...ticks(101, 120), other, ...ticks(121, 140))).toMatchObject([
			{ active: true },
		]);
	});
});

describe('time in which nobody watched', () => {
	it('is no absence', () => expect(stateAfter(tick(100), points([0]), tick(101), tick(4000))).toBe('in-control'));
	it('leaves senders fifteen seconds to come back', () =>
		expect(stateAfter(tick(100), points([0]), tick(101), ...ticks(4000, 4015))).toBe('in-control'));
	it('and no longer', () =>
		expect(stateAfter(tick(100), points([0]), tick(101), ...ticks(4000, 4016))).toBe('no-data'));
	it('a clock set back begins a new watch', () =>
		expect(stateAfter(tick(100), points([0]), tick(101), ...ticks(50, 60))).toBe('in-control'));
	it('old data is not missed for being old', () =>
		expect(stateAfter(tick(1_000_000), points([0]), tick(1_000_001), points([0], 1), tick(1_000_002))).toBe(
			'in-control',
		));
});
