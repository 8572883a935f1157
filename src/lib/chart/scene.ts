import type uPlot from 'uplot';
import type { NumberFormat } from '#lib/format/number.ts';
import { lowerBound } from '#lib/live/wire/ring.ts';
import type { Clock } from './clock.ts';
import type { Place } from './line-path.ts';
import type { Overlay } from './overlay.ts';
import type { Palette } from './palette.ts';
import type { Segment } from './segments.ts';
import type { Series } from './series.ts';
import * as m from '#messages';

/** What the layers below and above the line draw from. */
export interface Scene {
	readonly series: Series;
	readonly segments: readonly Segment[];
	readonly zones: 'zones' | 'plain';
	readonly palette: Palette;
	readonly format: NumberFormat;
	readonly unit: string;
	readonly clock: Clock;
	/** Expected milliseconds between points: three of them without one end the line. */
	readonly expectMs: number | undefined;
	/** The point that is read just now. */
	readonly marked: number | undefined;
	readonly overlay?: Overlay;
}

export interface Box {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** Times and values on the canvas: uPlot's own way asks for its scales again at every call. */
export function placeOf(u: uPlot): Place {
	const { left, top, width, height } = u.bbox;
	const { min: x0 = 0, max: x1 = 1 } = u.scales['x'] ?? {};
	const { min: y0 = 0, max: y1 = 1 } = u.scales['y'] ?? {};
	const kx = width / (x1 - x0);
	const ky = height / (y1 - y0);
	return { x: (tMs) => left + (tMs - x0) * kx, y: (v) => top + (y1 - v) * ky };
}

/** Indices of what is in view, with a neighbour on each side where lines come in from. */
export function inView(u: uPlot, { columns }: Series): readonly [from: number, to: number] {
	const { min = 0, max = 0 } = u.scales['x'] ?? {};
	const from = Math.max(0, lowerBound(columns.tMs, min) - 1);
	return [from, Math.min(columns.length, lowerBound(columns.tMs, max) + 1)];
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

/** Left and right edge of a stretch of time on the canvas; undefined when it is out of view. */
export function spanOf(
	u: uPlot,
	{ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly [number, number] | undefined {
	const { left, width } = u.bbox;
	const place = placeOf(u);
	const from = Math.max(left, place.x(fromMs));
	const to = toMs === Infinity ? left + width : Math.min(left + width, place.x(toMs));
	return to > from ? [from, to] : undefined;
}

/** Pixels of the canvas, from the page's rem. */
export function canvasPx(palette: Palette, rem: number): number {
	return rem * palette.remPx * devicePixelRatio;
}

/** A range has no lower limit worth a line: zero is where the chart ends. */
export function lowerLimit(segment: Segment, zones: Scene['zones']): number | undefined {
	return zones === 'plain' && segment.lcl === 0 ? undefined : segment.lcl;
}

/** Names and values of a segment's limits, as they stand at the edge of the chart. */
export function limitTexts(
	{ format, zones }: Pick<Scene, 'format' | 'zones'>,
	segment: Segment,
): readonly { readonly text: string; readonly value: number }[] {
	const lower = lowerLimit(segment, zones);
	return [
		{ text: `${m.chart_ucl()} ${format(segment.ucl)}`, value: segment.ucl },
		{ text: `${m.chart_cl()} ${format(segment.centre)}`, value: segment.centre },
		...(lower === undefined ? [] : [{ text: `${m.chart_lcl()} ${format(lower)}`, value: lower }]),
	];
}
