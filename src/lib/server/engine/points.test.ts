import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvaluator } from './evaluator.ts';
import { stateOf } from './partition-state.ts';
import { declare, evaluate, gap, normals, points, signalsOf, type Input } from './testing/records.ts';

const KNOWN = { baseline: { centre: 0, sigma: 1 } };
const flat = (count: number) => Array<number>(count).fill(0);
const up = (count: number) => Array<number>(count).fill(1.5);

describe('signals of a stream with known limits', () => {
	const f = (plan: object, inputs: Input[], want: string[]) =>
		expect(signalsOf(evaluate([declare(1, { ...KNOWN, ...plan }), ...inputs]))).toEqual(want);

	it('rule 1: one point beyond zone A; its moving ranges are judged too', () =>
		f({}, [points([0, 0, 4, 0])], ['2 i 1 above', '2 mr 1 above', '3 mr 1 above']));
	it('rule 2: nine in a row on one side', () => f({ rules: [2] }, [points(flat(3).concat(up(9)))], ['11 i 2 above']));
	it('a run goes on from record to record', () =>
		f({ rules: [2] }, [points(up(5)), points(up(4), 5)], ['8 i 2 above']));
	it('a rule that the plan does not name is silent', () =>
		f({ rules: [3] }, [points([0, 4, 4, 4, 4, 4])], ['1 mr 1 above']));
	it('all eight rules are there', () =>
		f({ rules: [1, 2, 3, 4, 5, 6, 7, 8] }, [points([1, 2, 3, 4, 5, 6].map((v) => v / 10 - 0.3))], ['5 i 3 above']));
});

describe('order of points', () => {
	const f = (inputs: Input[], want: string[]) =>
		expect(signalsOf(evaluate([declare(1, { ...KNOWN, rules: [2] }), ...inputs]))).toEqual(want);

	it('a late point is not judged and changes nothing', () =>
		f([points(up(8), 10), points([-5], 3), points(up(1), 18)], ['18 i 2 above']));
	it('a second point at the same t is a duplicate', () =>
		f([points(up(8)), points([-5], 7), points(up(1), 8)], ['8 i 2 above']));
	it('points of history are judged like others', () =>
		f([points(up(8), 0, { historical: true }), points(up(1), 8)], ['8 i 2 above']));

	it('no late point anywhere changes any verdict', () => {
		const values = normals(200, 4).map((v) => v * 1.3);
		const inputs = (late: ReadonlyMap<number, number>) =>
			values.flatMap((v, i) => {
				const past = late.get(i);
				return past === undefined ? [points([v], i)] : [points([v], i), points([past], Math.max(0, i - 7))];
			});
		const judged = (late: ReadonlyMap<number, number>) =>
			evaluate([declare(1, { baseline: { points: 50 } }), ...inputs(late)]);
		const straight = judged(new Map());
		const anyLate = fc.array(fc.tuple(fc.nat(199), fc.double({ noNaN: true, min: -99, max: 99 })));
		fc.assert(
			fc.property(anyLate, (late) => {
				expect(judged(new Map(late))).toEqual(straight);
			}),
			{ numRuns: 20 },
		);
	});

	it('counts what was late, double, bad or of an unknown stream', () => {
		const evaluator = createEvaluator();
		evaluate(
			[
				points([1]),
				declare(1, KNOWN),
				points([1, 2], 5),
				points([1], 5),
				points([1], 6),
				points([1], 7, { quality: 0 }),
			],
			evaluator,
		);
		const { late, duplicate, badQuality, unknown, plotted } = evaluator.state.counts;
		expect({ late, duplicate, badQuality, unknown, plotted }).toEqual({
			late: 1,
			duplicate: 1,
			badQuality: 1,
			unknown: 1,
			plotted: 2,
		});
	});
});

describe('what is not looked across', () => {
	const run = (plan: object, between: Input[], from: number) =>
		signalsOf(evaluate([declare(1, { ...KNOWN, ...plan }), points(up(8)), ...between, points(up(1), from)]));

	it('a gap ends a run', () => expect(run({ rules: [2] }, [gap(1, 8, 9)], 10)).toEqual([]));
	it('without the gap the run completes', () => expect(run({ rules: [2] }, [], 10)).toEqual(['10 i 2 above']));
	it('a gap of the past ends nothing', () => expect(run({ rules: [2] }, [gap(1, 3, 6)], 10)).toEqual(['10 i 2 above']));
	it('a point of bad quality ends a run', () =>
		expect(run({ rules: [2] }, [points([1.5], 8, { quality: 0 })], 10)).toEqual([]));
	it('an uncertain point ends a run too when the plan admits only good ones', () =>
		expect(run({ rules: [2] }, [points([1.5], 8, { quality: 64 })], 10)).toEqual([]));
	it('an uncertain point is judged where the plan admits it', () =>
		expect(run({ rules: [2], admit: 'uncertain' }, [points([1.5], 8, { quality: 64 })], 10)).toEqual([
			'8 i 2 above',
			'10 i 2 above',
		]));
	it('a value that is none ends a run', () => expect(run({ rules: [2] }, [points([NaN], 8)], 10)).toEqual([]));
	it('a bad point is newer than what comes late after it', () =>
		expect(run({ rules: [2] }, [points([1.5], 20, { quality: 0 })], 10)).toEqual([]));

	const jump = (between: Input[]) =>
		signalsOf(
			evaluate([
				declare(1, { baseline: { centre: 0, sigma: 2 }, rules: [1] }),
				points([-5, -5]),
				...between,
				points([5, 5], 5),
			]),
		);
	it('there is no moving range across a gap', () => expect(jump([gap(1, 2, 4)])).toEqual([]));
	it('nor across a bad point', () => expect(jump([points([0], 3, { quality: 0 })])).toEqual([]));
	it('without one there is', () => expect(jump([])).toEqual(['5 mr 1 above']));
});

describe('the state of a stream', () => {
	const f = (inputs: Input[], want: string) => {
		const evaluator = createEvaluator();
		evaluate([declare(1, KNOWN), ...inputs], evaluator);
		expect(stateOf(evaluator.state, evaluator.state.table.find(1)!)).toBe(want);
	};
	it('is learning before its first point', () => f([], 'learning'));
	it('is in control while nothing signals', () => f([points([0])], 'in-control'));
	it('is violating while an episode goes on', () => f([points([0, 4])], 'violating'));
	it('is in control again at the first plotted points without the signal', () =>
		f([points([0, 4, 0, 0])], 'in-control'));
	it('is bad quality after a bad point', () => f([points([0]), points([0], 5, { quality: 0 })], 'bad-quality'));
	it('is what it was after a good one', () =>
		f([points([0]), points([0], 5, { quality: 0 }), points([0], 6)], 'in-control'));
	it('has no data after a gap', () => f([points([0]), gap(1, 1, 2)], 'no-data'));
	it('a violation does not outlive a gap', () => f([points([4]), gap(1, 1, 2), points([0], 3)], 'in-control'));
});
