import { AIAG_RULES, WESTERN_ELECTRIC_RULES, WESTGARD_RULES, type Rule } from './condition.ts';

/** Bit r-1 = rule r. */
export function maskOf(rules: readonly number[]): number {
	return rules.reduce((mask, rule) => mask | (1 << (rule - 1)), 0);
}

/** The rules of a mask, ascending. */
export function rulesOf(mask: number): number[] {
	return NELSON.filter((rule) => (mask & (1 << (rule - 1))) !== 0);
}

export const NELSON: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * Rule 1 alone: ranges, deviations and T2 have skewed distributions, which run rules take for shifts (SAS/QC advice).
 */
export const SPREAD_RULES: readonly number[] = [1];

/** In control the first false signal of these comes after 109 points on average, that of all eight after 73. */
export const DEFAULT_RULES: readonly number[] = [1, 2, 5, 6];

export interface RuleSet {
	/** For charts of location and of counts. */
	readonly location: readonly number[];
	/** For charts of spread: mr, r, s, t2. */
	readonly spread: readonly number[];
	/** Judges charts of location in place of the eight; `location` then only says that there are rules. */
	readonly written?: readonly Rule[];
}

const NAMED: Readonly<Record<string, RuleSet>> = {
	nelson: { location: NELSON, spread: SPREAD_RULES },
	'western-electric': written(WESTERN_ELECTRIC_RULES),
	westgard: written(WESTGARD_RULES),
	aiag: written(AIAG_RULES),
	none: { location: [], spread: [] },
};

export function written(rules: readonly Rule[]): RuleSet {
	return { location: [1], spread: SPREAD_RULES, written: rules };
}

/** @returns undefined for a name that is no rule set of ours */
export function namedRuleSet(name: string): RuleSet | undefined {
	return Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
}

export function ruleSetNames(): string[] {
	return Object.keys(NAMED);
}
