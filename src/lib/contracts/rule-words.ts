import type { Rule } from './chart.ts';

/** What a rule found, as one would say it (Nelson 1984). */
const RULES: Readonly<Record<string, readonly [words: string, explanation: string]>> = {
	1: [
		'One point beyond 3 sigma',
		'A value this far out is expected about once in 370 when nothing has changed. Look for a single cause at that moment.',
	],
	2: [
		'Nine in a row on one side',
		'Nine values (eight in the Western Electric rules, seven in those of AIAG) on the same side of the centre line: the level has moved and stayed there.',
	],
	3: [
		'Six in a row rising or falling',
		'Six values, each beyond the one before in the same direction: a drift, such as wear or warming.',
	],
	4: [
		'Fourteen in a row alternating',
		'Fourteen values up and down in turn: two sources mixed, or a control that over-corrects.',
	],
	5: [
		'Two of three beyond 2 sigma',
		'Two of three values in the outer zone on the same side: an early sign of a shift.',
	],
	6: [
		'Four of five beyond 1 sigma',
		'Four of five values outside the middle zone on the same side: a small shift that lasts.',
	],
	7: [
		'Fifteen in a row within 1 sigma',
		'Fifteen values close to the centre line: less spread than the limits were learnt from. The limits may be too wide, or the sensor stuck.',
	],
	8: [
		'Eight in a row beyond 1 sigma, both sides',
		'Eight values with none near the centre line, on both sides of it: two sources mixed.',
	],
	'1-3s': ['One point beyond 3 sigma', 'A single value this far out: look for a cause at that moment, or a blunder.'],
	'2-2s': ['Two in a row beyond 2 sigma', 'Two values in the outer zone on the same side: the level has moved.'],
	'R-4s': [
		'Two in a row beyond 2 sigma, on both sides',
		'One value far above and its neighbour far below: the spread has grown.',
	],
	'4-1s': ['Four in a row beyond 1 sigma', 'Four values outside the middle zone on the same side: a shift that lasts.'],
	'10-x': [
		'Ten in a row on one side',
		'Ten values on the same side of the centre line: the level has moved and stayed there.',
	],
	limit: ['Beyond the limit', 'The statistic of this chart crossed its own limit.'],
	'no-data': ['No data', 'Nothing came for three times the expected interval.'],
	'out-of-spec': ['Out of specification', 'A value outside the specification limits of the plan.'],
};

/** @returns a custom rule's own name where it is none of ours */
export function ruleWords(rule: Rule): string {
	return (Object.hasOwn(RULES, rule) ? RULES[rule]?.[0] : undefined) ?? String(rule);
}

export function ruleExplanation(rule: Rule): string {
	return (Object.hasOwn(RULES, rule) ? RULES[rule]?.[1] : undefined) ?? 'A rule of this control plan.';
}
