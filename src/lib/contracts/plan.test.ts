import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { nearestBranch } from './issue-words.ts';
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
			reorder: 0,
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
	it('may judge means of groups', () => f({ chart: 'xbar-r', subgroup: { size: 5 } }));
	it('may have groups of a stretch of time, in milliseconds once parsed', () =>
		expect(planSchema.parse({ subgroup: { window: '1m' } }).subgroup).toEqual({ window: 60_000 }));
	it('may have a memory of its own length', () => f({ chart: 'ewma', lambda: 0.1, limitsSigma: 2.7 }));
	it('may have a CUSUM with its slack and limit', () => f({ chart: 'cusum', k: 0.25, h: 8 }));
	it('may judge shares of samples', () => f({ chart: 'p', subgroup: { size: 500 }, baseline: { centre: 0.01 } }));
	it('may judge shares over time, of so many at least, and end a sample early', () =>
		expect(planSchema.parse({ chart: 'p', subgroup: { window: '1m', atLeast: 20, curtailed: true } }).subgroup).toEqual(
			{ window: 60_000, atLeast: 20, curtailed: true },
		));
	it('may judge short runs in sigmas from their targets', () =>
		expect(
			planSchema.parse({ chart: 'z-mr', part: 'a/part', targets: { 17: { centre: 10, sigma: 0.1 } } }).baseline,
		).toEqual({ centre: 0, sigma: 1 }));
	it('is the same when it is read again', () => {
		const plan = { chart: 'z-mr', part: 'a/part', targets: { 17: { centre: 10, sigma: 0.1 } } };
		expect(planSchema.parse({ ...plan, baseline: planSchema.parse(plan).baseline })).toEqual(planSchema.parse(plan));
	});
	it('may say how rules treat their edges', () => f({ missing: 'skip', rule8: 'either-side', startup: 'full-window' }));
	it('may name a set of rules', () => f({ rules: 'westgard' }));
	it('may write rules as data', () => f({ rules: [{ name: 'drift', any: [{ trend: 7 }, { run: 9 }] }] }));
	it('may transform values', () => f({ transform: 'log' }));
	it('that is automatic learns from three hundred values', () =>
		expect(planSchema.parse({ chart: 'auto' }).baseline).toEqual({ points: 300 }));
	it('that is automatic learns from as many as it says', () => f({ chart: 'auto', baseline: { points: 100 } }));
	it('may take uncertain points', () => f({ admit: 'uncertain' }));
	it('may name a route and say what to do', () => f({ alert: 'ops', reaction: ['Check coolant'] }));
	it('has durations in milliseconds once parsed', () => expect(planSchema.parse({ expect: '1.5s' }).expect).toBe(1500));
});

