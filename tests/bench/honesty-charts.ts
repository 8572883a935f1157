import type { Process } from './honesty-processes.ts';

/** A two-sided chart of one statistic; it alarms where the statistic is over a limit. */
interface Detector {
	readonly name: string;
	start(): (z: number) => number;
}

const ewma = (lambda: number): Detector => ({
	name: `EWMA ${lambda}`,
	start() {
		let average = 0;
		return (z) => Math.abs((average += lambda * (z - average)));
	},
});

const cusum = (k: number): Detector => ({
	name: `CUSUM ${k}`,
	start() {
		let [plus, minus] = [0, 0];
		return (z) => Math.max((plus = Math.max(0, plus + z - k)), (minus = Math.max(0, minus - z - k)));
	},
});

const shewhart: Detector = { name: 'Shewhart', start: () => Math.abs };

const DETECTORS: readonly Detector[] = [
	shewhart,
	...[0.01, 0.02, 0.05, 0.1, 0.2, 0.4].map(ewma),
	...[0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5].map(cusum),
];

/** What a chart judges: the raw value around its true mean in true sigmas, or the score by the true distribution. */
type View = (process: Process) => (value: number) => number;
const VIEWS: readonly View[] = [
	(process) => process.reference(),
	(process) => {
		const mean = meanOf(process);
		return (value) => (value - mean) / process.sigma;
	},
];

const CALIBRATION_POINTS = 120_000;
const WARM_UP = 96;
/** Longer waits count as this long. */
const PATIENCE = 3000;

export interface Best {
	readonly chart: string;
	readonly points: number;
}

/**
 * For each shift the chart that finds it soonest among all that give one false alarm in so many points on this
 * process, with the truth
 * known. Limits are found by simulation: a stretch over the limit is one alarm.
 */
export function bestCharts(
	process: Process,
	{ shifts, pointsPerAlarm, runs }: { shifts: readonly number[]; pointsPerAlarm: number; runs: number },
): Best[] {
	const delays = VIEWS.flatMap((view) => {
		const path = calibrationPath(process, view);
		const limits = DETECTORS.map((detector) => limitOf(path, detector, pointsPerAlarm));
		const byShift = shifts.map((shift) => meanDelays(process, view, { limits, shift, runs }));
		return DETECTORS.map(({ name }, d) => ({ name, points: byShift.map((points) => points[d]!) }));
	});
	return shifts.map((_, i) =>
		delays
			.map(({ name, points }) => ({ chart: name, points: points[i]! }))
			.reduce((a, b) => (b.points < a.points ? b : a)),
	);
}

function calibrationPath(process: Process, view: View): Float64Array {
	const next = process.start(17);
	const see = view(process);
	return Float64Array.from({ length: CALIBRATION_POINTS }, () => see(next(0)));
}

function limitOf(path: Float64Array, detector: Detector, pointsPerAlarm: number): number {
	const statistic = path.map(detector.start());
	const wanted = CALIBRATION_POINTS / pointsPerAlarm;
	let low = statistic.slice().sort()[CALIBRATION_POINTS >> 1]!;
	let high = statistic.reduce((a, b) => Math.max(a, b));
	for (let i = 0; i < 25; i++) {
		const limit = (low + high) / 2;
		if (alarmsOver(statistic, limit) > wanted) low = limit;
		else high = limit;
	}
	return high;
}

function alarmsOver(statistic: Float64Array, limit: number): number {
	let alarms = 0;
	for (let i = 1; i < statistic.length; i++) if (statistic[i]! > limit && !(statistic[i - 1]! > limit)) alarms++;
	return alarms;
}

/** Of all detectors, each over the runs in which it was silent until the shift. */
function meanDelays(
	process: Process,
	view: View,
	{ limits, shift, runs }: { limits: readonly number[]; shift: number; runs: number },
): number[] {
	const sums = limits.map(() => ({ points: 0, runs: 0 }));
	for (let run = 0; run < runs; run++) {
		const next = process.start(seedOf(run));
		const see = view(process);
		let waiting = DETECTORS.map((detector, d) => ({ step: detector.start(), limit: limits[d]!, sum: sums[d]! }));
		for (let i = 0; i < WARM_UP; i++) {
			const z = see(next(0));
			waiting = waiting.filter(({ step, limit }) => !(step(z) > limit));
		}
		for (let points = 1; waiting.length > 0; points++) {
			const z = see(next(shift));
			waiting = waiting.filter(({ step, limit, sum }) => {
				if (!(step(z) > limit) && points < PATIENCE) return true;
				sum.points += points;
				sum.runs++;
				return false;
			});
		}
	}
	return sums.map(({ points, runs }) => points / runs);
}

function seedOf(run: number): number {
	return 90_000 + run * 7919;
}

/** @param delay of a run with that seed; NaN = it signalled before the shift, and does not count */
export function meanDelay(runs: number, delay: (seed: number, run: number) => number): number {
	const points = Array.from({ length: runs }, (_, run) => delay(seedOf(run), run)).filter((p) => p === p);
	return points.reduce((a, b) => a + b, 0) / points.length;
}

/** Points from the shift to the first signal, after some in control; NaN where those signalled already. */
export function delayAfter(
	next: (shift: number) => number,
	shift: number,
	signals: (value: number) => boolean,
): number {
	for (let i = 0; i < WARM_UP; i++) if (signals(next(0))) return NaN;
	for (let points = 1; points < PATIENCE; points++) if (signals(next(shift))) return points;
	return PATIENCE;
}

function meanOf(process: Process): number {
	const next = process.start(4711);
	let sum = 0;
	for (let i = 0; i < CALIBRATION_POINTS; i++) sum += next(0);
	return sum / CALIBRATION_POINTS;
}
