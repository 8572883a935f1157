/** Charts by name; the position is the code in binary frames, so this list only ever grows at its end. */
export const CHARTS = [
	'i',
	'mr',
	'xbar',
	'r',
	's',
	'ewma',
	'cusum',
	'p',
	'np',
	'c',
	'u',
	'p-prime',
	'u-prime',
	'g',
	't',
	't2',
	'z',
	'ewma-fast',
	/** How many values or units each point of the chart beside it is of. */
	'size',
] as const;
export type Chart = (typeof CHARTS)[number];

export function chartCode(chart: Chart): number {
	return CHARTS.indexOf(chart);
}

/** Where the points of a signal lie; a rising trend (rule 3) is `above`, what has no side (rules 4 and 7) `none`. */
export type Side = 'above' | 'below' | 'both' | 'none';

/** Nelson's rules 1 to 8, the chart's own limit, or what is not a pattern at all. */
export type Rule = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 'limit' | 'no-data' | 'out-of-spec' | (string & {});

/**
 * The bits of `signals` (frames, windows): bit r-1 is Nelson's rule r, 8 and 9 are the chart's own limit, passed upwards and
 * downwards, and those from 10 on are the rules that `named` of the limits in force names, in that order.
 */
export const LIMIT_ABOVE = 1 << 8;
export const LIMIT_BELOW = 1 << 9;
const FIRST_NAMED = 10;
/** As many as 16 bits have room for. */
export const MAX_NAMED_RULES = 6;

/** @param named rules with names of their own, of the limits in force */
export function bitOfRule(rule: Rule, side: Side, named: readonly string[] = []): number {
	if (typeof rule === 'number') return 1 << (rule - 1);
	if (rule === 'limit') return side === 'below' ? LIMIT_BELOW : LIMIT_ABOVE;
	const at = named.indexOf(rule);
	return at < 0 ? 0 : 1 << (FIRST_NAMED + at);
}

/** @param bit one bit of `signals` */
export function ruleOfBit(bit: number, named: readonly string[] = []): Rule {
	if (bit === LIMIT_ABOVE || bit === LIMIT_BELOW) return 'limit';
	const place = 31 - Math.clz32(bit);
	return place < FIRST_NAMED ? ((place + 1) as Rule) : (named[place - FIRST_NAMED] ?? `rule ${place}`);
}
