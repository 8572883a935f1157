import {
	AIAG_RULES,
	NELSON,
	parseCustomRules,
	SPREAD_RULES,
	WESTERN_ELECTRIC_RULES,
	WESTGARD_RULES,
	type Rule,
} from '#rules';
import type { Plan } from '#contracts/plan.ts';

/** What judges a plan's leading chart. */
export interface PlanRules {
	/** Nelson's numbers; of written rules those that stand for the same pattern. */
	readonly numbers: readonly number[];
	readonly named: readonly string[];
	/** Judge in place of Nelson's own eight. */
	readonly written?: readonly Rule[];
}

export function rulesOfPlan({ chart, rules }: Pick<Plan, 'chart' | 'rules'>): PlanRules {
	if (typeof rules === 'string') return ofSet(rules);
	const numbers = rules.filter((rule) => typeof rule === 'number');
	if (numbers.length < rules.length) return written(parseCustomRules(rules, '').rules);
	// Counts between events are skewed: what a plan does not ask for takes their half below the mean for a shift.
	if (chart === 'g' && String(numbers) === '1,2,5,6') return { numbers: SPREAD_RULES, named: [] };
	return { numbers, named: [] };
}

function ofSet(name: Extract<Plan['rules'], string>): PlanRules {
	switch (name) {
		case 'nelson':
			return { numbers: NELSON, named: [] };
		case 'none':
			return { numbers: [], named: [] };
		case 'western-electric':
			return written(WESTERN_ELECTRIC_RULES);
		case 'westgard':
			return written(WESTGARD_RULES);
		case 'aiag':
			return written(AIAG_RULES);
	}
}

function written(rules: readonly Rule[]): PlanRules {
	const names = rules.map(({ name }) => name);
	return {
		numbers: names.filter((name) => typeof name === 'number'),
		named: names.filter((name) => typeof name === 'string'),
		written: rules,
	};
}
