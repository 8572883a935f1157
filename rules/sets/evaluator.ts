import type { RuleOptions } from '../bank/bank.ts';
import type { Side } from '../bank/history.ts';
import { compile, placesOf, questionsOf, sideOfBits } from './compile.ts';
import type { Rule } from './condition.ts';

export interface RuleSlotState {
	readonly version: 1;
	/** null = not a number. */
	readonly centre: number | null;
	readonly sigma: number | null;
	readonly last: number | null;
	readonly words: readonly number[];
}

/** Rules written as data, over many streams at once; the semantics of the bank's eight. */
export interface RuleEvaluator {
	/** Puts limits in force and drops the slot's history. */
	setLimits(slot: number, limits: { readonly centre: number; readonly sigma: number }): void;
	/** @returns bit i = the point completes rule i of the list; what is not finite is missing */
	push(slot: number, value: number, centre?: number, sigma?: number): number;
	/** Of a rule that the slot's last point completed. */
	side(slot: number, rule: number): Side;
	/** Points (missing ones not counted) before the last one that the pattern began. */
	span(slot: number, rule: number): number;
	grow(capacity: number): void;
	release(slot: number): void;
	/** Exact; survives JSON. */
	snapshot(slot: number): RuleSlotState;
	/** @throws RangeError for a state of other rules or another version */
	restore(slot: number, state: RuleSlotState): void;
}

const MOST_RULES = 31;
const LAST = 0;
const CENTRE = 1;
const SIGMA = 2;
const DOUBLES = 3;

/** @throws RangeError for more than 31 rules, and from every method for a slot outside the capacity */
export function createRuleEvaluator({
	capacity,
	rules,
	options = {},
}: {
	capacity: number;
	rules: readonly Rule[];
	options?: RuleOptions;
}): RuleEvaluator {
	if (rules.length > MOST_RULES) throw new RangeError(`${rules.length} rules; at most ${MOST_RULES} are possible`);
	const questions = questionsOf(rules.map(({ condition }) => condition));
	const { lines, within, words: width } = questions;
	const { rising, falling, there } = placesOf(questions);
	const checks = rules.map(({ condition }) => compile(condition, questions, options));
	const both = rules.map(({ condition }) => 'side' in condition && condition.side === 'both');
	let slots = 0;
	let words = new Int32Array(0);
	let doubles = new Float64Array(0);

	function grow(to: number): void {
		if (to <= slots) return;
		const [w, d] = [new Int32Array(to * width), new Float64Array(to * DOUBLES).fill(NaN)];
		w.set(words);
		d.set(doubles);
		[words, doubles, slots] = [w, d, to];
	}
	grow(capacity);

	function check(slot: number): void {
		if (!(slot >= 0 && slot < slots)) throw new RangeError(`no slot ${slot} in an evaluator of ${slots}`);
	}

	function forget(slot: number): void {
		words.fill(0, slot * width, (slot + 1) * width);
		doubles[slot * DOUBLES + LAST] = NaN;
	}

	function setLimits(slot: number, { centre, sigma }: { centre: number; sigma: number }): void {
		check(slot);
		forget(slot);
		doubles[slot * DOUBLES + CENTRE] = Number.isFinite(centre) ? centre : NaN;
		doubles[slot * DOUBLES + SIGMA] = sigma > 0 && sigma < Infinity ? sigma : NaN;
	}

	/** Nothing compares with NaN: an unusable sigma switches off all lines but the centre. */
	function answer(base: number, value: number, centre: number, sigma: number, last: number): void {
		let w = base;
		for (let i = 0; i < lines.length; i++) {
			const reach = lines[i] === 0 ? 0 : lines[i]! * sigma;
			words[w] = (words[w]! << 1) | +(value > centre + reach);
			words[w + 1] = (words[w + 1]! << 1) | +(value < centre - reach);
			w += 2;
		}
		for (let i = 0; i < within.length; i++) {
			const reach = within[i]! * sigma;
			words[w] = (words[w]! << 1) | (+(value <= centre + reach) & +(value >= centre - reach));
			w++;
		}
		words[base + rising] = (words[base + rising]! << 1) | +(value > last);
		words[base + falling] = (words[base + falling]! << 1) | +(value < last);
		words[base + there] = (words[base + there]! << 1) | 1;
	}

	function bitsOf(slot: number, rule: number): number {
		check(slot);
		return checks[rule]!.holds(words, slot * width);
	}

	return {
		setLimits,
		grow,
		push(slot, value, centre, sigma) {
			check(slot);
			if (!Number.isFinite(value)) {
				if (options.missing !== 'skip') forget(slot);
				return 0;
			}
			const at = slot * DOUBLES;
			const own = sigma !== undefined && !(sigma > 0 && sigma < Infinity) ? NaN : sigma;
			answer(slot * width, value, centre ?? doubles[at + CENTRE]!, own ?? doubles[at + SIGMA]!, doubles[at + LAST]!);
			doubles[at + LAST] = value;
			let bits = 0;
			for (let i = 0; i < checks.length; i++) if (checks[i]!.holds(words, slot * width) !== 0) bits |= 1 << i;
			return bits;
		},
		side: (slot, rule) => sideOfBits(bitsOf(slot, rule), both[rule]!),
		span: (slot, rule) => checks[rule]!.span(words, slot * width, bitsOf(slot, rule)),
		release: (slot) => setLimits(slot, { centre: NaN, sigma: NaN }),
		snapshot(slot) {
			check(slot);
			const number = (i: number) => finiteOrNull(doubles[slot * DOUBLES + i]!);
			return {
				version: 1,
				centre: number(CENTRE),
				sigma: number(SIGMA),
				last: number(LAST),
				words: Array.from(words.subarray(slot * width, (slot + 1) * width)),
			};
		},
		restore(slot, state) {
			if (state.version !== 1 || state.words.length !== width)
				throw new RangeError('cannot restore a slot of other rules or another version');
			setLimits(slot, { centre: state.centre ?? NaN, sigma: state.sigma ?? NaN });
			words.set(state.words, slot * width);
			doubles[slot * DOUBLES + LAST] = state.last ?? NaN;
		},
	};
}

function finiteOrNull(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}
