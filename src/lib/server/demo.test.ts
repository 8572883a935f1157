import { describe, expect, it } from 'vitest';
import { DEFAULT_PLAN, planSchema } from '#contracts/plan.ts';
import { createPlanFor } from './config/plan-for.ts';
import { withDemoPlans } from './demo.ts';

describe('a stream of the demo', () => {
	const none = withDemoPlans(createPlanFor([]));
	const f = (key: string, want: object, site = 'demo') =>
		expect(none({ site, key, labels: {}, kind: 'machine' }).plan).toMatchObject(want);
	it('is judged by the plan that its baseline recommends', () =>
		f('press-1/temperature', { chart: 'auto', baseline: { points: 300 } }));
	it('learns from fewer values where they come slowly', () =>
		f('provider-a/large/ttft_ms', { chart: 'auto', baseline: { points: 100 } }));
	it('may have a chart of deviations', () => f('compressor-1/pressure', { chart: 'xbar-s', subgroup: { size: 5 } }));
	it('of another site is none', () => f('press-1/temperature', DEFAULT_PLAN, 'plant-a'));
	it('follows the configuration file where that names it', () => {
		const plan = planSchema.parse({ rules: 'nelson' });
		const rule = { match: { key: 'press-1/*', labels: {} }, plan, source: 's.yaml:3' };
		const planFor = withDemoPlans(createPlanFor([rule]));
		expect(planFor({ site: 'demo', key: 'press-1/force', labels: {}, kind: 'machine' })).toEqual({
			plan,
			source: 's.yaml:3',
		});
	});
});
