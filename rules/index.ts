export { createBank } from './bank/bank.ts';
export type { Bank, RuleOptions, SlotLimits, SlotState } from './bank/bank.ts';
export type { Side } from './bank/history.ts';

export { controlConstants, createConstants, sampleConstants } from './charts/constants.ts';
export type { ControlConstants, D2, SampleConstants } from './charts/constants.ts';
export { limitsAround } from './charts/limits.ts';
export type { ChartLimits, LimitOptions } from './charts/limits.ts';
export { imrLimits, individualsLimits, movingRangeLimits } from './charts/i-mr.ts';
export { movingRanges, movingRangeSigma } from './charts/moving-range.ts';
export { grandMean, summarise } from './charts/subgroups.ts';
export type { Subgroups } from './charts/subgroups.ts';
export { rangeLimits, sigmaFromRanges, xbarLimits } from './charts/xbar-r.ts';
export { deviationLimits, sigmaFromDeviations } from './charts/xbar-s.ts';
export { createEwma } from './charts/ewma.ts';
export type { Ewma, EwmaPoint, EwmaState } from './charts/ewma.ts';
export { createCusum } from './charts/cusum.ts';
export type { Cusum, CusumState } from './charts/cusum.ts';
export { pLimits, pooledShare } from './charts/p.ts';
export { npLimits } from './charts/np.ts';
export { cLimits } from './charts/c.ts';
export { uLimits } from './charts/u.ts';
export { laneySigmaZ, pPrimeLimits, uPrimeLimits } from './charts/laney.ts';
export type { LaneyOptions } from './charts/laney.ts';
export { gLimits } from './charts/g.ts';
export { tLimits, tTime, tTransform } from './charts/t.ts';
export { createT2, estimateLocation, t2Quantile } from './charts/t2.ts';
export type { Location, T2Baseline } from './charts/t2.ts';
export { countsWithin, falseSignalsOfCounts } from './charts/false-signals.ts';
export { limitsAtSize, SIZED_CHARTS } from './charts/sized.ts';
export type { Sized, SizedChart } from './charts/sized.ts';
export { zLimits, zRangeLimits } from './charts/z-mr.ts';

export { capability } from './capability/capability.ts';
export type { Capability, CapabilityInput, PartsPerMillion, Specification } from './capability/capability.ts';
export type { Index as CapabilityIndex } from './capability/intervals.ts';

export { lag1 } from './statistics/autocorrelation.ts';
export { learnImr, robustBaseline } from './learn/learn-i-mr.ts';
export type { LearnOptions, LearntImr, RobustBaseline } from './learn/learn-i-mr.ts';

export { changePoint } from './diagnose/change-point.ts';
export type { ChangeKind, ChangePoint } from './diagnose/change-point.ts';
export { signature } from './diagnose/signature.ts';
export type { Pattern, Signature } from './diagnose/signature.ts';

export { analyze } from './analyze/analyze.ts';
export type {
	Answer,
	Chart as AnalyzedChart,
	ChartName,
	Charts,
	CusumChart,
	Estimates,
	Exclusion,
} from './analyze/answer.ts';
export type { Advice } from './analyze/advice.ts';
export { DocumentError } from './analyze/fault.ts';
export type { Fault } from './analyze/fault.ts';
export { judgeSeries, withWidth } from './analyze/signals.ts';
export type { ChartSignal, Series } from './analyze/signals.ts';

export { DEFAULT_RULES, maskOf, NELSON, rulesOf, SPREAD_RULES } from './sets/rule-sets.ts';

export { recommendPlan } from './recommend/recommend.ts';
export { combinedArl } from './recommend/run-length.ts';
export type { RecommendInput } from './recommend/recommend.ts';
export { unitsOf } from './recommend/units.ts';
export type { Units } from './recommend/units.ts';
export type { PlanParameters, RecommendedPlan } from './recommend/plan.ts';
export { createPlanJudge, FAST_SIGNAL, judgeByPlan, SLOW_SIGNAL } from './recommend/judge.ts';
export type { PlanJudge, PlanSignal } from './recommend/judge.ts';
export { farthestOf } from './recommend/run-length.ts';
export type { Memory, PlanLimits } from './recommend/run-length.ts';
export { learnTransform } from './learn/learn-transform.ts';

export type { Stage } from './stages/stage.ts';
export { createSubgroup } from './stages/subgroup.ts';
export type { ClosedGroup, GroupStage, Subgroup, SubgroupStage } from './stages/subgroup.ts';
export { createTally } from './stages/tally.ts';
export type { Tally } from './stages/tally.ts';
export { applyTransform, createTransform, revertTransform } from './stages/transform.ts';
export type { Transform } from './stages/transform.ts';
export { createScores } from './stages/chain.ts';
export type { Learnt } from './stages/chain.ts';
export { createMovingRange } from './stages/moving-range.ts';
export { createMean } from './stages/mean.ts';
export type { Mean, MeanStage } from './stages/mean.ts';
export { createSums } from './stages/cusum.ts';
export type { Sums, SumsStage } from './stages/cusum.ts';
export { createEwma as createMemories } from './stages/ewma.ts';
export type { Ewma as MemorySetting } from './stages/ewma.ts';
export { normalCdf, normalDensity, normalQuantile, normalScore } from './statistics/normal.ts';
export { AIAG_RULES, NELSON_RULES, WESTERN_ELECTRIC_RULES, WESTGARD_RULES } from './sets/condition.ts';
export type { Condition, Rule } from './sets/condition.ts';
export { parseCustomRules } from './sets/parse.ts';
export { createRuleEvaluator } from './sets/evaluator.ts';
export type { RuleEvaluator, RuleSlotState } from './sets/evaluator.ts';
export { falseAlarmsPerDay, inControlRunLength } from './sets/run-length.ts';
export type { RunLength } from './sets/run-length.ts';

export { differenceOf } from './inspect/difference.ts';
export type { Difference } from './inspect/difference.ts';
export { binWidth, histogramOf } from './inspect/histogram.ts';
export type { Histogram } from './inspect/histogram.ts';
export { andersonDarling } from './inspect/normality.ts';
export type { Normality } from './inspect/normality.ts';
export { probabilityPlot } from './inspect/probability-plot.ts';
export type { ProbabilityPlot } from './inspect/probability-plot.ts';
export { runsAbout } from './inspect/runs.ts';
export type { Runs } from './inspect/runs.ts';
export { describeSample } from './inspect/sample.ts';
export type { Sample } from './inspect/sample.ts';
