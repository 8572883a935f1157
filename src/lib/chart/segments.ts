import type { Chart } from '#contracts/chart.ts';

/** Limits of one chart and the stretch of time that they hold for. */
export interface Segment {
	readonly fromMs: number;
	/** Infinity for the ones in force. */
	readonly toMs: number;
	readonly centre: number;
	readonly sigma: number;
	readonly lcl: number;
	readonly ucl: number;
	/** What they were estimated from; null when they were given. */
	readonly baseline?: Baseline | null;
}

export interface Baseline {
	readonly fromMs: number;
	readonly toMs: number;
	readonly points: number;
}

interface LimitsFrom {
	/** Integer microseconds. */
	readonly from: number;
	readonly chart: Chart;
	readonly centre: number;
	readonly sigma: number;
	readonly lcl: number;
	readonly ucl: number;
	readonly baseline?: Baseline | null;
}

/**
 * @param limits of any charts, in any order
 * @returns those of this chart one after the other, oldest first; each ends where the next begins
 */
export function segmentsOf(limits: readonly LimitsFrom[], chart: Chart): readonly Segment[] {
	const own = limits.filter((one) => one.chart === chart).sort((a, b) => a.from - b.from);
	return own.map(({ from, centre, sigma, lcl, ucl, baseline = null }, i) => {
		const next = own[i + 1];
		return { fromMs: from / 1000, toMs: next ? next.from / 1000 : Infinity, centre, sigma, lcl, ucl, baseline };
	});
}

export function segmentAt(segments: readonly Segment[], tMs: number): Segment | undefined {
	return segments.findLast((segment) => tMs >= segment.fromMs && tMs < segment.toMs);
}

export type Zone = 'A' | 'B' | 'C' | 'beyond';

/** A point on a line belongs to the inner zone, as the rules count it. NaN is beyond nothing and in no zone. */
export function zoneOf(v: number, { centre, sigma, lcl, ucl }: Segment): Zone | undefined {
	if (Number.isNaN(v)) return undefined;
	if (v > ucl || v < lcl) return 'beyond';
	const size = Math.abs(v - centre) / sigma;
	if (!(size > 1)) return 'C';
	return size > 2 ? 'A' : 'B';
}

export interface Band {
	readonly zone: 'A' | 'B' | 'C' | 'plain';
	readonly low: number;
	readonly high: number;
}

/**
 * The stripes of a chart, from the lower limit to the upper one.
 *
 * @param zones individuals charts have them; of a moving range only the limits mean anything
 */
export function bandsOf({ centre, sigma, lcl, ucl }: Segment, zones: 'zones' | 'plain'): readonly Band[] {
	if (zones === 'plain' || !(sigma > 0)) return ucl > lcl ? [{ zone: 'plain', low: lcl, high: ucl }] : [];
	const within = (low: number, high: number, zone: Band['zone']): Band => ({
		zone,
		low: Math.max(low, lcl),
		high: Math.min(high, ucl),
	});
	const bands = [
		within(-Infinity, centre - 2 * sigma, 'A'),
		within(centre - 2 * sigma, centre - sigma, 'B'),
		within(centre - sigma, centre + sigma, 'C'),
		within(centre + sigma, centre + 2 * sigma, 'B'),
		within(centre + 2 * sigma, Infinity, 'A'),
	];
	return bands.filter((band) => band.high > band.low);
}
