import { revertTransform, type ChartLimits, type Sized, type Transform } from '#rules';
import type { Chart } from '#contracts/chart.ts';
import type { Limits, LimitsMethod, LimitsPlan } from '#contracts/limits.ts';
import type { Parameters } from '#server/engine/plans/chain.ts';
import { limitsId } from '#server/engine/ids.ts';
import type { JudgedBy } from '#server/engine/judging.ts';

/** What one chart is drawn and judged by. */
export interface FoundChart {
	readonly chart: Chart;
	/** As drawn, in the unit of what is plotted. */
	readonly lines: ChartLimits;
	readonly by: JudgedBy;
	readonly named?: readonly string[];
	readonly own?: boolean;
	readonly scale?: Limits['scale'];
	readonly zones?: Limits['zones'];
	readonly sized?: Sized;
}

/** What a plan's charts are judged by, and how that came to be. */
export interface Found {
	/** A chart of the chain that is not among these is not plotted. */
	readonly charts: readonly FoundChart[];
	readonly parameters: Parameters;
	readonly method: LimitsMethod;
	readonly baseline: Limits['baseline'];
	readonly together?: Limits['together'];
	readonly notes: readonly string[];
	readonly lag1: number | null;
	readonly plan?: LimitsPlan;
	/** Plotted points of the baseline that make one of those that are judged from now on, where a plan groups groups. */
	readonly regroup?: number;
}

/** Numbers that can be drawn and written as JSON. */
export function isUsable({ charts }: Found): boolean {
	return charts.every(({ lines: { centre, sigma, lcl, ucl } }) => [centre, sigma, lcl, ucl].every(Number.isFinite));
}

/** Limits of transformed values, carried back to the unit of the values: not symmetric any more. */
export function carriedBack(
	{ centre, lcl, ucl, ...lines }: ChartLimits,
	revert: (transformed: number) => number,
): Pick<FoundChart, 'lines' | 'zones'> {
	const low = (thirds: number) => revert(centre - ((centre - lcl) * thirds) / 3);
	const high = (thirds: number) => revert(centre + ((ucl - centre) * thirds) / 3);
	const [least, most] = [revert(lcl), revert(ucl)];
	return {
		lines: { ...lines, centre: revert(centre), sigma: (most - least) / 6, lcl: least, ucl: most },
		zones: [low(2), low(1), high(1), high(2)],
	};
}

export function inUnit(lines: ChartLimits, transform: Transform): Pick<FoundChart, 'lines' | 'zones'> {
	return transform.kind === 'none' ? { lines } : carriedBack(lines, (value) => revertTransform(transform, value));
}

/** The scale that a transform leaves behind where nothing is carried back. */
export function scaleOf(transform: Transform): Pick<FoundChart, 'scale'> {
	if (transform.kind === 'none') return {};
	return { scale: transform.kind === 'score' ? 'score' : 'transformed' };
}

export function limitsOf(
	found: Found,
	chart: FoundChart,
	of: {
		readonly streamId: number;
		readonly fromMicros: number;
		readonly planRevision: number;
		readonly ordinal: number;
	},
): Limits {
	const { lines, named = [], own, scale, zones, sized } = chart;
	return {
		id: limitsId({ ...of, chart: chart.chart }),
		streamId: of.streamId,
		chart: chart.chart,
		fromMicros: of.fromMicros,
		centre: lines.centre,
		sigma: lines.sigma,
		lcl: lines.lcl,
		ucl: lines.ucl,
		rules: own ? [] : chart.by.rules,
		...(named.length > 0 && { named }),
		...(own && { own }),
		...(scale && { scale }),
		...(zones && { zones }),
		...(sized && { sized }),
		...(found.plan && chart === found.charts[0] && { plan: found.plan }),
		...(found.together && { together: found.together }),
		method: found.method,
		baseline: found.baseline,
		notes: found.notes,
		lag1: found.lag1,
	};
}

/** Points that somebody took out are told as outliers are: they belong to the stretch and were set aside. */
export function withExcluded(found: Found, excluded: number): Found {
	const { baseline } = found;
	if (baseline === null || excluded === 0) return found;
	return {
		...found,
		baseline: { ...baseline, points: baseline.points + excluded, excluded: baseline.excluded + excluded },
	};
}
