import type { RuleOptions } from '../bank/bank.ts';
import type { Condition } from '../sets/condition.ts';

/** Where a condition holds, read literally: on a side, or without one. */
type Where = 'above' | 'below' | 'no side';
const SIDES = ['above', 'below'] as const;

/**
 * A condition over a window of values in sigmas, oldest first, back to what nothing is looked across: every point re-reads all
 * of it. Slow; the oracle of the evaluator.
 *
 * @returns the sides it holds on at the newest
 */
export function literalHolds(condition: Condition, window: readonly number[], options: RuleOptions = {}): Set<Where> {
	const inside = (part: Condition) => literalHolds(part, window, options);
	if ('any' in condition) return new Set(condition.any.flatMap((part) => [...inside(part)]));
	if ('all' in condition) return condition.all.map(inside).reduce(agreed);
	if ('run' in condition)
		return sides((side) => last(window, condition.run).every((z) => beyond(z, 0, side)), condition.run, window);
	if ('trend' in condition)
		return sides(
			(side) => stepsOf(last(window, condition.trend)).every((d) => beyond(d, 0, side)),
			condition.trend,
			window,
		);
	if ('alternating' in condition) {
		const steps = stepsOf(last(window, condition.alternating)).map(Math.sign);
		const holds = steps.every((d, i) => d !== 0 && (i === 0 || d === -steps[i - 1]!));
		return window.length >= condition.alternating && holds ? new Set(['no side']) : new Set();
	}
	const { count, of } = condition;
	const seen = last(window, of);
	if (options.startup === 'full-window' && seen.length < of) return new Set();
	const enough = (counts: (z: number) => boolean) => counts(seen.at(-1)!) && seen.filter(counts).length >= count;
	if ('within' in condition) return enough((z) => Math.abs(z) <= condition.within) ? new Set(['no side']) : new Set();
	const on = (side: 'above' | 'below') => (z: number) => beyond(z, condition.beyond, side);
	if (condition.side === 'same') return new Set(SIDES.filter((side) => enough(on(side))));
	const either = (z: number) => on('above')(z) || on('below')(z);
	const both = SIDES.every((side) => seen.some(on(side)));
	return enough(either) && (condition.side === 'either' || both) ? new Set(['no side']) : new Set();
}

/** What has no side agrees with every side. */
function agreed(a: Set<Where>, b: Set<Where>): Set<Where> {
	if (a.size === 0 || b.size === 0) return new Set();
	if (a.has('no side')) return b.has('no side') ? new Set([...a, ...b]) : b;
	if (b.has('no side')) return a;
	return new Set([...a].filter((where) => b.has(where)));
}

function sides(holds: (side: 'above' | 'below') => boolean, points: number, window: readonly number[]): Set<Where> {
	return window.length < points ? new Set() : new Set(SIDES.filter(holds));
}

function beyond(z: number, line: number, side: 'above' | 'below'): boolean {
	return side === 'above' ? z > line : z < -line;
}

function last(window: readonly number[], count: number): readonly number[] {
	return window.slice(-count);
}

function stepsOf(window: readonly number[]): number[] {
	return window.slice(1).map((z, i) => z - window[i]!);
}
