import {
	advance,
	CENTRE,
	EITHER_SIDE,
	LAST,
	LINE,
	PARTIAL_WINDOW,
	sideOf,
	spanOf,
	WORDS,
	type Side,
} from './history.ts';

/** How the rules treat the edges of their definitions; the first of each is the default. */
export interface RuleOptions {
	/** A missing value ends all runs and windows, or is as if it had never been. */
	readonly missing?: 'break' | 'skip' | undefined;
	/** Rule 8 wants points on both sides of the centre, or takes eight on one side too. */
	readonly rule8?: 'both-sides' | 'either-side' | undefined;
	/** Rules 5 and 6 fire as soon as 2 (4) points qualify, or only once 3 (5) points are there. */
	readonly startup?: 'partial' | 'full-window' | undefined;
}

export interface SlotLimits {
	readonly centre: number;
	/** Of the plotted statistic. Zero, negative or not finite: rules 1 and 5 to 8 are off, 2 to 4 still work. */
	readonly sigma: number;
	/** Bit r-1 = rule r judges. */
	readonly rules: number;
}

/** All that a slot remembers; survives JSON. */
export interface SlotState {
	readonly version: 1;
	/** null = not a number. */
	readonly centre: number | null;
	readonly sigma: number | null;
	readonly rules: number;
	/** The value that the next step is measured from; null at the start of a history. */
	readonly last: number | null;
	readonly history: readonly [number, number, number];
}

/** Nelson's rules over many streams at once. Slots are numbers below the capacity; a slot without limits is silent. */
export interface Bank {
	readonly capacity: number;
	/** Puts limits in force and drops the slot's history: a new phase. */
	setLimits(slot: number, limits: SlotLimits): void;
	/**
	 * Judges one value. NaN (and anything not finite) is a missing value.
	 *
	 * @param centre of this point, with `sigma`, where they vary from point to point
	 * @returns bit r-1 = this point completes rule r
	 */
	push(slot: number, value: number, centre?: number, sigma?: number): number;
	/**
	 * Judges many values in order; a slot may come many times.
	 *
	 * @param signals is filled with what `push` returns, one per value
	 * @param onSignal runs while the bank stands at that point, so that `side` and `span` speak of it
	 * @returns how many points completed a rule
	 */
	pushMany(slots: Uint32Array, values: Float64Array, signals: Uint16Array, onSignal?: (index: number) => void): number;
	/** How many points (missing ones not counted) before the last one the pattern of `rule` began. Only for a rule that it completed. */
	span(slot: number, rule: number): number;
	/** Where the pattern of `rule` lies. Only for a rule that the slot's last point completed. */
	side(slot: number, rule: number): Side;
	/** Makes room for more slots; never takes room away. */
	grow(capacity: number): void;
	/** Forgets limits and history of a slot. */
	release(slot: number): void;
	snapshot(slot: number): SlotState;
	/** The slot continues as if it had never stopped. @throws RangeError for a state of another version */
	restore(slot: number, state: SlotState): void;
}

/**
 * @param capacity number of slots, 80 bytes each
 * @throws RangeError from every method for a slot outside the capacity
 */
