import { compile, flatten, questionsOf } from './compile.ts';
import type { Condition } from './condition.ts';

/** States that rules can be in without a signal; the first is the start. */
export interface Chain {
	readonly states: number;
	/** For each state and zone the state after it; -1 = a signal. */
	readonly next: Int32Array;
}

/** What a set may remember, before simulation is the quicker way. */
const MOST_STATES = 150_000;

/**
 * The Markov chain of conditions over zones between edges, found from the start by taking every step.
 *
 * Histories are told apart by what any condition can still ask of them: of a word that only whole stretches are asked
 * of, the unbroken ones
 * at its end.
 *
 * @param edges of the zones, ascending, in sigmas
 * @returns undefined for more states than memory is good for
 */
export function chainOf(conditions: readonly Condition[], edges: readonly number[]): Chain | undefined {
	const questions = questionsOf(conditions);
	const checks = conditions.map((condition) => compile(condition, questions));
	const keep = keepersOf(conditions, questions);
	const answers = answersOf(questions, edges);
	const zones = edges.length + 1;
	const width = questions.words;
	const found = new Map<string, number>();
	const queue: Int32Array[] = [];
	const next: number[] = [];
	const stateOf = (words: Int32Array) => {
		const key = words.join();
		const known = found.get(key);
		if (known !== undefined) return known;
		found.set(key, queue.length);
		return queue.push(words) - 1;
	};
	stateOf(new Int32Array(width));
	for (let s = 0; s < queue.length; s++) {
		if (queue.length > MOST_STATES) return undefined;
		for (let z = 0; z < zones; z++) {
			const words = queue[s]!.map((word, w) => (word << 1) | answers[z]![w]!);
			const signals = checks.some((check) => check.holds(words, 0) !== 0);
			if (!signals) keep(words);
			next.push(signals ? -1 : stateOf(words));
		}
	}
	return { states: queue.length, next: Int32Array.from(next) };
}

/** What a point of each zone answers to each question. */
function answersOf({ lines, within, words }: ReturnType<typeof questionsOf>, edges: readonly number[]): number[][] {
	return Array.from({ length: edges.length + 1 }, (_, z) => {
		const low = edges[z - 1] ?? -Infinity;
		const high = edges[z] ?? Infinity;
		const answers = [
			...lines.flatMap((line) => [+(low >= line), +(high <= -line)]),
			...within.map((line) => +(low >= -line && high <= line)),
		];
		return [...answers, ...Array<number>(words - answers.length).fill(0)];
	});
}

/** Drops what cannot matter any more from the words of a state. */
function keepersOf(
	conditions: readonly Condition[],
	{ lines, within }: ReturnType<typeof questionsOf>,
): (words: Int32Array) => void {
	const uses = conditions.flatMap(flatten);
	const keepers: ((words: Int32Array) => void)[] = [];
	lines.forEach((line, i) => {
		const windows = uses.flatMap((c) =>
			'beyond' in c && c.beyond === line
				? [c]
				: 'run' in c && line === 0
					? [{ count: c.run, of: c.run, side: 'same' }]
					: [],
		);
		const own = windows.filter(({ side }) => side === 'same');
		const shared = windows.filter(({ side }) => side !== 'same');
		const [above, below] = [2 * i, 2 * i + 1];
		keepers.push((words) => {
			const together = keptBits(words[above]! | words[below]!, shared);
			words[above]! &= keptBits(words[above]!, own) | together;
			words[below]! &= keptBits(words[below]!, own) | together;
		});
	});
	within.forEach((line, i) => {
		const windows = uses.filter((c) => 'within' in c).filter((c) => c.within === line);
		const at = 2 * lines.length + i;
		keepers.push((words) => {
			words[at]! &= keptBits(words[at]!, windows);
		});
	});
	return (words) => {
		for (const keeper of keepers) keeper(words);
	};
}

/** @returns the bits of a word, newest lowest, that windows of the next points can still count */
function keptBits(word: number, windows: readonly { readonly count: number; readonly of: number }[]): number {
	let kept = 0;
	for (const { count, of } of windows) {
		const window = (1 << (of - 1)) - 1;
		const stretch = 31 - Math.clz32(~word & (word + 1));
		kept |= count === of ? window & ((1 << stretch) - 1) : window;
	}
	return kept;
}
