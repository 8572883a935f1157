import type { Bank } from '#rules';
import type { Plan } from '#contracts/plan.ts';
import { createBankJudging, createNoJudging, createOwnJudging, createWrittenJudging, type Judging } from './judging.ts';
import { rulesOfPlan } from './plan-rules.ts';

export type Judgings = ReturnType<typeof createJudgings>;

/** What charts of a partition are judged by; sets of rules that are alike share one. */
export function createJudgings(bank: Bank) {
	const [nelson, own, none] = [createBankJudging(bank), createOwnJudging(bank), createNoJudging()];
	const written = new Map<string, Judging>();
	return {
		nelson,
		own,
		none,
		of(plan: Plan): Judging {
			const { written: rules } = rulesOfPlan(plan);
			if (rules === undefined) return nelson;
			const key = JSON.stringify([rules, plan.limitsSigma]);
			const judging = written.get(key) ?? createWrittenJudging(rules, plan.limitsSigma ?? 3);
			written.set(key, judging);
			return judging;
		},
	};
}
