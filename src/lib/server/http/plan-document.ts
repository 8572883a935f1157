import { formatDuration } from '#contracts/duration.ts';
import type { Plan, PlanInput } from '#contracts/plan.ts';

/** The plan as it would stand in the configuration file: durations in words. */
export function toPlanDocument({ expect, subgroup, ...plan }: Plan): PlanInput {
	return {
		...plan,
		subgroup: 'window' in subgroup ? { window: formatDuration(subgroup.window) } : subgroup,
		...(expect === undefined ? {} : { expect: formatDuration(expect) }),
	};
}
