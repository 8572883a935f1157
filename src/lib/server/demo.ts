import type { CollectorConfig } from '#contracts/config.ts';
import { planSchema, type PlanInput } from '#contracts/plan.ts';
import type { ChosenPlan } from './config/plan-for.ts';
import type { PlanFor } from './ingest/replan.ts';

const SITE = 'demo';

/** What runs while nothing is configured: a small plant and some LLM providers, simulated, in a site of their own. */
export function demoCollectors(): readonly CollectorConfig[] {
	return [{ name: 'demo', type: 'simulator', site: SITE, isolate: false }];
}

/**
 * Everything on recommended plans: 30 streams by plain limits of three sigma would alarm every few seconds. One stream shows that an
 * engineer may know better: its fault is a wider spread, which a chart of deviations finds.
 */
const PLANS: readonly { readonly key: RegExp; readonly plan: PlanInput }[] = [
	{
		key: /^compressor-\d+\/pressure$/,
		plan: { chart: 'xbar-s', subgroup: { size: 5 }, rules: [1], limitsSigma: 4, baseline: { points: 60 } },
	},
	// A call every few seconds: as many as the calm beginning has.
	{ key: /^provider-/, plan: { chart: 'auto', baseline: { points: 100 } } },
	{ key: /^/, plan: { chart: 'auto' } },
];

/** @returns plans for the demo's streams too, unless the file names one */
export function withDemoPlans(planFor: PlanFor): PlanFor {
	const plans = PLANS.map(({ key, plan }) => ({ key, plan: planSchema.parse(plan) }));
	return (name) => {
		const chosen: ChosenPlan = planFor(name);
		if (name.site !== SITE || chosen.source !== null || chosen.plan.rules === 'none') return chosen;
		return { plan: plans.find(({ key }) => key.test(name.key))!.plan, source: null };
	};
}
