import type { Bank } from '#rules';
import type { Plan } from '#contracts/plan.ts';
import type { Chain } from './chain.ts';
import { build } from './compile.ts';
import { createJudgings } from '#server/engine/judgings.ts';
import { rulesOfPlan } from './plan-rules.ts';
import { createStages } from './stages.ts';

export interface Chains {
	/** @returns the same chain for plans that are judged alike */
	compile(plan: Plan): Chain;
	grow(capacity: number): void;
}

export function createChains(capacity: number, bank: Bank): Chains {
	const stages = createStages(capacity);
	const judgings = createJudgings(bank);
	const known = new Map<string, Chain>();
	return {
		compile(plan) {
			const key = keyOf(plan);
			const chain = known.get(key) ?? build(plan, stages, judgings);
			known.set(key, chain);
			return chain;
		},
		grow: stages.grow,
	};
}

/** What the shape of a chain depends on; all else is parameters. */
function keyOf({ chart, subgroup, transform, rules, limitsSigma, rule8, startup }: Plan): string {
	const group = 'window' in subgroup ? 'window' : subgroup.size > 1 ? 'size' : 'single';
	return JSON.stringify([chart, group, transform, rulesOfPlan({ chart, rules }), limitsSigma, rule8, startup]);
}
