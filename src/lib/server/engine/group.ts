import type { Subgroup, Tally } from '#rules';
import type { Plan } from '#contracts/plan.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';

export function groupOf(subgroup: Plan['subgroup']): Subgroup {
	if ('size' in subgroup) return { kind: 'size', points: subgroup.size };
	return { kind: 'window', micros: subgroup.window * MICROS_PER_MS };
}

/** As `groupOf`, of counted units. */
export function tallyOf({ subgroup, unitsPerPoint = 1 }: Plan): Tally {
	const atLeast = 'window' in subgroup ? subgroup.atLeast : undefined;
	return { ...groupOf(subgroup), units: unitsPerPoint, ...(atLeast !== undefined && { atLeast }) };
}

/** Groups of so many of these groups. */
export function groupsOf(group: Subgroup, count: number): Subgroup {
	if (group.kind === 'size') return { kind: 'size', points: group.points * count };
	return { kind: 'window', micros: group.micros * count };
}
