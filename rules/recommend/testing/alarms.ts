import { createPlanJudge } from '../judge.ts';
import { recommendPlan } from '../recommend.ts';

const INTERVAL_MS = 240_000;
const POINTS_PER_ALARM = 370.4;

/** False alarms per point after the baselines; signals in a row are one. */
export function alarmsOf(input: {
	readonly plans: number;
	readonly baseline: number;
	readonly judged: number;
	/** In control, baseline and what follows. */
	readonly series: (seed: number) => Float64Array;
}): number {
	let alarms = 0;
	for (let p = 0; p < input.plans; p++) {
		const values = input.series(1000 + p * 7919);
		const plan = recommendPlan({
			values: values.subarray(0, input.baseline),
			intervalMs: INTERVAL_MS,
			falseAlarmsPerDay: 86_400_000 / INTERVAL_MS / POINTS_PER_ALARM,
		});
		const judge = createPlanJudge(plan);
		let before = 0;
		values.forEach((v, i) => {
			const bits = judge.push(v, i * INTERVAL_MS * 1000);
			if (i >= input.baseline && bits > 0 && before <= 0) alarms++;
			before = bits;
		});
	}
	return alarms / input.plans / input.judged;
}
