import type { ChartLimits } from '../charts/limits.ts';
import type { Chart, ChartName, CusumChart, Estimates } from './answer.ts';
import type { Capability } from '../capability/capability.ts';
import type { Document } from './document.ts';
import type { ChartSignal } from './signals.ts';

/** Lines of a chart, one entry per point; NaN where there is none. */
export interface Lines {
	readonly centre: Float64Array;
	readonly sigma: Float64Array;
	readonly lcl: Float64Array;
	readonly ucl: Float64Array;
}

/** A chart as it is drawn, and as the rules see it where that is another scale. */
export interface Plotted {
	readonly name: ChartName;
	/** `spread` charts are judged by the set's rules for them; `own` by their limits only. */
	readonly rules: 'location' | 'spread' | 'own';
	readonly statistic: Float64Array;
	readonly lines: Lines;
	readonly judged?: { readonly statistic: Float64Array; readonly centre: Float64Array; readonly sigma: Float64Array };
}

/** What one phase's limits rest on. */
export interface Rested {
	/** Index of the first of `values`. */
	readonly from: number;
	/** The statistic of the baseline; NaN for what is missing or left out. */
	readonly values: Float64Array;
	readonly centre: number;
	/** NaN = too little to estimate from. */
	readonly sigma: number;
	readonly known: boolean;
	/** Neighbours may be compared: the statistic is a series in time on one scale. */
	readonly series: boolean;
	/** Single measured values, which limits take for normal ones; with the time between them where it is known. */
	readonly measured?: { readonly intervalMs: number | undefined };
}

/** All charts of a document with the limits in force. */
export interface Built {
	readonly plotted: readonly Plotted[];
	readonly cusum?: { readonly chart: CusumChart; readonly signals: readonly ChartSignal[] };
	readonly capability?: Capability;
	readonly estimates: Estimates;
	readonly rested: readonly Rested[];
}

/** @param left points that estimates leave out, a superset of `baseline.exclude` */
export type Build = (document: Document, left: ReadonlySet<number>) => Built;

export interface Phase {
	readonly from: number;
	/** One after the last point. */
	readonly to: number;
	/** One after the last point of its baseline. */
	readonly baselineTo: number;
}

export function phasesOf({ phases, count, baseline }: Document): Phase[] {
	return phases.map((from, i) => {
		const to = phases[i + 1] ?? count;
		return { from, to, baselineTo: Math.min(to, from + (baseline.points ?? Infinity)) };
	});
}

/** A phase's baseline of one column with NaN for what is left out. */
export function baselineOf(column: Float64Array, { from, baselineTo }: Phase, left: ReadonlySet<number>): Float64Array {
	const values = column.slice(from, baselineTo);
	for (const index of left) if (index >= from && index < baselineTo) values[index - from] = NaN;
	return values;
}

/** One number per point: what is known, else what its phase says. */
export function eachPoint(
	{ count }: Document,
	known: number | Float64Array | undefined,
	phases: readonly Phase[],
	estimate: (phase: number) => number,
): Float64Array {
	if (known instanceof Float64Array) return known;
	const all = new Float64Array(count);
	phases.forEach(({ from, to }, i) => all.fill(known ?? estimate(i), from, to));
	return all;
}

export function linesOf(count: number, at: (index: number) => ChartLimits): Lines {
	const column = () => new Float64Array(count);
	const lines = { centre: column(), sigma: column(), lcl: column(), ucl: column() };
	for (let i = 0; i < count; i++) {
		const { centre, sigma, lcl, ucl } = at(i);
		lines.centre[i] = centre;
		lines.sigma[i] = sigma;
		lines.lcl[i] = lcl;
		lines.ucl[i] = ucl;
	}
	return lines;
}

export function chartOf({ statistic, lines }: Plotted): Chart {
	const column = (values: Float64Array) => Array.from(values, orNull);
	return {
		statistic: column(statistic),
		centre: column(lines.centre),
		sigma: column(lines.sigma),
		lcl: column(lines.lcl),
		ucl: column(lines.ucl),
	};
}

export function orNull(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}

/** What is the same everywhere, else NaN. */
export function single(column: ArrayLike<number>): number {
	for (let i = 1; i < column.length; i++) if (column[i] !== column[0]) return NaN;
	return column[0] ?? NaN;
}
