import type { ApiCompare, ApiCompared } from '#contracts/llm-compare.ts';
import type { Measures } from '#lib/format/recommendation.ts';
import type { CompareTarget } from './compare-targets.ts';

/** What a target is weighed by, with the share of its calls that failed; null is what is not known. */
export interface Weighed extends Measures {
	readonly errors: number | null;
}

const COSTS = ['cost_per_1k_usd', 'cost_usd'] as const;

export interface Comparison {
	readonly targets: readonly Weighed[];
	/** Of all of them the same, or numbers would be put beside each other that are of different things. */
	readonly cost: (typeof COSTS)[number];
}

/** @param targets of the chosen characteristic, by the names under which they are shown */
export function weigh(
	answer: ApiCompare | undefined,
	metric: string,
	targets: readonly { readonly name: string; readonly target: CompareTarget }[],
): Comparison {
	const medianOf = (name: string, target: CompareTarget) =>
		comparedOf(answer, name, target)?.percentiles['0.5'] ?? null;
	const known = (name: string) => targets.filter(({ target }) => medianOf(name, target) !== null).length;
	const cost = known(COSTS[0]) >= known(COSTS[1]) ? COSTS[0] : COSTS[1];
	const weighed = targets.map(({ name, target }): Weighed => {
		const errors = comparedOf(answer, 'error', target)?.mean ?? null;
		return {
			name,
			errors,
			latency: medianOf(metric, target),
			cost: medianOf(cost, target),
			quality: comparedOf(answer, 'pass', target)?.mean ?? (errors === null ? null : 1 - errors),
			stability: comparedOf(answer, metric, target)?.inControl ?? null,
		};
	});
	return { targets: weighed, cost };
}

function comparedOf(answer: ApiCompare | undefined, name: string, target: CompareTarget): ApiCompared | undefined {
	const id = target.streams.get(name);
	return answer?.groups.find((group) => group.name === name)?.streams.find(({ stream }) => stream.id === id);
}
