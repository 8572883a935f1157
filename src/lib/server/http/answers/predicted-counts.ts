import { falseSignalsOfCounts } from '#rules';
import type { Limits } from '#contracts/limits.ts';
import type { Plan } from '#contracts/plan.ts';
import type { PlanInForce } from './advise.ts';

const DAY_MS = 86_400_000;

/** Exact where rule 1 judges alone; of run rules on counts nothing is known. Laney's limits follow what was seen, not a distribution. */
export function predictedOfCounts(
	{ chart, unitsPerPoint = 1 }: Plan,
	limits: Limits | undefined,
	intervalMs: number,
): PlanInForce['predicted'] {
	if ((chart !== 'p' && chart !== 'u') || String(limits?.rules) !== '1' || limits?.named || !limits) return null;
	const { centre, sigma } = limits;
	const kind = chart === 'p' ? 'share' : 'rate';
	// Of the usual sample, whose limits these are.
	const units = Math.max(1, Math.round((centre * (chart === 'p' ? 1 - centre : 1)) / sigma ** 2));
	const chance = falseSignalsOfCounts(kind, { rate: centre, units }, limits);
	const sampleMs = (intervalMs * units) / unitsPerPoint;
	return chance > 0 ? { arl: 1 / chance, falsePerDay: (DAY_MS * chance) / sampleMs } : null;
}
