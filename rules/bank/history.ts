/**
 * What the eight rules remember of a stream: one bit per recent point and question ("above the centre?", "rising?"),
 * newest in the lowest bit of its field, packed into three 32-bit words. A point shifts every field by one.
 *
 * A rule is then a mask compare, whatever the length of its window. The field widths are Nelson's windows
 * (Nelson, "The Shewhart Control Chart - Tests for Special Causes", J. Quality Technology 16(4), 1984).
 */

/**
 * Memory of one slot, in doubles: last value, centre, sigma, width of rule 1 in sigmas, then four 32-bit words (three of
 * history and the mask of the rules that judge). Together, so that a point touches one or two cache lines.
 */
export const STRIDE = 6;
export const LAST = 0;
export const CENTRE = 1;
export const SIGMA = 2;
export const WIDTH = 3;
/** The first word of a slot, in 32-bit words from the slot's beginning. */
export const HISTORY = 8;
export const MASK = 11;

/** One buffer seen as doubles and as words. */
export interface Memory {
	readonly slots: number;
	readonly doubles: Float64Array;
	readonly words: Int32Array;
	/** What `fetch` has read, of no meaning: reads that nobody keeps would be left out. */
	fetched: number;
}

/** Which side a pattern lies on. For rule 3 `above` is a rise and `below` a fall; rules 4 and 7 have no side. */
export type Side = 'above' | 'below' | 'both' | 'none';

// Word 0: inside zone C (15 bits) | above the centre (9) | above CL + s (8).
const ABOVE = 15;
const ABOVE_1 = 24;
// Word 1: rising (13) | below the centre (9) | below CL - s (8).
const BELOW = 13;
const BELOW_1 = 22;
// Word 2: falling (13) | above CL + 2s (3) | below CL - 2s (3) | a point was there (5).
const ABOVE_2 = 13;
const BELOW_2 = 16;
const THERE = 19;

// The lowest bit of each field is dropped from the shifted word: what was shifted there left the field below.
const KEEP_0 = ~(1 | (1 << ABOVE) | (1 << ABOVE_1));
const KEEP_1 = ~(1 | (1 << BELOW) | (1 << BELOW_1));
const KEEP_2 = ~(1 | (1 << ABOVE_2) | (1 << BELOW_2) | (1 << THERE));

const INSIDE_15 = 0x7fff;
const ABOVE_9 = 0x1ff << ABOVE;
const BELOW_9 = 0x1ff << BELOW;
const STEPS_5 = 0x1f;
const STEPS_13 = 0x1fff;
const ODD_STEPS = 0x1555;
const EVEN_STEPS = 0x0aaa;
const THERE_3 = 0b111 << THERE;
const THERE_5 = 0b11111 << THERE;
// Bit n is set when the window n (newest point in bit 0) completes the rule: the newest is beyond and enough others are.
const TWO_OF_THREE = (1 << 0b011) | (1 << 0b101) | (1 << 0b111);
const FOUR_OF_FIVE = (1 << 0b01111) | (1 << 0b10111) | (1 << 0b11011) | (1 << 0b11101) | (1 << 0b11111);

/** Bits of `mode`; the first two stand where rules 5, 6 and 8 look for them. */
export const PARTIAL_WINDOW = 1;
export const EITHER_SIDE = 2;
export const BREAK = 4;

/** How many points are fetched together: 64 slots are 3 kB of the 32 that a first-level cache has. */
export const BLOCK = 64;

/**
 * Brings the slots of a block into the cache. The reads do not depend on each other, so that the processor waits for
 * many at once; `advance` alone, with its 25 ns of work between two slots, would wait for each. At 100,000 streams in
 * random order this is 24 to 29 million points a second instead of 7 to 19.
 */
export function fetch(memory: Memory, slots: Uint32Array, from: number, to: number): void {
	const { words, slots: capacity } = memory;
	let seen = 0;
	for (let i = from; i < to; i++) {
		const slot = slots[i]!;
		// Both ends: half of the slots lie across two cache lines.
		if (slot < capacity) seen |= words[slot * STRIDE * 2]! | words[slot * STRIDE * 2 + MASK]!;
	}
	memory.fetched = seen;
}

/**
 * Takes values into their slots' histories until one completes a rule that judges its slot.
 *
 * One loop without a call in it: 19 ns a point, against 31 with a function per point, which is too long to be inlined.
 * `+(a > b)` compiles to a flag, not to a branch that random data would mispredict. Nothing compares with NaN, so a
 * centre, sigma or last value that is NaN switches off what would ask for it.
 *
 * @param signals gets bit r-1 for rule r, for every value taken
 * @param from index of the first value to take
 * @param to one after the last
 * @returns index of the value that completed a rule, or `to`
 * @throws RangeError for a slot outside the memory
 */
