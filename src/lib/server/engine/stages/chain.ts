import type { Chart } from '#contracts/chart.ts';
import type { Plan } from '#contracts/plan.ts';
import { createIndividual } from './individual.ts';
import { createMovingRange } from './moving-range.ts';
import type { Stage } from './stage.ts';

/** A plan, compiled. */
export interface Chain {
	/** Subgroup, transform and residual, in order; stages that would hand on what they get are left out. */
	readonly before: readonly Stage[];
	/** What is plotted: one statistic per chart, the first chart leads. */
	readonly charts: readonly { readonly chart: Chart; readonly statistic: Stage }[];
}

export interface Chains {
	compile(plan: Plan): Chain;
	grow(capacity: number): void;
}

/** The stages that all streams of a partition share. A new kind of stage is a file beside this one and a line here. */
export function createChains(capacity: number): Chains {
	const individual = createIndividual();
	const movingRange = createMovingRange(capacity);
	const imr: Chain = {
		before: [],
		charts: [
			{ chart: 'i', statistic: individual },
			{ chart: 'mr', statistic: movingRange },
		],
	};
	return {
		compile: () => imr,
		grow(to) {
			movingRange.grow(to);
		},
	};
}
