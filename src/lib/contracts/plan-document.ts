import { formatDuration } from '#contracts/duration.ts';
import type { Plan, PlanInput } from '#contracts/plan.ts';

/** The plan as it would stand in the configuration file: durations in words. */
export function toPlanDocument({ expect, subgroup, reorder, ...plan }: Plan): PlanInput {
	return {
		...plan,
		// Plans of an older version are kept with a text.
		reorder: typeof reorder === 'number' && reorder > 0 ? formatDuration(reorder) : '0s',
		subgroup: 'window' in subgroup ? { ...subgroup, window: formatDuration(subgroup.window) } : subgroup,
		...(expect === undefined ? {} : { expect: formatDuration(expect) }),
	};
}
