import { makeScenario, SCENARIO_CAUSES, type ScenarioCause } from '#collectors/simulator/scenario/scenario.ts';
import { analyse } from '../analyse.ts';
import { largestCovariate } from './baseline.ts';
import { situationOf } from './from-scenario.ts';

/** Seeds below are for tuning; from here on frozen: only ever looked at as a result. */
export const FIRST_FROZEN_SEED = 100_000;
const START_MICROS = 1_767_225_600_000_000;

export interface Evaluated {
	readonly scenarios: number;
	/** Whose fault was too small for any rule. */
	readonly undetected: number;
	readonly top1: number;
	readonly top3: number;
	readonly baselineTop1: number;
	/** Of scenarios without a fault: how often another cause than chance or "unknown" was named first. */
	readonly falseAlarms: number;
	/** What was named first, by what it was. */
	readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
	readonly thirdOf: Readonly<Record<string, number>>;
	readonly p95Ms: number;
}

export function evaluate(options: {
	readonly seeds: number;
	readonly firstSeed: number;
	readonly size: number;
	readonly confounders: boolean;
	readonly causes?: readonly ScenarioCause[];
}): Evaluated {
	const confusion: Record<string, Record<string, number>> = {};
	const thirdOf: Record<string, number> = {};
	const count = { scenarios: 0, undetected: 0, top1: 0, top3: 0, baseline: 0, none: 0, falseAlarms: 0 };
	const took: number[] = [];
	for (const cause of options.causes ?? SCENARIO_CAUSES)
		for (let i = 0; i < options.seeds; i++) {
			const { size, confounders } = options;
			const scenario = makeScenario({
				cause,
				seed: options.firstSeed + i,
				size,
				confounders,
				startMicros: START_MICROS,
			});
			const situation = situationOf(scenario);
			if (!situation) {
				count.undetected++;
				continue;
			}
			const from = performance.now();
			const { hypotheses } = analyse(situation);
			took.push(performance.now() - from);
			const wanted = cause === 'none' ? 'normal-variation' : cause;
			const named = hypotheses.map((one) => one.cause);
			const isRight = (name: string | undefined) => name === wanted;
			count.scenarios++;
			if (isRight(named[0])) count.top1++;
			if (named.slice(0, 3).some(isRight)) count.top3++;
			else thirdOf[cause] = (thirdOf[cause] ?? 0) + 1;
			if (isRight(largestCovariate(situation))) count.baseline++;
			if (cause === 'none') {
				count.none++;
				if (named[0] !== 'normal-variation' && named[0] !== 'unknown') count.falseAlarms++;
			}
			const row = (confusion[cause] ??= {});
			row[named[0] ?? ''] = (row[named[0] ?? ''] ?? 0) + 1;
		}
	const share = (n: number, of = count.scenarios) => (of === 0 ? 0 : n / of);
	return {
		scenarios: count.scenarios,
		undetected: count.undetected,
		top1: share(count.top1),
		top3: share(count.top3),
		baselineTop1: share(count.baseline),
		falseAlarms: share(count.falseAlarms, count.none),
		confusion,
		thirdOf,
		p95Ms: took.toSorted((a, b) => a - b)[Math.floor(took.length * 0.95)] ?? 0,
	};
}
