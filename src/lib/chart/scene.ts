import type uPlot from 'uplot';
import type { NumberFormat } from '#lib/format/number.ts';
import type { Palette } from './palette.ts';
import type { Segment } from './segments.ts';
import type { Series } from './series.ts';

/** What the layers below and above the line draw from. */
export interface Scene {
	readonly series: Series;
	readonly segments: readonly Segment[];
	readonly zones: 'zones' | 'plain';
	readonly palette: Palette;
	readonly format: NumberFormat;
}

export interface Box {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** Draws inside the plotting area only. */
export function clipped(u: uPlot, draw: (context: CanvasRenderingContext2D) => void): void {
	const { left, top, width, height } = u.bbox;
	u.ctx.save();
	u.ctx.beginPath();
	u.ctx.rect(left, top, width, height);
	u.ctx.clip();
	draw(u.ctx);
	u.ctx.restore();
}

/** Left and right edge of a segment on the canvas; undefined when it is out of view. */
export function spanOf(u: uPlot, segment: Segment): readonly [number, number] | undefined {
	const { left, width } = u.bbox;
	const from = Math.max(left, u.valToPos(segment.fromMs, 'x', true));
	const to = segment.toMs === Infinity ? left + width : Math.min(left + width, u.valToPos(segment.toMs, 'x', true));
	return to > from ? [from, to] : undefined;
}

/** Pixels of the canvas, from the page's rem. */
export function canvasPx(palette: Palette, rem: number): number {
	return rem * palette.remPx * devicePixelRatio;
}

/** A moving range has no lower limit worth a line: zero is where the chart ends. */
export function lowerLimit(segment: Segment, zones: Scene['zones']): number | undefined {
	return zones === 'plain' && segment.lcl <= 0 ? undefined : segment.lcl;
}
