import type { RuleOptions } from '../bank/bank.ts';
import type { Side } from '../bank/history.ts';

/** A series as the definitions see it; `centre` and `sigma` are those of each point. */
export interface LiteralSeries {
	readonly values: readonly number[];
	readonly centre: readonly number[];
	readonly sigma: readonly number[];
	/** Where phases start. */
	readonly phases?: readonly number[];
	/** Half width of rule 1 in sigmas; default 3. */
	readonly limitsSigma?: number;
}

export interface LiteralSignal {
	readonly rule: number;
	readonly side: Side;
	/** Points before this one that the pattern began. */
	readonly span: number;
}

interface Point {
	readonly x: number;
	readonly c: number;
	readonly s: number;
}

/** The definitions of the eight rules, read literally: every point re-reads its raw window. Slow; the oracle of the bank. */
export function literalSignals(series: LiteralSeries, index: number, options: RuleOptions = {}): LiteralSignal[] {
	if (!Number.isFinite(series.values[index])) return [];
	const last = (n: number) => windowOf(series, index, n, options);
	return [1, 2, 3, 4, 5, 6, 7, 8].flatMap((rule) => {
		const found = RULES[rule]!(last, options, series.limitsSigma ?? 3);
		return found ? [{ rule, ...found }] : [];
	});
}

type Found = { side: Side; span: number } | undefined;

const above = (k: number) => (p: Point) => usable(p) && p.x > p.c + k * p.s;
const below = (k: number) => (p: Point) => usable(p) && p.x < p.c - k * p.s;
const usable = (p: Point) => Number.isFinite(p.c) && p.s > 0 && p.s < Infinity;

const RULES: Record<number, (last: (n: number) => Point[], options: RuleOptions, width: number) => Found> = {
	1: (last, _, width) => oneSide((side) => last(1).every(side(width)) && 0),
	2: (last) => {
		const nine = last(9);
		if (nine.length < 9) return undefined;
		if (nine.every((p) => p.x > p.c)) return { side: 'above', span: 8 };
		if (nine.every((p) => p.x < p.c)) return { side: 'below', span: 8 };
		return undefined;
	},
	3: (last) => {
		const steps = stepsOf(last(6));
		if (steps.length < 5) return undefined;
		if (steps.every((d) => d > 0)) return { side: 'above', span: 5 };
		if (steps.every((d) => d < 0)) return { side: 'below', span: 5 };
		return undefined;
	},
	4: (last) => {
		const steps = stepsOf(last(14));
		const alternates = steps.every((d, i) => d !== 0 && (i === 0 || d === -steps[i - 1]!));
		return steps.length === 13 && alternates ? { side: 'none', span: 13 } : undefined;
	},
	5: (last, options) => someOf(last(3), { of: 3, need: 2, k: 2 }, options),
	6: (last, options) => someOf(last(5), { of: 5, need: 4, k: 1 }, options),
	7: (last) => {
		const within = (p: Point) => usable(p) && p.x >= p.c - p.s && p.x <= p.c + p.s;
		const fifteen = last(15);
		return fifteen.length === 15 && fifteen.every(within) ? { side: 'none', span: 14 } : undefined;
	},
	8: (last, options) => {
		const eight = last(8);
		const high = eight.filter(above(1)).length;
		const low = eight.filter(below(1)).length;
		if (high + low < 8) return undefined;
		if (high > 0 && low > 0) return { side: 'both', span: 7 };
		return options.rule8 === 'either-side' ? { side: high > 0 ? 'above' : 'below', span: 7 } : undefined;
	},
};

/** The newest is beyond, and enough of the window with it, on one side. */
function someOf(
	window: Point[],
	{ of, need, k }: { of: number; need: number; k: number },
	options: RuleOptions,
): Found {
	if (options.startup === 'full-window' && window.length < of) return undefined;
	return oneSide((side) => {
		const beyond = window.map(side(k));
		const enough = beyond[beyond.length - 1] && beyond.filter(Boolean).length >= need;
		return enough ? window.length - 1 - beyond.indexOf(true) : false;
	});
}

function oneSide(spanOn: (side: typeof above) => number | false): Found {
	const high = spanOn(above);
	if (high !== false) return { side: 'above', span: high };
	const low = spanOn(below);
	return low === false ? undefined : { side: 'below', span: low };
}

function stepsOf(window: Point[]): number[] {
	return window.slice(1).map((p, i) => Math.sign(p.x - window[i]!.x));
}

/** Up to `n` points that end at `index`, oldest first, back to the start of the phase or, unless skipped, a missing value. */
function windowOf(
	{ values, centre, sigma, phases = [] }: LiteralSeries,
	index: number,
	n: number,
	options: RuleOptions,
) {
	const window: Point[] = [];
	for (let i = index; i >= 0 && window.length < n; i--) {
		const x = values[i]!;
		if (Number.isFinite(x)) window.unshift({ x, c: centre[i]!, s: sigma[i]! });
		else if (options.missing !== 'skip') break;
		if (phases.includes(i)) break;
	}
	return window;
}
