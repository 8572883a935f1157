import type { StreamRule } from '#contracts/config.ts';
import { recommendedLlmPlan } from '#contracts/llm.ts';
import { DEFAULT_PLAN, planSchema, type Plan } from '#contracts/plan.ts';
import type { Labels, StreamKind } from '#contracts/stream.ts';

export interface PlacedRule extends StreamRule {
	/** `file:line` of the rule. */
	readonly source: string;
}

export interface ChosenPlan {
	readonly plan: Plan;
	/** `file:line` of the rule that sets it; null for the default plan. */
	readonly source: string | null;
}

/** @returns a function that gives the plan of the first rule that matches, or the default plan for this kind of stream */
export function createPlanFor(
	rules: readonly PlacedRule[],
): (name: { readonly key: string; readonly labels: Labels; readonly kind?: StreamKind }) => ChosenPlan {
	const compiled = rules.map((rule) => ({
		rule,
		key: globPattern(rule.match.key),
		labels: Object.entries(rule.match.labels),
	}));
	return ({ key, labels, kind }) => {
		const found = compiled.find(
			(one) => one.key.test(key) && one.labels.every(([name, value]) => labels[name] === value),
		);
		if (found) return { plan: found.rule.plan, source: found.rule.source };
		return { plan: kind === 'llm' ? llmPlan(key, labels) : DEFAULT_PLAN, source: null };
	};
}

function llmPlan(key: string, labels: Labels): Plan {
	const recommended = recommendedLlmPlan(key, labels);
	return recommended ? planSchema.parse(recommended) : DEFAULT_PLAN;
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