export function advance(
	{ doubles, words, slots: capacity }: Memory,
	{ slots, values, signals }: { slots: Uint32Array; values: Float64Array; signals: Uint16Array },
	from: number,
	to: number,
	mode: number,
): number {
	for (let i = from; i < to; i++) {
		const slot = slots[i]!;
		if (slot >= capacity) throw new RangeError(`no slot ${slot} in a bank of ${capacity}`);
		const at = slot * STRIDE;
		const w = at * 2 + HISTORY;
		const x = values[i]!;
		if (x - x !== 0) {
			if ((mode & BREAK) !== 0) forget(doubles, words, at);
			signals[i] = 0;
			continue;
		}
		const last = doubles[at]!;
		const centre = doubles[at + CENTRE]!;
		const sigma = doubles[at + SIGMA]!;
		const width = doubles[at + WIDTH]! * sigma;
		const high1 = centre + sigma;
		const low1 = centre - sigma;
		const inside = +(x <= high1) & +(x >= low1);
		const w0 = ((words[w]! << 1) & KEEP_0) | inside | (+(x > centre) << ABOVE) | (+(x > high1) << ABOVE_1);
		const w1 = ((words[w + 1]! << 1) & KEEP_1) | +(x > last) | (+(x < centre) << BELOW) | (+(x < low1) << BELOW_1);
		const w2 =
			((words[w + 2]! << 1) & KEEP_2) |
			+(x < last) |
			(+(x > centre + 2 * sigma) << ABOVE_2) |
			(+(x < centre - 2 * sigma) << BELOW_2) |
			(1 << THERE);
		words[w] = w0;
		words[w + 1] = w1;
		words[w + 2] = w2;
		doubles[at] = x;

		const above8 = w0 >>> ABOVE_1;
		const below8 = (w1 >>> BELOW_1) & 0xff;
		const rising = w1 & STEPS_13;
		const falling = w2 & STEPS_13;
		const rule1 = +(x > centre + width) | +(x < centre - width);
		const rule2 = +((w0 & ABOVE_9) === ABOVE_9) | +((w1 & BELOW_9) === BELOW_9);
		const rule3 = +((rising & STEPS_5) === STEPS_5) | +((falling & STEPS_5) === STEPS_5);
		const rule4 =
			(+(rising === ODD_STEPS) & +(falling === EVEN_STEPS)) | (+(rising === EVEN_STEPS) & +(falling === ODD_STEPS));
		const rule5 =
			((TWO_OF_THREE >>> ((w2 >>> ABOVE_2) & 7)) | (TWO_OF_THREE >>> ((w2 >>> BELOW_2) & 7))) &
			(mode | +((w2 & THERE_3) === THERE_3));
		const rule6 =
			((FOUR_OF_FIVE >>> (above8 & 31)) | (FOUR_OF_FIVE >>> (below8 & 31))) & (mode | +((w2 & THERE_5) === THERE_5));
		const rule7 = +((w0 & INSIDE_15) === INSIDE_15);
		const rule8 = +((above8 | below8) === 0xff) & ((mode >>> 1) | (+(above8 !== 0) & +(below8 !== 0)));
		const bits =
			(rule1 |
				(rule2 << 1) |
				(rule3 << 2) |
				(rule4 << 3) |
				((rule5 & 1) << 4) |
				((rule6 & 1) << 5) |
				(rule7 << 6) |
				(rule8 << 7)) &
			words[w + 3]!;
		signals[i] = bits;
		if (bits !== 0) return i;
	}
	return to;
}

/** A slot begins anew: no run, window or step looks across. */
export function forget(doubles: Float64Array, words: Int32Array, at: number): void {
	doubles[at + LAST] = NaN;
	words.fill(0, at * 2 + HISTORY, at * 2 + MASK);
}

/** Side of a rule that the newest point has completed. */
export function sideOf(rule: number, w0: number, w1: number, w2: number): Side {
	switch (rule) {
		case 1:
		case 2:
			return oneSide((w0 >>> ABOVE) & 1);
		case 3:
			return oneSide(w1 & 1);
		case 5:
			return oneSide((w2 >>> ABOVE_2) & 1);
		case 6:
			return oneSide((w0 >>> ABOVE_1) & 1);
		case 8:
			if (((w0 >>> ABOVE_1) & 0xff) === 0xff) return 'above';
			return ((w1 >>> BELOW_1) & 0xff) === 0xff ? 'below' : 'both';
		default:
			return 'none';
	}
}

/** How many points before the newest one the pattern began; 5 and 6 begin at the oldest point beyond in their window. */
export function spanOf(rule: number, w0: number, w1: number, w2: number): number {
	switch (rule) {
		case 2:
			return 8;
		case 3:
			return 5;
		case 4:
			return 13;
		case 5:
			return oldest(((w2 >>> ABOVE_2) & 1 ? w2 >>> ABOVE_2 : w2 >>> BELOW_2) & 7);
		case 6:
			return oldest(((w0 >>> ABOVE_1) & 1 ? w0 >>> ABOVE_1 : w1 >>> BELOW_1) & 31);
		case 7:
			return 14;
		case 8:
			return 7;
		default:
			return 0;
	}
}

function oneSide(above: number): Side {
	return above === 1 ? 'above' : 'below';
}

function oldest(window: number): number {
	return 31 - Math.clz32(window);
}
