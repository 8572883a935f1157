import { DEFAULT_RULES, namedRuleSet, ruleSetNames, SPREAD_RULES, written, type RuleSet } from '../sets/rule-sets.ts';
import type { Analysis } from './document.ts';
import { readCustomRules } from '../sets/parse.ts';
import type { Reader } from './reader.ts';

/** The mean of these is not their median, and run rules would take that for a shift: rule 1 unless others are named. */
const SKEWED: readonly Analysis[] = ['g'];

export function readRules(reader: Reader, value: unknown, chart: Analysis): RuleSet {
	const usual = SKEWED.includes(chart) ? SPREAD_RULES : DEFAULT_RULES;
	if (value === undefined) return { location: usual, spread: SPREAD_RULES };
	const known = `a list of Nelson's rules 1 to 8, a list of rules written as data, or one of ${ruleSetNames().join(', ')}`;
	if (typeof value === 'string') {
		const set = namedRuleSet(value);
		if (set === undefined) reader.fault('$.rules', `${JSON.stringify(value)} is not there; use ${known}`);
		return set ?? { location: [], spread: [] };
	}
	if (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null)) {
		return written(readCustomRules(reader, value, '$.rules'));
	}
	if (!Array.isArray(value)) reader.fault('$.rules', `must be ${known}`);
	const rules = Array.isArray(value) ? (reader.integers(value, '$.rules', { least: 1, below: 9 }) ?? []) : [];
	return rules.length === 0 ? { location: [], spread: [] } : { location: rules, spread: SPREAD_RULES };
}
