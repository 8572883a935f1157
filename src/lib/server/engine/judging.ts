import {
	createBank,
	createRuleEvaluator,
	withWidth,
	type Bank,
	type Rule,
	type RuleOptions,
	type SumsStage,
} from '#rules';
import { bitOfRule, LIMIT_ABOVE, LIMIT_BELOW, type Side } from '#contracts/chart.ts';

/** What a chart is judged by, on the scale that is judged. */
export interface JudgedBy {
	readonly centre: number;
	readonly sigma: number;
	readonly limitsSigma: number;
	/** Nelson's rules; sets that are written as data belong to the judging itself. */
	readonly rules: readonly number[];
}

/** What finds signals in one kind of chart, over many slots; bits are those of contracts/chart.ts. */
export interface Judging {
	/** A new phase: what the slot has seen is dropped. */
	begin(slot: number, by: JudgedBy): void;
	/**
	 * @param value NaN = nothing is looked across from here on
	 * @param centre and `sigma` of this point where they vary
	 */
	push(slot: number, value: number, centre?: number, sigma?: number): number;
	/** These speak of a bit of the slot's last point. */
	side(slot: number, bit: number): Side;
	/** How many plotted points before it the pattern began. */
	span(slot: number, bit: number): number;
	/** The number that passed a limit. */
	value(slot: number, bit: number, plotted: number): number;
	release(slot: number): void;
	/** Exact, for v8.serialize. */
	snapshot(slot: number): unknown;
	restore(slot: number, state: unknown): void;
}

const ruleOf = (bit: number) => 32 - Math.clz32(bit);
const plottedItself: Judging['value'] = (_slot, _bit, plotted) => plotted;

/** Nelson's rules. */
export function createBankJudging(bank: Bank): Judging {
	return {
		begin: (slot, { rules, ...by }) =>
			bank.setLimits(slot, { ...by, rules: rules.reduce((bits, r) => bits | (1 << (r - 1)), 0) }),
		push: bank.push,
		side: (slot, bit) => bank.side(slot, ruleOf(bit)),
		span: (slot, bit) => bank.span(slot, ruleOf(bit)),
		value: plottedItself,
		release: bank.release,
		snapshot: bank.snapshot,
		restore: (slot, state) => bank.restore(slot, state as ReturnType<Bank['snapshot']>),
	};
}

/** Nelson's rules with other edges than usual. Few streams have them, so that slots are numbered anew. */
export function createOptionJudging(options: RuleOptions): Judging {
	const bank = createBank({ capacity: 0, options });
	const own = createNumbering((capacity) => bank.grow(capacity));
	const judging = createBankJudging(bank);
	return {
		begin: (slot, by) => judging.begin(own(slot), by),
		push: (slot, value, centre, sigma) => judging.push(own(slot), value, centre, sigma),
		side: (slot, bit) => judging.side(own(slot), bit),
		span: (slot, bit) => judging.span(own(slot), bit),
		value: plottedItself,
		release: (slot) => judging.release(own(slot)),
		snapshot: (slot) => judging.snapshot(own(slot)),
		restore: (slot, state) => judging.restore(own(slot), state),
	};
}

/** Numbers slots in the order in which they are met. @param grow is told when there is no room for the next one */
function createNumbering(grow: (capacity: number) => void): (slot: number) => number {
	const slots = new Map<number, number>();
	let capacity = 0;
	return (slot) => {
		const known = slots.get(slot);
		if (known !== undefined) return known;
		if (slots.size === capacity) grow((capacity = Math.max(16, capacity * 2)));
		slots.set(slot, slots.size);
		return slots.size - 1;
	};
}

/** Limits alone, both sides told apart: EWMAs. */
export function createOwnJudging(bank: Bank): Judging {
	const judging = createBankJudging(bank);
	return {
		...judging,
		begin: (slot, by) => judging.begin(slot, { ...by, rules: [1] }),
		push(slot, value, centre, sigma) {
			if (bank.push(slot, value, centre, sigma) === 0) return 0;
			return bank.side(slot, 1) === 'above' ? LIMIT_ABOVE : LIMIT_BELOW;
		},
		side: (_slot, bit) => (bit === LIMIT_ABOVE ? 'above' : 'below'),
		span: () => 0,
	};
}

/** Both sums of a CUSUM against their limit; the value pushed says only that there is one. */
export function createSumsJudging(sums: SumsStage, slotOf: (slot: number) => number): Judging {
	return {
		begin() {},
		push(slot, value) {
			if (value !== value) return 0;
			const own = slotOf(slot);
			const limit = sums.limit(own);
			return (sums.plus(own) > limit ? LIMIT_ABOVE : 0) | (sums.minus(own) > limit ? LIMIT_BELOW : 0);
		},
		side: (_slot, bit) => (bit === LIMIT_ABOVE ? 'above' : 'below'),
		span: (slot, bit) =>
			Math.max(0, (bit === LIMIT_ABOVE ? sums.sincePlus(slotOf(slot)) : sums.sinceMinus(slotOf(slot))) - 1),
		value: (slot, bit) => (bit === LIMIT_ABOVE ? sums.plus(slotOf(slot)) : -sums.minus(slotOf(slot))),
		release() {},
		snapshot: () => null,
		restore() {},
	};
}

/** A chart that is only looked at. */
export function createNoJudging(): Judging {
	return {
		begin() {},
		push: () => 0,
		side: () => 'none',
		span: () => 0,
		value: plottedItself,
		release() {},
		snapshot: () => null,
		restore() {},
	};
}

/** Rules written as data. */
export function createWrittenJudging(rules: readonly Rule[], limitsSigma: number, options: RuleOptions): Judging {
	const evaluator = createRuleEvaluator({ capacity: 0, rules: withWidth(rules, limitsSigma), options });
	const named = rules.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
	const bits = rules.map(({ name }) => bitOfRule(name as Parameters<typeof bitOfRule>[0], 'none', named));
	const own = createNumbering((capacity) => evaluator.grow(capacity));
	const at = (bit: number) => bits.indexOf(bit);

	return {
		begin: (slot, { centre, sigma }) => evaluator.setLimits(own(slot), { centre, sigma }),
		push(slot, value, centre, sigma) {
			let found = evaluator.push(own(slot), value, centre, sigma);
			let signals = 0;
			for (; found !== 0; found &= found - 1) signals |= bits[31 - Math.clz32(found & -found)]!;
			return signals;
		},
		side: (slot, bit) => evaluator.side(own(slot), at(bit)),
		span: (slot, bit) => evaluator.span(own(slot), at(bit)),
		value: plottedItself,
		release: (slot) => evaluator.release(own(slot)),
		snapshot: (slot) => evaluator.snapshot(own(slot)),
		restore: (slot, state) => evaluator.restore(own(slot), state as ReturnType<typeof evaluator.snapshot>),
	};
}
