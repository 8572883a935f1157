/** What a reader weighs targets by. */
export const CRITERIA = ['latency', 'cost', 'quality', 'stability'] as const;
export type Criterion = (typeof CRITERIA)[number];
export type Weights = Readonly<Record<Criterion, number>>;

/** Of one target; null is what is not known. */
export interface Measures extends Readonly<Record<Criterion, number | null>> {
	readonly name: string;
}

export interface Recommended {
	readonly name: string;
	/** 0 to 1: the weighted mean of the parts. */
	readonly score: number;
	/** Of each criterion that counts, 1 for the best of all. */
	readonly parts: Readonly<Partial<Record<Criterion, number>>>;
}

export interface Recommendation {
	/** Best first. */
	readonly ranked: readonly Recommended[];
	/** Weighed and left out all the same: not every target has it. */
	readonly unknown: readonly Criterion[];
	readonly sentence: string;
}

const LESS_IS_BETTER: Readonly<Record<Criterion, boolean>> = {
	latency: true,
	cost: true,
	quality: false,
	stability: false,
};

/**
 * Ranks by weights that the reader has set, and says by what. A part is the ratio to the best one: twice as slow is half as good. What is not
 * known of one target counts for none, or not to be measured would be an advantage.
 */
export function recommend(targets: readonly Measures[], weights: Weights): Recommendation {
	const weighed = CRITERIA.filter((name) => weights[name] > 0);
	const counted = weighed.filter((name) => targets.every((target) => target[name] !== null));
	const unknown = weighed.filter((name) => !counted.includes(name));
	const total = counted.reduce((sum, name) => sum + weights[name], 0);
	const ranked = targets
		.map(({ name, ...values }): Recommended => {
			const parts = Object.fromEntries(counted.map((one) => [one, partOf(one, values[one]!, targets)]));
			const sum = counted.reduce((all, one) => all + weights[one] * parts[one]!, 0);
			return { name, parts, score: total === 0 ? 0 : sum / total };
		})
		.sort((a, b) => b.score - a.score);
	return { ranked, unknown, sentence: sentenceOf(ranked, { weights, counted }) };
}

function partOf(name: Criterion, value: number, targets: readonly Measures[]): number {
	const values = targets.map((target) => target[name]!);
	if (LESS_IS_BETTER[name]) {
		const best = Math.min(...values);
		return value === 0 ? 1 : best / value;
	}
	const best = Math.max(...values);
	return best === 0 ? 1 : value / best;
}

/** Differences in score that are worth less than this are no reason. */
const TIE = 0.01;

function sentenceOf(
	ranked: readonly Recommended[],
	{ weights, counted }: { readonly weights: Weights; readonly counted: readonly Criterion[] },
): string {
	const [first, second] = ranked;
	if (first === undefined || second === undefined) return 'Choose at least two targets.';
	if (counted.length === 0) return 'Nothing that has a weight is known of all targets.';
	if (first.score - second.score < TIE)
		return `By these weights ${first.name} and ${second.name} are as good as each other.`;
	const gains = counted
		.map((name) => ({ name, gain: weights[name] * (first.parts[name]! - second.parts[name]!) }))
		.sort((a, b) => b.gain - a.gain);
	const forIt = gains.filter(({ gain }) => gain > 0).map(({ name }) => name);
	const against = gains.filter(({ gain }) => gain < 0).map(({ name }) => name);
	const but = against.length === 0 ? '' : `, although ${second.name} is better in ${listOf(against)}`;
	return `By these weights ${first.name} comes before ${second.name} for its ${listOf(forIt)}${but}.`;
}

function listOf(words: readonly string[]): string {
	return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
