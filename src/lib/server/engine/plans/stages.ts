import {
	createMean,
	createMemories,
	createMovingRange,
	createScores,
	createSubgroup,
	createSums,
	createTally,
	createTransform,
} from '#rules';
import { createRates } from '#server/engine/limits/rates.ts';
import { createSpread } from '#server/engine/limits/spread.ts';
import { createTargets } from '#server/engine/limits/targets.ts';

export type Stages = ReturnType<typeof createStages>;

/** Each kind of stage once, for all streams; made when the first plan needs it. */
export function createStages(first: number) {
	let capacity = first;
	const made: { grow(capacity: number): void }[] = [];
	const lazy = <T extends { grow(capacity: number): void }>(create: (capacity: number) => T) => {
		let stage: T | undefined;
		return () => {
			if (stage === undefined) made.push((stage = create(capacity)));
			return stage;
		};
	};
	return {
		subgroup: lazy(createSubgroup),
		tally: lazy(createTally),
		rates: lazy(createRates),
		targets: lazy(createTargets),
		transform: lazy(() => createTransform()),
		spread: lazy(createSpread),
		range: lazy(createMovingRange),
		mean: lazy(createMean),
		sums: lazy(createSums),
		scores: lazy(createScores),
		slow: lazy(createMemories),
		fast: lazy(createMemories),
		grow(to: number) {
			capacity = to;
			for (const stage of made) stage.grow(to);
		},
	};
}
