import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Config } from '#contracts/config.ts';
import { createExclusive } from '#contracts/exclusive.ts';
import { planSchema, type PlanInput } from '#contracts/plan.ts';
import type { ChosenPlan } from './config/plan-for.ts';
import type { Demo } from './demo/port.ts';
import type { PlanFor } from './ingest/replan.ts';
import type { Actor } from './metadata/port-acts.ts';

const SITE = 'demo';

export function createDemo(parts: {
	/** Keeps what was chosen last over restarts. */
	readonly file: string;
	/** As long as nobody has chosen. */
	readonly byDefault: boolean;
	readonly config: () => Pick<Config, 'site' | 'collectors'>;
	/** Runs the collectors that are wanted by now, and no others. */
	readonly run: () => Promise<void>;
	readonly removeSite: (site: string, by: Actor) => Promise<unknown>;
}): Demo {
	const { file, config } = parts;
	const exclusive = createExclusive();
	let isOn = existsSync(file) ? readFileSync(file, 'utf8').trim() === 'on' : parts.byDefault;

	function choose(next: boolean): void {
		isOn = next;
		writeFileSync(file, next ? 'on\n' : 'off\n');
	}

	return {
		isOn: () => isOn,
		collectors: () =>
			isOn ? [{ name: 'demo', type: 'simulator', site: SITE, isolate: config().collectors.length > 0 }] : [],
		obstacle() {
			const { site, collectors } = config();
			const own = collectors.find((one) => one.name === 'demo' || (one.site ?? site) === SITE);
			if (own)
				return `the collector "${own.name}" of the configuration is called so, or measures on the site "${SITE}"`;
			return site === SITE ? `"${SITE}" is the site of the configuration` : undefined;
		},
		begin: () =>
			exclusive(async () => {
				choose(true);
				await parts.run();
			}),
		end: (by) =>
			exclusive(async () => {
				choose(false);
				await parts.run();
				await parts.removeSite(SITE, by);
			}),
	};
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