export function createBank({ capacity, options = {} }: { capacity: number; options?: RuleOptions }): Bank {
	const mode =
		(options.startup === 'full-window' ? 0 : PARTIAL_WINDOW) | (options.rule8 === 'either-side' ? EITHER_SIDE : 0);
	const breaks = options.missing !== 'skip';
	let slots = 0;
	let words = new Int32Array(0);
	let lines = new Float64Array(0);
	let sigmas = new Float64Array(0);
	grow(capacity);

	/** The line after the last slot is scratch for limits that vary. */
	function grow(to: number): void {
		if (!Number.isInteger(to) || to < 0 || to > 2 ** 26) throw new RangeError(`cannot make a bank of ${to} slots`);
		if (to < slots) return;
		const old = { words, lines, sigmas, slots };
		words = new Int32Array(to * WORDS);
		lines = new Float64Array((to + 1) * LINE).fill(NaN);
		sigmas = new Float64Array(to).fill(NaN);
		words.set(old.words);
		lines.set(old.lines.subarray(0, old.slots * LINE));
		sigmas.set(old.sigmas);
		slots = to;
	}

	function check(slot: number): void {
		if (!(slot >= 0 && slot < slots)) throw new RangeError(`no slot ${slot} in a bank of ${slots}`);
	}

	function forget(slot: number): void {
		words.fill(0, slot * WORDS, slot * WORDS + WORDS - 1);
		lines[slot * LINE + LAST] = NaN;
	}

	function setLimits(slot: number, { centre, sigma, rules }: SlotLimits): void {
		check(slot);
		forget(slot);
		words[slot * WORDS + WORDS - 1] = rules & 0xff;
		sigmas[slot] = sigma;
		writeEdges(lines, slot * LINE, centre, sigma);
	}

	function push(slot: number, value: number, centre?: number, sigma?: number): number {
		check(slot);
		if (value - value !== 0) {
			if (breaks) forget(slot);
			return 0;
		}
		let edgesAt = slot * LINE;
		if (centre !== undefined || sigma !== undefined) {
			writeEdges(lines, slots * LINE, centre ?? lines[edgesAt + CENTRE]!, sigma ?? sigmas[slot]!);
			edgesAt = slots * LINE;
		}
		return advance(words, lines, slot, edgesAt, value, mode) & words[slot * WORDS + WORDS - 1]!;
	}

	function pushMany(
		at: Uint32Array,
		values: Float64Array,
		signals: Uint16Array,
		onSignal?: (index: number) => void,
	): number {
		const n = at.length;
		if (values.length < n || signals.length < n)
			throw new RangeError(`${n} slots, but ${values.length} values and room for ${signals.length} signals`);
		let count = 0;
		for (let i = 0; i < n; i++) {
			const slot = at[i]!;
			const value = values[i]!;
			if (slot >= slots) check(slot);
			let bits = 0;
			if (value - value === 0)
				bits = advance(words, lines, slot, slot * LINE, value, mode) & words[slot * WORDS + WORDS - 1]!;
			else if (breaks) forget(slot);
			signals[i] = bits;
			if (bits !== 0) {
				count++;
				if (onSignal !== undefined) onSignal(i);
			}
		}
		return count;
	}

	function span(slot: number, rule: number): number {
		check(slot);
		const w = slot * WORDS;
		return spanOf(rule, words[w]!, words[w + 1]!, words[w + 2]!);
	}

	function side(slot: number, rule: number): Side {
		check(slot);
		const w = slot * WORDS;
		return sideOf(rule, words[w]!, words[w + 1]!, words[w + 2]!);
	}

	function release(slot: number): void {
		setLimits(slot, { centre: NaN, sigma: NaN, rules: 0 });
	}

	function snapshot(slot: number): SlotState {
		check(slot);
		const w = slot * WORDS;
		return {
			version: 1,
			centre: numberOrNull(lines[slot * LINE + CENTRE]!),
			sigma: numberOrNull(sigmas[slot]!),
			rules: words[w + 3]!,
			last: numberOrNull(lines[slot * LINE + LAST]!),
			history: [words[w]!, words[w + 1]!, words[w + 2]!],
		};
	}

	function restore(slot: number, state: SlotState): void {
		if (state.version !== 1) throw new RangeError(`cannot restore a bank slot of version ${String(state.version)}`);
		setLimits(slot, { centre: state.centre ?? NaN, sigma: state.sigma ?? NaN, rules: state.rules });
		words.set(state.history, slot * WORDS);
		lines[slot * LINE + LAST] = state.last ?? NaN;
	}

	return {
		get capacity() {
			return slots;
		},
		setLimits,
		push,
		pushMany,
		span,
		side,
		grow,
		release,
		snapshot,
		restore,
	};
}

/** Nothing compares with NaN, so an edge that is NaN switches off what would ask for it. */
function writeEdges(lines: Float64Array, at: number, centre: number, sigma: number): void {
	const cl = centre - centre === 0 ? centre : NaN;
	const s = sigma > 0 && sigma < Infinity ? sigma : NaN;
	lines[at + 1] = cl;
	lines[at + 2] = cl + s;
	lines[at + 3] = cl - s;
	lines[at + 4] = cl + 2 * s;
	lines[at + 5] = cl - 2 * s;
	lines[at + 6] = cl + 3 * s;
	lines[at + 7] = cl - 3 * s;
}

function numberOrNull(value: number): number | null {
	return value - value === 0 ? value : null;
}
