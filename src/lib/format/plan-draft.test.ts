import { describe, expect, it } from 'vitest';
import { planSchema, type PlanInput } from '#contracts/plan.ts';
import { draftOf, faultsOf, planOf } from './plan-draft.ts';

describe('a plan that goes through the form untouched', () => {
	const f = (plan: PlanInput) => expect(planSchema.parse(planOf(draftOf(plan), plan))).toEqual(planSchema.parse(plan));
	it('is the same: the default', () => f({}));
	it('is the same: means of five with a route', () => f({ chart: 'xbar-r', subgroup: { size: 5 }, alert: 'ops' }));
	it('is the same: means of a minute', () =>
		f({ chart: 'xbar-s', subgroup: { window: '1m' }, rules: 'western-electric' }));
	it('is the same: an EWMA', () =>
		f({ chart: 'ewma', lambda: 0.1, limitsSigma: 2.7, baseline: { centre: 5, sigma: 2 } }));
	it('is the same: a CUSUM', () => f({ chart: 'cusum', k: 0.5, h: 4, spec: { lsl: -1, usl: 1, target: 0 } }));
	it('is the same: an automatic one', () => f({ chart: 'auto', expect: '90s', falseAlarmsPerDay: 0.5 }));
	it('is the same: rules written as data', () =>
		f({ rules: [{ name: 'drift', trend: 7 }] as PlanInput['rules'] & object }));
	it('is the same: shares over time', () =>
		f({ chart: 'p', subgroup: { window: '1m', atLeast: 20, curtailed: true }, baseline: { centre: 0.01 } }));
	it('is the same: defects on boards of a size', () => f({ chart: 'u', unitsPerPoint: 2.5, rule8: 'both-sides' }));
	it('is the same: short runs', () =>
		f({
			chart: 'z-mr',
			part: 'press/part',
			targets: { 17: { centre: 10, sigma: 0.1 }, 18: { centre: 20, sigma: 1 } },
		}));
	it('is the same: edges of rules', () => f({ missing: 'skip', rule8: 'either-side', startup: 'full-window' }));
	it('is the same: what to do', () => f({ reaction: ['Check coolant', 'Call maintenance'], severity: 'critical' }));
});

describe('a plan from the form', () => {
	const f = (change: object, want: object) => expect(planOf({ ...draftOf({}), ...change }, {})).toMatchObject(want);
	it('has the decimal comma of half of Europe', () => f({ lsl: '4,5' }, { spec: { lsl: 4.5 } }));
	it('leaves to the server what is no number', () => f({ points: 'many' }, { baseline: { points: 'many' } }));
	it('has targets a line each, with a decimal comma', () =>
		f(
			{ chart: 'z-mr', part: 'a', targets: '17 10 0,1\n\n18: 20; 1' },
			{ targets: { 17: { centre: 10, sigma: 0.1 }, 18: { centre: 20, sigma: 1 } } },
		));
	it('leaves to the server what is no target', () =>
		f({ chart: 'z-mr', targets: '17 ten' }, { targets: { 17: { centre: 'ten' } } }));
	it('has rules in their order', () => f({ rules: [5, 1] }, { rules: [1, 5] }));
	it('has nothing that does not belong to its chart', () => {
		const plan = planOf({ ...draftOf({}), chart: 'auto', lambda: '0.2', limitsSigma: '3' }, {});
		expect(Object.keys(plan)).not.toContain('lambda');
		expect(Object.keys(plan)).not.toContain('rules');
		expect(Object.keys(plan)).not.toContain('limitsSigma');
	});
});

describe('the faults of a field', () => {
	const faults = [
		{ path: '$.rules[0]', message: 'a' },
		{ path: '$.spec.usl', message: 'b' },
		{ path: '$.specials', message: 'c' },
	];
	const f = (field: string, want: string[]) => expect(faultsOf(faults, field)).toEqual(want);
	it('are those of its entries', () => f('rules', ['a']));
	it('are those of its parts', () => f('spec', ['b']));
	it('are its own', () => f('spec.usl', ['b']));
});
