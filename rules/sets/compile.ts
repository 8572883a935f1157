import type { RuleOptions } from '../bank/bank.ts';
import type { Side } from '../bank/history.ts';
import type { Condition } from './condition.ts';

/** Where a condition holds, as bits: a sided one on its side, one without a side everywhere. */
const ABOVE = 1;
const BELOW = 2;
const NO_SIDE = 4;
const EVERYWHERE = ABOVE | BELOW | NO_SIDE;

/** The questions that a set of conditions asks of a point; one 32-bit word of answers each, newest point in bit 0. */
export interface Questions {
	/** Sigmas, ascending; words 2i and 2i + 1 are "above" and "below" that line. */
	readonly lines: readonly number[];
	/** Sigmas; the words after those of the lines. */
	readonly within: readonly number[];
	/** Then: rising, falling, a point was there. */
	readonly words: number;
	readonly longest: number;
}

export function questionsOf(conditions: readonly Condition[]): Questions {
	const flat = conditions.flatMap(flatten);
	const unique = (values: number[]) => [...new Set(values)].sort((a, b) => a - b);
	const lines = unique(flat.flatMap((c) => ('beyond' in c ? [c.beyond] : 'run' in c ? [0] : [])));
	const within = unique(flat.flatMap((c) => ('within' in c ? [c.within] : [])));
	return { lines, within, words: 2 * lines.length + within.length + 3, longest: Math.max(1, ...flat.map(lengthOf)) };
}

export function flatten(condition: Condition): Condition[] {
	if ('all' in condition) return condition.all.flatMap(flatten);
	return 'any' in condition ? condition.any.flatMap(flatten) : [condition];
}

/** Points of the longest pattern. */
export function lengthOf(condition: Condition): number {
	if ('run' in condition) return condition.run;
	if ('trend' in condition) return condition.trend;
	if ('alternating' in condition) return condition.alternating;
	return 'of' in condition ? condition.of : Math.max(1, ...flatten(condition).map(lengthOf));
}

/** A compiled condition; `base` is where the slot's words begin. */
export interface Check {
	/** @returns bits of the sides it holds on, 0 = it does not */
	holds(words: Int32Array, base: number): number;
	/** Points before the newest that the pattern began, on a side that it holds on. */
	span(words: Int32Array, base: number, side: number): number;
}

/** Every check is a mask compare or a bit count, whatever the length of its window. */
export function compile(condition: Condition, questions: Questions, options: RuleOptions = {}): Check {
	const at = placesOf(questions);
	if ('all' in condition) {
		const checks = condition.all.map((part) => compile(part, questions, options));
		return joined(checks, (words, base) => {
			let sides = EVERYWHERE;
			for (const check of checks) sides &= check.holds(words, base);
			return sides;
		});
	}
	if ('any' in condition) {
		const checks = condition.any.map((part) => compile(part, questions, options));
		return joined(checks, (words, base) => {
			let sides = 0;
			for (const check of checks) sides |= check.holds(words, base);
			return sides;
		});
	}
	if ('run' in condition) return twoWords(at.above(0), at.below(0), condition.run, condition.run);
	if ('trend' in condition) return twoWords(at.rising, at.falling, condition.trend - 1, condition.trend);
	if ('alternating' in condition) return alternates(at.rising, at.falling, condition.alternating);
	if ('within' in condition) return counted([at.within(condition.within)], condition, at.there, options);
	const above = at.above(condition.beyond);
	const below = at.below(condition.beyond);
	if (condition.side !== 'same') return counted([above, below], condition, at.there, options);
	const high = counted([above], condition, at.there, options);
	const low = counted([below], condition, at.there, options);
	return {
		holds: (words, base) => (high.holds(words, base) !== 0 ? ABOVE : 0) | (low.holds(words, base) !== 0 ? BELOW : 0),
		span: (words, base, side) => (side & ABOVE ? high : low).span(words, base, side),
	};
}

export function placesOf({ lines, within }: Questions) {
	const after = 2 * lines.length + within.length;
	return {
		above: (sigmas: number) => 2 * lines.indexOf(sigmas),
		below: (sigmas: number) => 2 * lines.indexOf(sigmas) + 1,
		within: (sigmas: number) => 2 * lines.length + within.indexOf(sigmas),
		rising: after,
		falling: after + 1,
		there: after + 2,
	};
}

export function sideOfBits(bits: number, both: boolean): Side {
	if (bits & NO_SIDE) return both ? 'both' : 'none';
	return bits & ABOVE ? 'above' : 'below';
}

function maskOf(length: number): number {
	return length >= 32 ? -1 : (1 << length) - 1;
}

/** All bits of a stretch, in one word or the other. */
function twoWords(above: number, below: number, bits: number, points: number): Check {
	const mask = maskOf(bits);
	return {
		holds: (words, base) =>
			((words[base + above]! & mask) === mask ? ABOVE : 0) | ((words[base + below]! & mask) === mask ? BELOW : 0),
		span: () => points - 1,
	};
}

function alternates(rising: number, falling: number, points: number): Check {
	const mask = maskOf(points - 1);
	const odd = 0x55555555 & mask;
	const even = 0xaaaaaaaa & mask;
	return {
		holds(words, base) {
			const up = words[base + rising]! & mask;
			const down = words[base + falling]! & mask;
			return (up === odd && down === even) || (up === even && down === odd) ? EVERYWHERE : 0;
		},
		span: () => points - 1,
	};
}

function counted(
	places: readonly number[],
	{ count, of, ...rest }: { count: number; of: number; side?: 'same' | 'either' | 'both' },
	there: number,
	{ startup = 'partial' }: RuleOptions,
): Check {
	const mask = maskOf(of);
	const [first = 0, second = first] = places;
	const wantsBoth = rest.side === 'both';
	const windowOf = (words: Int32Array, base: number) => (words[base + first]! | words[base + second]!) & mask;
	return {
		holds(words, base) {
			const window = windowOf(words, base);
			if ((window & 1) === 0 || bitCount(window) < count) return 0;
			if (startup === 'full-window' && (words[base + there]! & mask) !== mask) return 0;
			if (wantsBoth && ((words[base + first]! & mask) === 0 || (words[base + second]! & mask) === 0)) return 0;
			return EVERYWHERE;
		},
		span: (words, base) => 31 - Math.clz32(windowOf(words, base)),
	};
}

/** The pattern begins where the first of the parts that hold begins. */
function joined(checks: readonly Check[], holds: Check['holds']): Check {
	return {
		holds,
		span: (words, base, side) =>
			Math.max(0, ...checks.map((c) => ((c.holds(words, base) & side) === 0 ? 0 : c.span(words, base, side)))),
	};
}

function bitCount(word: number): number {
	let v = word - ((word >>> 1) & 0x55555555);
	v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
	return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
