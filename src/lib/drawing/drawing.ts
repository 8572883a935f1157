import type { Chart } from '#contracts/chart.ts';
import type { Segment } from '#lib/chart/segments.ts';
import type { Series } from '#lib/chart/series.ts';

/** What a control chart is drawn from. */
export interface SpcDrawing {
	/** The stream's key. */
	readonly title: string;
	/** Labels, site, whatever tells it from its like; may be empty. */
	readonly subtitle: string;
	/** One below the other over one axis of time; the first is the one that is read first. */
	readonly charts: readonly DrawnChart[];
	readonly fromMs: number;
	readonly toMs: number;
	/** Of the axis, by its IANA name: `Europe/Berlin`. */
	readonly timeZone: string;
	/** Expected milliseconds between points: three of them without one end the line. */
	readonly expectMs?: number | undefined;
	/** What the picture is of, where it is of one violation. */
	readonly violation?: DrawnViolation | undefined;
	/** Said below the picture: what a reader would else take wrongly. */
	readonly notes?: readonly string[];
	/** Pixels; default 1200 × 420 for one chart, 560 for more. */
	readonly size?: { readonly width: number; readonly height: number };
}

export interface DrawnChart {
	readonly chart: Chart;
	/** `Individuals`, `Mean of 5 values`. */
	readonly heading: string;
	/** Of what is plotted; empty where it has none. */
	readonly unit: string;
	readonly series: Series;
	/** Oldest first. */
	readonly segments: readonly Segment[];
}

export interface DrawnViolation {
	/** `Rule 2: Nine in a row on one side`. */
	readonly words: string;
	/** Where the completed pattern of its first signal began. */
	readonly spanFromMs: number;
	readonly firstMs: number;
	readonly lastMs: number;
}
