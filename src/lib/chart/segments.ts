import type { Chart } from '#contracts/chart.ts';
import type { Limits } from '#contracts/limits.ts';

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
	/** Where zones begin when they are not symmetric, from the lowest to the highest. */
	readonly zones?: Limits['zones'];
	/** What is plotted, where that is not in the stream's unit. */
	readonly scale?: Limits['scale'];
	/** Rules with names of their own, in the order of their bits. */
	readonly named?: readonly string[];
	/** How many values a plotted point is made of, where the baseline said it. */
	readonly subgroup?: number | undefined;
	/** What the limits of every point follow from, by its own size. */
	readonly sized?: Limits['sized'];
	/** Of these points; the numbers above are those of a usual point where it is not said. */
	readonly size?: number;
	/** One of several stretches of the same limits, which differ in size only. */
	readonly step?: { readonly isFirst: boolean; readonly isLast: boolean };
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
	readonly zones?: Limits['zones'];
	readonly scale?: Limits['scale'];
	readonly named?: readonly string[];
	readonly subgroup?: number | undefined;
	readonly sized?: Limits['sized'];
}

/**
 * @param limits of any charts, in any order
 * @returns those of this chart one after the other, oldest first; each ends where the next begins
 */
export function segmentsOf(limits: readonly LimitsFrom[], chart: Chart): readonly Segment[] {
	const own = limits.filter((one) => one.chart === chart).sort((a, b) => a.from - b.from);
	return own.map(({ from, chart: _, baseline = null, ...rest }, i) => {
		const next = own[i + 1];
		return { ...rest, fromMs: from / 1000, toMs: next ? next.from / 1000 : Infinity, baseline };
	});
}

export function segmentAt(segments: readonly Segment[], tMs: number): Segment | undefined {
	return segments.findLast((segment) => tMs >= segment.fromMs && tMs < segment.toMs);
}

export type Zone = 'A' | 'B' | 'C' | 'beyond';

/** A point on a line belongs to the inner zone, as the rules count it. NaN is beyond nothing and in no zone. */
export function zoneOf(v: number, { centre, sigma, lcl, ucl, zones }: Segment): Zone | undefined {
	if (Number.isNaN(v)) return undefined;
	if (v > ucl || v < lcl) return 'beyond';
	if (zones) {
		const [lowA, lowB, highB, highA] = zones;
		if (v >= lowB && v <= highB) return 'C';
		return v >= lowA && v <= highA ? 'B' : 'A';
	}
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
 * @param kind charts of location have zones; of a spread, an EWMA or a sum only the limits mean anything
 */
export function bandsOf(segment: Segment, kind: 'zones' | 'plain'): readonly Band[] {
	const { centre, sigma, lcl, ucl } = segment;
	if (kind === 'plain' || !(sigma > 0)) return ucl > lcl ? [{ zone: 'plain', low: lcl, high: ucl }] : [];
	const within = (low: number, high: number, zone: Band['zone']): Band => ({
		zone,
		low: Math.max(low, lcl),
		high: Math.min(high, ucl),
	});
	const symmetric = [centre - 2 * sigma, centre - sigma, centre + sigma, centre + 2 * sigma] as const;
	const [lowA, lowB, highB, highA] = segment.zones ?? symmetric;
	const bands = [
		within(-Infinity, lowA, 'A'),
		within(lowA, lowB, 'B'),
		within(lowB, highB, 'C'),
		within(highB, highA, 'B'),
		within(highA, Infinity, 'A'),
	];
	return bands.filter((band) => band.high > band.low);
}

const LOCATION: readonly Chart[] = ['i', 'xbar', 'z'];

/** Whether the stripes between the limits mean anything on this chart. */
export function kindOf(chart: Chart): 'zones' | 'plain' {
	return LOCATION.includes(chart) ? 'zones' : 'plain';
}

/**
 * The newest stretch over which a chart plots the same thing: before it values were in another unit, or other numbers of
 * them made a point, and one scale cannot hold both.
 *
 * @returns -Infinity when it always did
 */
export function alikeFromMs(segments: readonly Segment[]): number {
	const last = segments.at(-1);
	const other = segments.findLastIndex(({ scale, subgroup }) => scale !== last?.scale || subgroup !== last?.subgroup);
	const first = segments[other + 1];
	return other < 0 || !first ? -Infinity : Math.min(first.fromMs, first.baseline?.fromMs ?? Infinity);
}
