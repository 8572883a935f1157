import { createPlanJudge, imrLimits, movingRangeSigma, recommendPlan, type RecommendedPlan } from '#rules';
import { rounded, type Bench, type Figures } from './bench.ts';
import { bestCharts, delayAfter, meanDelay } from './honesty-charts.ts';
import { machineFigures } from './honesty-machine.ts';
import { PROCESSES, type Process } from './honesty-processes.ts';

const BASELINES = [300, 1000, 3000] as const;
const SHIFTS = [0.5, 1, 1.5, 3];
/** The run length of three sigma. */
const POINTS_PER_ALARM = 370.4;
const LEARNT = { 300: 120, 1000: 60, 3000: 40 };
const JUDGED_POINTS = 3000;
const RUNS = 480;

export const honesty: Bench = {
	name: 'honesty',
	workload:
		`in control: plans learnt from 120/60/40 baselines of 300/1000/3000 points, ${JUDGED_POINTS} points judged by each; false alarms ` +
		`per 1,000 points (points in a row beyond are one; nominal ${(1000 / POINTS_PER_ALARM).toFixed(2)}); shifts of 0.5, 1, 1.5, 3 sigma after 96 points: ` +
		'mean points to the first signal by plans of the same baselines, and over the best of 14 charts at the same false alarm rate that know the truth',
	run: async () => {
		const figures = Object.fromEntries(PROCESSES.map((process) => [process.name, processFigures(process)]));
		return { ...figures, ...(await machineFigures()) };
	},
};

export function processFigures(process: Process): Figures {
	const best = bestCharts(process, { shifts: SHIFTS, pointsPerAlarm: POINTS_PER_ALARM, runs: RUNS });
	const byBaseline = BASELINES.map((points) => [`baseline${points}`, baselineFigures(process, points, best)]);
	return {
		...Object.fromEntries(byBaseline),
		bestPoints: Object.fromEntries(
			best.map(({ points, chart }, i) => [`${SHIFTS[i]} sigma, ${chart}`, rounded(points)]),
		),
	};
}

function baselineFigures(
	process: Process,
	points: (typeof BASELINES)[number],
	best: readonly { points: number }[],
): Figures {
	const learnt = Array.from({ length: LEARNT[points] }, (_, i) => learn(process, points, 1000 + i * 104_729));
	const delays = SHIFTS.map((shift) =>
		meanDelay(RUNS, (seed, run) => delayByPlan(process, learnt[run % learnt.length]!.plan, { shift, seed })),
	);
	const alarms = mean(learnt.map(alarmsPer1000));
	return {
		falseAlarmsPer1000: rounded(alarms),
		timesNominal: rounded((alarms * POINTS_PER_ALARM) / 1000),
		naivePer1000: rounded(mean(learnt.map(naiveAlarmsPer1000))),
		detection: Object.fromEntries(delays.map((delay, i) => [`${SHIFTS[i]} sigma`, rounded(delay)])),
		timesBest: Object.fromEntries(delays.map((delay, i) => [`${SHIFTS[i]} sigma`, rounded(delay / best[i]!.points)])),
	};
}

interface Learnt {
	readonly process: Process;
	readonly baseline: Float64Array;
	readonly plan: RecommendedPlan;
	/** What comes after the baseline. */
	readonly next: (shift: number) => number;
}

function learn(process: Process, points: number, seed: number): Learnt {
	const next = process.start(seed);
	const baseline = Float64Array.from({ length: points }, () => next(0));
	const { intervalMs } = process;
	const falseAlarmsPerDay = 86_400_000 / intervalMs / POINTS_PER_ALARM;
	const after = Array.from({ length: JUDGED_POINTS }, () => next(0));
	let i = 0;
	return {
		process,
		baseline,
		plan: recommendPlan({ values: baseline, intervalMs, falseAlarmsPerDay }),
		next: () => after[i++ % after.length]!,
	};
}

function alarmsPer1000({ process, baseline, plan, next }: Learnt): number {
	const judge = createPlanJudge(plan);
	let t = 0;
	const push = (value: number) => judge.push(value, 1000 * process.intervalMs * t++);
	baseline.forEach(push);
	return countAlarms(next, (value) => push(value) > 0);
}

/** A plain chart of individuals, limits from moving ranges, rule 1. */
function naiveAlarmsPer1000({ baseline, next }: Learnt): number {
	const centre = mean(baseline);
	const { lcl, ucl } = imrLimits({ centre, sigma: movingRangeSigma(baseline) ?? NaN }).i;
	return countAlarms(next, (value) => value < lcl || value > ucl);
}

function countAlarms(next: (shift: number) => number, signals: (value: number) => boolean): number {
	let alarms = 0;
	let before = false;
	for (let i = 0; i < JUDGED_POINTS; i++) {
		const now = signals(next(0));
		if (now && !before) alarms++;
		before = now;
	}
	return (alarms / JUDGED_POINTS) * 1000;
}

function delayByPlan(
	process: Process,
	plan: RecommendedPlan,
	{ shift, seed }: { shift: number; seed: number },
): number {
	const judge = createPlanJudge(plan);
	let t = 0;
	const signals = (value: number) => judge.push(value, 1000 * process.intervalMs * t++) > 0;
	return delayAfter(process.start(seed), shift, signals);
}

function mean(values: ArrayLike<number>): number {
	return Array.from(values).reduce((a, b) => a + b, 0) / values.length;
}
