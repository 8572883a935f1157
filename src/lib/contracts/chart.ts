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
] as const;
export type Chart = (typeof CHARTS)[number];

export function chartCode(chart: Chart): number {
	return CHARTS.indexOf(chart);
}

/** Where the points of a signal lie; a rising trend (rule 3) is `above`, what has no side (rules 4 and 7) `none`. */
export type Side = 'above' | 'below' | 'both' | 'none';

/** Nelson's rules 1 to 8, the chart's own limit, or what is not a pattern at all. */
export type Rule = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 'limit' | 'no-data' | 'out-of-spec' | (string & {});
