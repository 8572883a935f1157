import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeByPlan, recommendPlan, type PlanSignal } from '#rules';
import { rounded, type Figures } from './bench.ts';

/** A real machine's temperature with four labelled anomalies (numenta/NAB); it lies beside the checkout. */
const FOLDER = join(import.meta.dirname, '../../../shared/data/nab');
const INTERVAL_MS = 300_000;
const WEEK_MS = 7 * 86_400_000;
const BASELINE_POINTS = WEEK_MS / INTERVAL_MS;
/** Under a third of what is tolerated: a real process does not keep to a model. */
const FALSE_ALARMS_PER_DAY = 1 / 25;

/** @returns nothing where the series is not there */
export async function machineFigures(): Promise<Figures> {
	const file = join(FOLDER, 'machine_temperature_system_failure.csv');
	if (!existsSync(file)) return {};
	const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
	const stamps = rows.map((row) => parseTime(row));
	const values = Float64Array.from(rows, (row) => Number(row.slice(row.indexOf(',') + 1)));
	const windows = readWindows();
	const windowAt = stamps.map((t) => windows.findIndex(([from, to]) => t >= from && t <= to));

	const plan = recommendPlan({
		values: values.subarray(0, BASELINE_POINTS),
		intervalMs: INTERVAL_MS,
		falseAlarmsPerDay: FALSE_ALARMS_PER_DAY,
	});
	const { signals } = judgeByPlan(plan, values);
	const flagged = new Set(signals.map(({ index }) => index));
	const outside = windowAt.filter((window) => window < 0).length;
	const falsely = [...flagged].filter((index) => windowAt[index]! < 0).length;
	const episodes = episodesOf(signals).filter(({ index }) => windowAt[index]! < 0).length;
	return {
		machine: {
			windows: windows.length,
			windowsFound: new Set([...flagged].map((index) => windowAt[index]!).filter((window) => window >= 0)).size,
			flaggedOutsidePercent: rounded((falsely / outside) * 100),
			falseEpisodes: episodes,
			falseEpisodesPerWeekOfSeries: rounded(episodes / ((rows.length * INTERVAL_MS) / WEEK_MS)),
			falseEpisodesPerWeekOutside: rounded(episodes / ((outside * INTERVAL_MS) / WEEK_MS)),
			baselinePoints: BASELINE_POINTS,
			predictedFalsePerWeek: rounded(plan.predictedFalsePerDay * 7),
		},
	};
}

/** First signals of episodes: signals of one chart and side without a point between them. */
function episodesOf(signals: readonly PlanSignal[]): PlanSignal[] {
	const last = new Map<string, number>();
	return signals.filter(({ chart, side, index }) => {
		const before = last.get(chart + side);
		last.set(chart + side, index);
		return before !== index - 1;
	});
}

function readWindows(): [number, number][] {
	const all = JSON.parse(readFileSync(join(FOLDER, 'windows.json'), 'utf8')) as Record<string, [string, string][]>;
	return Object.values(all)[0]!.map(([from, to]) => [parseTime(from), parseTime(to)]);
}

function parseTime(text: string): number {
	return Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`);
}
