import type { StreamRule } from '#contracts/config.ts';
import { isCounted, ruleAt, type DerivedRule } from '#contracts/derived.ts';
import { globPattern } from '#contracts/glob.ts';
import { recommendedLlmPlan } from '#contracts/llm.ts';
import { MAX_T2_POINTS } from '#contracts/plan-faults.ts';
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

/** A counter only grows and a state jumps: any rule would find something, and nothing would be meant by it. */
const UNJUDGED = planSchema.parse({ rules: 'none' });

/** @returns a function that gives the plan of the first rule that matches, or the default plan for this kind of stream */
export function createPlanFor(
	rules: readonly PlacedRule[],
	derived: readonly DerivedRule[] = [],
): (name: { readonly key: string; readonly labels: Labels; readonly kind?: StreamKind }) => ChosenPlan {
	const compiled = rules.map((rule) => ({
		rule,
		key: globPattern(rule.match.key),
		labels: Object.entries(rule.match.labels),
	}));
	return ({ key, labels, kind }) => {
		const chosen = choose({ key, labels, kind });
		const isT2 = derived[ruleAt(derived, { key, labels })]?.formula.kind === 't2';
		return isT2 ? { ...chosen, plan: asT2(chosen.plan) } : chosen;
	};

	function choose({ key, labels, kind }: { key: string; labels: Labels; kind: StreamKind | undefined }): ChosenPlan {
		const found = compiled.find(
			(one) => one.key.test(key) && one.labels.every(([name, value]) => labels[name] === value),
		);
		if (found) return { plan: found.rule.plan, source: found.rule.source };
		if (kind === 'llm') return { plan: llmPlan(key, labels), source: null };
		return { plan: isCounted(derived, { key, labels }) ? UNJUDGED : DEFAULT_PLAN, source: null };
	}
}

/** A T2 has one chart, whatever the plan says that it shares with other streams. */
function asT2({ baseline, rules, spec, expect, admit, severity, severities, alert, reaction }: Plan): Plan {
	const learnt = 'points' in baseline ? { baseline: { points: Math.min(baseline.points, MAX_T2_POINTS) } } : {};
	return {
		...planSchema.parse({ chart: 't2', rules: rules === 'none' ? 'none' : [1] }),
		...learnt,
		spec,
		admit,
		severity,
		reaction,
		...defined({ expect, alert, severities }),
	};
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function llmPlan(key: string, labels: Labels): Plan {
	const recommended = recommendedLlmPlan(key, labels);
	return recommended ? planSchema.parse(recommended) : DEFAULT_PLAN;
}
