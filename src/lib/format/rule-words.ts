import { type Rule, ruleOfBit } from '#contracts/chart.ts';
import * as m from '#messages';

/** What a rule found, in the language of the page; in English the words of the contract, which API and CLI use. */
const RULES: Readonly<Record<string, readonly [words: () => string, explanation: () => string]>> = {
	1: [m.rules_1, m.rules_1_why],
	2: [m.rules_2, m.rules_2_why],
	3: [m.rules_3, m.rules_3_why],
	4: [m.rules_4, m.rules_4_why],
	5: [m.rules_5, m.rules_5_why],
	6: [m.rules_6, m.rules_6_why],
	7: [m.rules_7, m.rules_7_why],
	8: [m.rules_8, m.rules_8_why],
	'1-3s': [m.rules_13s, m.rules_13s_why],
	'2-2s': [m.rules_22s, m.rules_22s_why],
	'R-4s': [m.rules_r4s, m.rules_r4s_why],
	'4-1s': [m.rules_41s, m.rules_41s_why],
	'10-x': [m.rules_10x, m.rules_10x_why],
	limit: [m.rules_limit, m.rules_limit_why],
	'no-data': [m.rules_no_data, m.rules_no_data_why],
	'out-of-spec': [m.rules_out_of_spec, m.rules_out_of_spec_why],
};

/** @returns a custom rule's own name where it is none of ours */
export function ruleWords(rule: Rule): string {
	return (Object.hasOwn(RULES, rule) ? RULES[rule]?.[0]() : undefined) ?? String(rule);
}

export function ruleExplanation(rule: Rule): string {
	return (Object.hasOwn(RULES, rule) ? RULES[rule]?.[1]() : undefined) ?? m.rules_custom_why();
}

export const NELSON_RULES = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export type NelsonRule = (typeof NELSON_RULES)[number];

const CODES: Readonly<Record<string, string>> = { limit: 'LIM', 'no-data': 'ND', 'out-of-spec': 'OOS' };

/** @returns the mark beside a point or a name: `R1`; a custom rule's first characters */
export function ruleCode(rule: Rule): string {
	if (typeof rule === 'number') return `R${rule}`;
	return (Object.hasOwn(CODES, rule) ? CODES[rule] : undefined) ?? rule.slice(0, 6);
}

/**
 * @param bits as frames have them
 * @param named rules with names of their own, of the limits in force
 */
export function rulesOfBits(bits: number, named?: readonly string[]): readonly Rule[] {
	const rules: Rule[] = [];
	for (let bit = 1; bit <= bits; bit <<= 1) if ((bits & bit) !== 0) rules.push(ruleOfBit(bit, named));
	return [...new Set(rules)];
}

/** @returns `R1`, `R2+5`, `LIM`: short enough to stand at a point */
export function codeOfBits(bits: number, named?: readonly string[]): string {
	const rules = rulesOfBits(bits, named);
	const numbers = rules.filter((rule) => typeof rule === 'number');
	const others = rules.filter((rule) => typeof rule !== 'number').map(ruleCode);
	return [...(numbers.length === 0 ? [] : [`R${numbers.join('+')}`]), ...others].join(' ');
}

/** @returns `Rule 2: Nine in a row on one side`, `Beyond the limit`, `drift` */
export function ruleLine(rule: Rule): string {
	const words = ruleWords(rule);
	if (typeof rule === 'number') return m.rules_numbered({ rule, words });
	return words === rule || Object.hasOwn(CODES, rule) ? words : `${rule}: ${words}`;
}
