import type { Limits } from '#contracts/limits.ts';
import type { Plan } from '#contracts/plan.ts';

type Given = Extract<Plan['baseline'], { readonly centre: number }>;

/**
 * Limits in force as the numbers of a plan: centre and sigma of single values; of counts the centre says the rest.
 *
 * @returns in words why they cannot be written so
 */
export function givenOf(plan: Plan, limits: readonly Limits[]): Given | string {
	const { chart, transform, subgroup } = plan;
	if ('centre' in plan.baseline) return 'The plan gives the limits already: nothing can move them.';
	const of = (name: Limits['chart']) => limits.find((one) => one.chart === name);
	const chosen = NAMES[chart] === undefined ? undefined : of(NAMES[chart]);
	if (chosen === undefined || transform !== 'none')
		return 'The limits of this plan cannot be written as a centre and a sigma. They hold until the plan changes or somebody starts a phase.';
	const { centre, sigma } = chosen;
	if (chart === 'c' || chart === 'g') return { centre };
	if (!(sigma > 0)) return 'The baseline does not vary: there is no sigma to freeze.';
	if (chart !== 'xbar-r' && chart !== 'xbar-s') return { centre, sigma };
	return 'size' in subgroup
		? { centre, sigma: sigma * Math.sqrt(subgroup.size) }
		: { centre, sigma: chosen.sized?.spread ?? sigma };
}

/** The chart whose limits are those of single values, or of their means. */
const NAMES: Partial<Record<Plan['chart'], Limits['chart']>> = {
	'i-mr': 'i',
	ewma: 'i',
	cusum: 'i',
	'xbar-r': 'xbar',
	'xbar-s': 'xbar',
	c: 'c',
	g: 'g',
};
