import type { Chart } from '#contracts/chart.ts';
import type { ApiLimits } from '#contracts/api.ts';
import type { Limits } from '#contracts/limits.ts';
import type { LiveLimits } from '#contracts/live.ts';
import { parseTime } from '#contracts/time.ts';
import { segmentsOf, type Baseline, type Segment } from '#lib/chart/segments.ts';

/** Limits as this page knows them, wherever it heard of them. */
export interface KnownLimits {
	readonly id: string;
	readonly from: number;
	readonly chart: Chart;
	readonly centre: number;
	readonly sigma: number;
	readonly lcl: number;
	readonly ucl: number;
	readonly baseline: Baseline | null;
	readonly zones?: Limits['zones'];
	readonly scale?: Limits['scale'];
	readonly named?: readonly string[];
	readonly subgroup: number | undefined;
	readonly sized?: Limits['sized'];
}

/** All limits that this page has heard of, by stream; from snapshots, live events and the API alike. */
export interface LimitsBook {
	segments(stream: string, chart: Chart): readonly Segment[];
	/** @returns undefined while this page has not heard of them */
	find(stream: string, id: string): KnownLimits | undefined;
	addLive(limits: readonly LiveLimits[]): void;
	addHistory(stream: string, limits: readonly ApiLimits[]): void;
}

export function createLimitsBook(): LimitsBook {
	const entries = new Map<string, Map<string, KnownLimits>>();
	const drawn = new Map<string, readonly Segment[]>();

	function add(stream: string, entry: KnownLimits): void {
		const known = entries.get(stream) ?? new Map<string, KnownLimits>();
		entries.set(stream, known.set(entry.id, entry));
		drawn.delete(`${entry.chart} ${stream}`);
	}

	return {
		segments(stream, chart) {
			const key = `${chart} ${stream}`;
			const segments = drawn.get(key) ?? segmentsOf([...(entries.get(stream)?.values() ?? [])], chart);
			drawn.set(key, segments);
			return segments;
		},
		find: (stream, id) => entries.get(stream)?.get(id),
		addLive(limits) {
			for (const { baseline, plan, ...one } of limits)
				add(String(one.streamId), {
					...one,
					from: one.fromMicros,
					subgroup: plan?.subgroup,
					baseline: baseline && {
						fromMs: baseline.fromMicros / 1000,
						toMs: baseline.toMicros / 1000,
						points: baseline.points,
					},
				});
		},
		addHistory(stream, limits) {
			for (const { baseline, plan, ...one } of limits)
				add(stream, {
					...one,
					id: one.limitsId,
					from: parseTime(one.from) ?? 0,
					subgroup: plan?.subgroup,
					baseline: baseline && {
						fromMs: Date.parse(baseline.from),
						toMs: Date.parse(baseline.to),
						points: baseline.points,
					},
				});
		},
	};
}
