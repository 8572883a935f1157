import { describe, expect, it } from 'vitest';
import { DEFAULT_PLAN, planSchema } from './plan.ts';

describe('a plan that says nothing', () => {
	it('judges individuals by rules 1, 2, 5 and 6 after a hundred points', () =>
		expect(planSchema.parse({})).toEqual({
			chart: 'i-mr',
			subgroup: { size: 1 },
			transform: 'none',
			rules: [1, 2, 5, 6],
			baseline: { points: 100 },
			spec: {},
			reorder: '0s',
			admit: 'good',
			falseAlarmsPerDay: 1,
			severity: 'warning',
			reaction: [],
		}));
	it('is the default plan', () => expect(DEFAULT_PLAN).toEqual(planSchema.parse({})));
});

describe('a plan', () => {
	const f = (plan: object) => expect(planSchema.parse(plan)).toMatchObject(plan);
	it('may have all eight rules', () => f({ rules: [1, 2, 3, 4, 5, 6, 7, 8] }));
	it('may know its centre and sigma', () => f({ baseline: { centre: 0, sigma: 0.1 } }));
	it('may have one specification limit', () => f({ spec: { usl: 6 } }));
	it('may have both and a target', () => f({ spec: { lsl: 4, usl: 6, target: 5 } }));
	it('may take uncertain points', () => f({ admit: 'uncertain' }));
	it('may name a route and say what to do', () => f({ alert: 'ops', reaction: ['Check coolant'] }));
	it('has durations in milliseconds once parsed', () => expect(planSchema.parse({ expect: '1.5s' }).expect).toBe(1500));
});

describe('a plan with a fault names its place', () => {
	const f = (plan: unknown, ...paths: string[]) =>
		expect(planSchema.safeParse(plan).error?.issues.map((issue) => ['$', ...issue.path].join('.'))).toEqual(paths);
	it('that is no object', () => f('i-mr', '$'));
	it('an unknown field', () => f({ ruls: [1] }, '$'));
	it('an unknown field within', () => f({ spec: { lower: 4 } }, '$.spec'));
	it('a chart of a later version', () => f({ chart: 'xbar-r' }, '$.chart'));
	it('a subgroup of a later version', () => f({ subgroup: { size: 5 } }, '$.subgroup.size'));
	it('rule 0', () => f({ rules: [1, 0] }, '$.rules.1'));
	it('rule 9', () => f({ rules: [9] }, '$.rules.0'));
	it('half a rule', () => f({ rules: [1.5] }, '$.rules.0'));
	it('no rule at all', () => f({ rules: [] }, '$.rules'));
	it('a baseline of nineteen points', () => f({ baseline: { points: 19 } }, '$.baseline.points'));
	it('a baseline of two kinds', () => f({ baseline: { points: 100, centre: 1, sigma: 1 } }, '$.baseline'));
	it('a sigma of nothing', () => f({ baseline: { centre: 1, sigma: 0 } }, '$.baseline.sigma'));
	it('a limit that is not finite', () => f({ spec: { lsl: Infinity } }, '$.spec.lsl'));
	it('limits the wrong way round', () => f({ spec: { lsl: 6, usl: 4 } }, '$.spec.usl'));
	it('limits with nothing between them', () => f({ spec: { lsl: 4, usl: 4 } }, '$.spec.usl'));
	it('an expected interval that is no duration', () => f({ expect: 'soon' }, '$.expect'));
	it('an expected interval of nothing', () => f({ expect: '0s' }, '$.expect'));
	it('an expected interval without a unit', () => f({ expect: 1000 }, '$.expect'));
	it('a budget of nothing', () => f({ falseAlarmsPerDay: 0 }, '$.falseAlarmsPerDay'));
	it('another severity', () => f({ severity: 'fatal' }, '$.severity'));
	it('two faults', () => f({ rules: [0], severity: 'fatal' }, '$.rules.0', '$.severity'));
});
