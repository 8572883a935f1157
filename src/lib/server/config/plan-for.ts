import type { StreamRule } from '#contracts/config.ts';
import { DEFAULT_PLAN, type Plan } from '#contracts/plan.ts';
import type { Labels } from '#contracts/stream.ts';

export interface PlacedRule extends StreamRule {
	/** `file:line` of the rule. */
	readonly source: string;
}

export interface ChosenPlan {
	readonly plan: Plan;
	/** `file:line` of the rule that sets it; null for the default plan. */
	readonly source: string | null;
}

/** @returns a function that gives the plan of the first rule that matches, or the default plan */
export function createPlanFor(
	rules: readonly PlacedRule[],
): (name: { readonly key: string; readonly labels: Labels }) => ChosenPlan {
	const compiled = rules.map((rule) => ({
		rule,
		key: globPattern(rule.match.key),
		labels: Object.entries(rule.match.labels),
	}));
	return ({ key, labels }) => {
		const found = compiled.find(
			(one) => one.key.test(key) && one.labels.every(([name, value]) => labels[name] === value),
		);
		return found ? { plan: found.rule.plan, source: found.rule.source } : { plan: DEFAULT_PLAN, source: null };
	};
}

/**
 * `*` is anything within a segment, `**` anything at all; a lone `*` is every key, which is what leaving the key out
 * means.
 */
function globPattern(glob: string): RegExp {
	if (glob === '*') return /^/;
	const parts = glob.split(/(\*+)/).map((part) => {
		if (!part.startsWith('*')) return part.replace(/[.+?^${}()|[\]\\/-]/g, '\\$&');
		return part === '*' ? '[^/]*' : '.*';
	});
	return new RegExp(`^${parts.join('')}$`, 's');
}
