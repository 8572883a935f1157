import type { Bank } from '#rules';
import type { Plan } from '#contracts/plan.ts';
import {
	createBankJudging,
	createNoJudging,
	createOptionJudging,
	createOwnJudging,
	createWrittenJudging,
	type Judging,
} from './judging.ts';
import { rulesOfPlan } from '#server/engine/plans/plan-rules.ts';

export type Judgings = ReturnType<typeof createJudgings>;

/** What charts of a partition are judged by; sets of rules that are alike share one. */
export function createJudgings(bank: Bank) {
	const [nelson, own, none] = [createBankJudging(bank), createOwnJudging(bank), createNoJudging()];
	const known = new Map<string, Judging>();
	return {
		nelson,
		own,
		none,
		of(plan: Plan): Judging {
			const { written: rules } = rulesOfPlan(plan);
			const { limitsSigma = 3, rule8, startup } = plan;
			const options = { rule8, startup };
			const isUsual = (rule8 ?? 'both-sides') === 'both-sides' && (startup ?? 'partial') === 'partial';
			if (rules === undefined && isUsual) return nelson;
			const key = JSON.stringify([rules, rules && limitsSigma, options]);
			const judging =
				known.get(key) ?? (rules ? createWrittenJudging(rules, limitsSigma, options) : createOptionJudging(options));
			known.set(key, judging);
			return judging;
		},
	};
}
