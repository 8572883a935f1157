import type { Registry } from 'prom-client';
import { MEAN_TIMES, POINT_RATES, type ApiSystem, type MeanTime, type PointRate } from '#contracts/system.ts';

/** Counters that are added up for a rate. */
const COUNTERS: Readonly<Record<PointRate, string>> = {
	accepted: 'sigmascope_ingest_points_accepted_total',
	refused: 'sigmascope_ingest_points_refused_total',
	duplicate: 'sigmascope_ingest_points_duplicate_total',
	plotted: 'sigmascope_engine_points_total',
	stored: 'sigmascope_store_rows_total',
};
const HISTOGRAMS: Readonly<Record<MeanTime, string>> = {
	commit: 'sigmascope_journal_commit_seconds',
	insert: 'sigmascope_store_insert_seconds',
	metadata: 'sigmascope_metadata_statement_seconds',
	http: 'sigmascope_http_request_seconds',
};
const LOOKS = 10;

type Totals = ReadonlyMap<string, number>;

export interface Rates {
	/** Once a second. */
	look(): Promise<void>;
	now(): Pick<ApiSystem, 'rates' | 'meanMs'>;
}

/** What the metrics count, over the last ten looks: the same numbers as on /metrics, so that both say the same. */
export function createRates(registry: Registry, nowMs: () => number): Rates {
	const looks: { readonly atMs: number; readonly totals: Totals }[] = [];

	return {
		async look() {
			looks.push({ atMs: nowMs(), totals: await readTotals(registry) });
			if (looks.length > LOOKS + 1) looks.shift();
		},
		now() {
			const [first, last] = [looks[0], looks.at(-1)];
			const grown = (name: string) => Math.max(0, (last?.totals.get(name) ?? 0) - (first?.totals.get(name) ?? 0));
			const seconds = ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1000;
			const perSecond = (name: string) => (seconds > 0 ? Math.round((10 * grown(name)) / seconds) / 10 : 0);
			const mean = (name: string) => {
				const count = grown(`${name}_count`);
				return count === 0 ? null : (1000 * grown(`${name}_sum`)) / count;
			};
			return {
				rates: Object.fromEntries(POINT_RATES.map((rate) => [rate, perSecond(COUNTERS[rate])])) as Record<
					PointRate,
					number
				>,
				meanMs: Object.fromEntries(MEAN_TIMES.map((time) => [time, mean(HISTOGRAMS[time])])) as Record<
					MeanTime,
					number | null
				>,
			};
		},
	};
}

/** Sums over all labels; of a histogram its `_sum` and `_count`. */
async function readTotals(registry: Registry): Promise<Totals> {
	const totals = new Map<string, number>();
	const names = [...Object.values(COUNTERS), ...Object.values(HISTOGRAMS)];
	const metrics = await Promise.all(names.map(async (name) => registry.getSingleMetric(name)?.get()));
	for (const metric of metrics) {
		for (const sample of metric?.values ?? []) {
			if ('result' in sample.labels && sample.labels['result'] !== 'plotted') continue;
			const name = 'metricName' in sample ? String(sample.metricName) : (metric?.name ?? '');
			totals.set(name, (totals.get(name) ?? 0) + sample.value);
		}
	}
	return totals;
}
