import type { Stage } from './stage.ts';

/** The value itself: the statistic of the individuals chart, and a subgroup of one. */
export function createIndividual(): Stage {
	return {
		push: (_slot, value) => value,
		reset() {},
		grow() {},
		snapshot: () => [],
		restore() {},
	};
}