describe('a plan with a fault names its place', () => {
	const f = (plan: unknown, ...paths: string[]) =>
		expect(planSchema.safeParse(plan).error?.issues.flatMap((issue) => placesOf(issue))).toEqual(paths);
	it('that is no object', () => f('i-mr', '$'));
	it('an unknown field', () => f({ ruls: [1] }, '$'));
	it('an unknown field within', () => f({ spec: { lower: 4 } }, '$.spec'));
	it('a chart of nothing that a stream has', () => f({ chart: 'capability' }, '$.chart'));
	it('shares of single units', () => f({ chart: 'p' }, '$.subgroup'));
	it('shares of parts of units', () => f({ chart: 'np', unitsPerPoint: 2.5 }, '$.unitsPerPoint'));
	it('units of a measurement', () => f({ unitsPerPoint: 50 }, '$.unitsPerPoint'));
	it('a number of defectives in samples of any size', () =>
		f({ chart: 'np', subgroup: { window: '1m' } }, '$.subgroup'));
	it('a share over one', () => f({ chart: 'p', unitsPerPoint: 50, baseline: { centre: 1.5 } }, '$.baseline.centre'));
	it('a sigma of a share', () =>
		f({ chart: 'p', unitsPerPoint: 50, baseline: { centre: 0.1, sigma: 1 } }, '$.baseline.sigma'));
	it('a rate of Laney’s that nothing was learnt of', () =>
		f({ chart: 'u-prime', baseline: { centre: 4 } }, '$.baseline'));
	it('a centre without a sigma', () => f({ baseline: { centre: 4 } }, '$.baseline.sigma'));
	it('so many at least of means', () =>
		f({ chart: 'xbar-r', subgroup: { window: '1m', atLeast: 5 } }, '$.subgroup.atLeast'));
	it('curtailed windows of any size', () =>
		f({ chart: 'p', subgroup: { window: '1m', curtailed: true } }, '$.subgroup.curtailed'));
	it('a thousand values whose mean is judged', () => f({ chart: 'i-mr', subgroup: { size: 1000 } }, '$.subgroup.size'));
	it('short runs without parts', () => f({ chart: 'z-mr' }, '$.part', '$.targets'));
	it('short runs of a part that is no number', () =>
		f({ chart: 'z-mr', part: 'a/part', targets: { shaft: { centre: 1, sigma: 1 } } }, '$.targets.shaft'));
	it('short runs with a baseline', () =>
		f(
			{ chart: 'z-mr', part: 'a/part', targets: { 17: { centre: 1, sigma: 1 } }, baseline: { points: 50 } },
			'$.baseline',
		));
	it('parts without short runs', () => f({ part: 'a/part', targets: {} }, '$.part', '$.targets'));
	it('edges of rules that do not judge', () =>
		f({ chart: 'ewma', rule8: 'either-side', startup: 'partial' }, '$.rule8', '$.startup'));
	it('a group of nothing', () => f({ subgroup: { size: 0 } }, '$.subgroup.size'));
	it('a group by a trigger', () => f({ subgroup: { trigger: 'press-1/count' } }, '$.subgroup'));
	it('a window of a day and more', () => f({ subgroup: { window: '2d' } }, '$.subgroup.window'));
	it('means of single values', () => f({ chart: 'xbar-r' }, '$.subgroup'));
	it('counts between events in groups', () => f({ chart: 'g', subgroup: { size: 5 } }, '$.subgroup'));
	it('a transform of means', () => f({ chart: 'xbar-s', subgroup: { size: 5 }, transform: 'log' }, '$.transform'));
	it('an automatic plan with a transform', () => f({ chart: 'auto', transform: 'log' }, '$.transform'));
	it('an automatic plan with rules', () => f({ chart: 'auto', rules: 'nelson' }, '$.rules'));
	it('an automatic plan that learns nothing', () =>
		f({ chart: 'auto', baseline: { centre: 1, sigma: 1 } }, '$.baseline'));
	it('a memory without an EWMA', () => f({ lambda: 0.2 }, '$.lambda'));
	it('a slack without a CUSUM', () => f({ k: 0.5, h: 4 }, '$.k', '$.h'));
	it('a baseline by time', () => f({ baseline: { from: 'x', to: 'y' } }, '$.baseline'));
	it('a rule without a condition', () => f({ rules: [{ name: 'x' }] }, '$.rules.0'));
	it('a rule deep within another', () =>
		f({ rules: [{ name: 'x', all: [{ run: 9 }, { trend: 99 }] }] }, '$.rules.0.all.1.trend'));
	it('seven rules with names', () => f({ rules: [...'abcdefg'].map((name) => ({ name, run: 9 })) }, '$.rules'));
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
	it('a severity of what is no rule', () => f({ severities: { 9: 'info' } }, '$.severities.9'));
	it('a severity by rule that is none', () => f({ severities: { 1: 'fatal' } }, '$.severities.1'));
	it('two faults', () => f({ rules: [0], severity: 'fatal' }, '$.rules.0', '$.severity'));
});

/** Of a union, those of the alternative that was meant. */
function placesOf(issue: z.core.$ZodIssue, root: PropertyKey[] = []): string[] {
	const path = [...root, ...issue.path];
	if (issue.code !== 'invalid_union') return [['$', ...path].map(String).join('.')];
	const nearest = nearestBranch(issue.errors);
	return nearest.length === 0 || issue.message !== 'Invalid input'
		? [['$', ...path].map(String).join('.')]
		: nearest.flatMap((inner) => placesOf(inner, path));
}
