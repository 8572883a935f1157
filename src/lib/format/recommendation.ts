import * as m from '#messages';

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
	if (first === undefined || second === undefined) return m.llm_choose_two();
	if (counted.length === 0) return m.llm_no_weight_known();
	const names = { first: first.name, second: second.name };
	if (first.score - second.score < TIE) return m.llm_tie(names);
	const gains = counted
		.map((name) => ({ name, gain: weights[name] * (first.parts[name]! - second.parts[name]!) }))
		.sort((a, b) => b.gain - a.gain);
	const reasons = listOf(gains.filter(({ gain }) => gain > 0).map(({ name }) => criterionWords(name)));
	const against = gains.filter(({ gain }) => gain < 0).map(({ name }) => criterionWords(name));
	if (against.length === 0) return m.llm_first_for({ ...names, for: reasons });
	return m.llm_first_for_but({ ...names, for: reasons, against: listOf(against) });
}

function listOf(words: readonly string[]): string {
	if (words.length < 2) return words.join('');
	return m.llm_list_and({ list: words.slice(0, -1).join(', '), last: words.at(-1) ?? '' });
}

const WORDS: Readonly<Record<Criterion, readonly [name: () => string, inSentence: () => string]>> = {
	latency: [m.llm_criterion_latency, m.llm_in_latency],
	cost: [m.llm_criterion_cost, m.llm_in_cost],
	quality: [m.llm_criterion_quality, m.llm_in_quality],
	stability: [m.llm_criterion_stability, m.llm_in_stability],
};

/** @returns a criterion by itself: `Latency` */
export function criterionName(name: Criterion): string {
	return WORDS[name][0]();
}

/** @returns a criterion inside a sentence: `latency` */
export function criterionWords(name: Criterion): string {
	return WORDS[name][1]();
}
