import * as history from './history.ts';
import { CENTRE, HISTORY, LAST, MASK, SIGMA, STRIDE, WIDTH, type Memory, type Side } from './history.ts';

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
	/** How many sigmas from the centre rule 1 begins; default 3. The zones of the other rules stay where they are. */
	readonly limitsSigma?: number | undefined;
}

/** All that a slot remembers; survives JSON. */
export interface SlotState {
	readonly version: 1;
	/** null = not a number. */
	readonly centre: number | null;
	readonly sigma: number | null;
	readonly limitsSigma: number;
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
 * @param capacity number of slots, 48 bytes each
 * @throws RangeError from every method for a slot outside the capacity
 */
export function createBank({ capacity, options = {} }: { capacity: number; options?: RuleOptions }): Bank {
	const mode = modeOf(options);
	const one = { slots: new Uint32Array(1), values: new Float64Array(1), signals: new Uint16Array(1) };
	let memory = allocate(capacity);

	function startOf(slot: number): number {
		if (!(slot >= 0 && slot < memory.slots)) throw new RangeError(`no slot ${slot} in a bank of ${memory.slots}`);
		return slot * STRIDE;
	}

	function setLimits(slot: number, { centre, sigma, rules, limitsSigma = 3 }: SlotLimits): void {
		const at = startOf(slot);
		history.forget(memory.doubles, memory.words, at);
		writeLimits(memory.doubles, at, centre, sigma);
		memory.doubles[at + WIDTH] = limitsSigma;
		memory.words[at * 2 + MASK] = rules & 0xff;
	}

	function push(slot: number, value: number, centre?: number, sigma?: number): number {
		if (centre !== undefined || sigma !== undefined) return pushVarying(slot, value, centre, sigma);
		startOf(slot);
		one.slots[0] = slot;
		one.values[0] = value;
		history.advance(memory, one, 0, 1, mode);
		return one.signals[0]!;
	}

	/** The point's own limits stand in the slot's place while it is judged. */
	function pushVarying(slot: number, value: number, centre?: number, sigma?: number): number {
		const at = startOf(slot);
		const ownCentre = memory.doubles[at + CENTRE]!;
		const ownSigma = memory.doubles[at + SIGMA]!;
		writeLimits(memory.doubles, at, centre ?? ownCentre, sigma ?? ownSigma);
		const bits = push(slot, value);
		memory.doubles[at + CENTRE] = ownCentre;
		memory.doubles[at + SIGMA] = ownSigma;
		return bits;
	}

	function pushMany(
		slots: Uint32Array,
		values: Float64Array,
		signals: Uint16Array,
		onSignal?: (index: number) => void,
	): number {
		const n = slots.length;
		if (values.length < n || signals.length < n)
			throw new RangeError(`${n} slots, but ${values.length} values and room for ${signals.length} signals`);
		const columns = { slots, values, signals };
		let count = 0;
		for (let from = 0, to = 0; from < n; from = to) {
			const scattered = memory.slots > CACHED_SLOTS;
			to = scattered ? Math.min(n, from + history.BLOCK) : n;
			if (scattered) history.fetch(memory, slots, from, to);
			for (let i = from; (i = history.advance(memory, columns, i, to, mode)) < to; i++) {
				count++;
				onSignal?.(i);
			}
		}
		return count;
	}

	function wordsOf(slot: number): readonly [number, number, number] {
		const from = startOf(slot) * 2 + HISTORY;
		return [memory.words[from]!, memory.words[from + 1]!, memory.words[from + 2]!];
	}

	function grow(to: number): void {
		if (to <= memory.slots) return;
		const larger = allocate(to);
		larger.words.set(memory.words);
		memory = larger;
	}

	function snapshot(slot: number): SlotState {
		const at = startOf(slot);
		return {
			version: 1,
			centre: numberOrNull(memory.doubles[at + CENTRE]!),
			sigma: numberOrNull(memory.doubles[at + SIGMA]!),
			limitsSigma: memory.doubles[at + WIDTH]!,
			rules: memory.words[at * 2 + MASK]!,
			last: numberOrNull(memory.doubles[at + LAST]!),
			history: wordsOf(slot),
		};
	}

	function restore(slot: number, state: SlotState): void {
		if (state.version !== 1) throw new RangeError(`cannot restore a bank slot of version ${String(state.version)}`);
		setLimits(slot, { ...state, centre: state.centre ?? NaN, sigma: state.sigma ?? NaN });
		const at = startOf(slot);
		memory.doubles[at + LAST] = state.last ?? NaN;
		memory.words.set(state.history, at * 2 + HISTORY);
	}

	return {
		get capacity() {
			return memory.slots;
		},
		setLimits,
		push,
		pushMany,
		span: (slot, rule) => history.spanOf(rule, ...wordsOf(slot)),
		side: (slot, rule) => history.sideOf(rule, ...wordsOf(slot)),
		grow,
		release: (slot) => setLimits(slot, NOTHING),
		snapshot,
		restore,
	};
}

const NOTHING: SlotLimits = { centre: NaN, sigma: NaN, rules: 0 };
const MAX_SLOTS = 2 ** 25;
/** As many as a second-level cache of a megabyte holds; with more, fetching a block's slots beforehand pays. */
const CACHED_SLOTS = 2 ** 20 / (STRIDE * 8);

function allocate(slots: number): Memory {
	if (!Number.isInteger(slots) || slots < 0 || slots > MAX_SLOTS)
		throw new RangeError(`cannot make a bank of ${slots} slots; 0 to ${MAX_SLOTS} are possible`);
	const doubles = new Float64Array(slots * STRIDE);
	const words = new Int32Array(doubles.buffer);
	for (let at = 0; at < doubles.length; at += STRIDE) {
		doubles.fill(NaN, at, at + WIDTH);
		doubles[at + WIDTH] = 3;
	}
	return { slots, doubles, words, fetched: 0 };
}

function modeOf({ missing, rule8, startup }: RuleOptions): number {
	return (
		(startup === 'full-window' ? 0 : history.PARTIAL_WINDOW) |
		(rule8 === 'either-side' ? history.EITHER_SIDE : 0) |
		(missing === 'skip' ? 0 : history.BREAK)
	);
}

/** What cannot be judged by is kept as NaN. */
function writeLimits(doubles: Float64Array, at: number, centre: number, sigma: number): void {
	doubles[at + CENTRE] = Number.isFinite(centre) ? centre : NaN;
	doubles[at + SIGMA] = sigma > 0 && sigma < Infinity ? sigma : NaN;
}

function numberOrNull(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}
