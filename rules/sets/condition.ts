/** A pattern over a stream's last points, written as data. Beyond a line is strict; on it is within. */
export type Condition =
	/** `count` of the last `of` points beyond so many sigmas; the newest is one of them. */
	| { readonly count: number; readonly of: number; readonly beyond: number; readonly side: BeyondSide }
	/** `count` of the last `of` points within so many sigmas of the centre; the newest is one of them. */
	| { readonly count: number; readonly of: number; readonly within: number }
	/** The last so many on one side of the centre. */
	| { readonly run: number }
	/** The last so many points rise, or fall, steadily; a tie ends a trend. */
	| { readonly trend: number }
	/** The last so many points go up and down by turns. */
	| { readonly alternating: number }
	/** Together; conditions with a side must agree on it. */
	| { readonly all: readonly Condition[] }
	| { readonly any: readonly Condition[] };

/** All counted points on one side; on whichever side each; or at least one on each side. */
export type BeyondSide = 'same' | 'either' | 'both';

export interface Rule {
	/** What a signal calls it: a number of Nelson's where it is that kind of pattern, else a name. */
	readonly name: number | string;
	readonly condition: Condition;
}

/** What a 32-bit history holds. */
export const LONGEST = 32;

const beyond = (count: number, of: number, sigmas: number, side: BeyondSide = 'same'): Condition => ({
	count,
	of,
	beyond: sigmas,
	side,
});

/** Nelson's eight (J. Quality Technology 16, 1984), by number. */
export const NELSON_RULES: readonly Rule[] = [
	{ name: 1, condition: beyond(1, 1, 3) },
	{ name: 2, condition: { run: 9 } },
	{ name: 3, condition: { trend: 6 } },
	{ name: 4, condition: { alternating: 14 } },
	{ name: 5, condition: beyond(2, 3, 2) },
	{ name: 6, condition: beyond(4, 5, 1) },
	{ name: 7, condition: { count: 15, of: 15, within: 1 } },
	{ name: 8, condition: beyond(8, 8, 1, 'both') },
];

/** The four zone tests (Statistical Quality Control Handbook, Western Electric 1956): a run is of eight. */
export const WESTERN_ELECTRIC_RULES: readonly Rule[] = [
	{ name: 1, condition: beyond(1, 1, 3) },
	{ name: 2, condition: { run: 8 } },
	{ name: 5, condition: beyond(2, 3, 2) },
	{ name: 6, condition: beyond(4, 5, 1) },
];

/**
 * The multirule of clinical chemistry (Westgard et al., Clinical Chemistry 27, 1981), without its warning at two
 * sigma.
 */
export const WESTGARD_RULES: readonly Rule[] = [
	{ name: '1-3s', condition: beyond(1, 1, 3) },
	{ name: '2-2s', condition: beyond(2, 2, 2) },
	{ name: 'R-4s', condition: beyond(2, 2, 2, 'both') },
	{ name: '4-1s', condition: beyond(4, 4, 1) },
	{ name: '10-x', condition: { run: 10 } },
];

/** AIAG, Statistical Process Control, 2nd edition 2005: a run is of seven, and rule 8 takes either side. */
export const AIAG_RULES: readonly Rule[] = NELSON_RULES.map((rule) => {
	if (rule.name === 2) return { name: 2, condition: { run: 7 } };
	return rule.name === 8 ? { name: 8, condition: beyond(8, 8, 1, 'either') } : rule;
});
