import { QUALITY } from '#contracts/point.ts';
import type uPlot from 'uplot';
import type { Palette } from './palette.ts';
import { canvasPx, clipped, inView, placeOf, type Scene } from './scene.ts';
import { isExcluded, partOf } from './series.ts';

export interface At {
	readonly x: number;
	readonly y: number;
}

/** Dots where there is room for them, and at any density the points that are not like the others. */
export function drawPoints(u: uPlot, { series, palette }: Scene): void {
	if (series.buckets) return;
	const { tMs, v, quality } = series.columns;
	const [from, to] = inView(u, series);
	const place = placeOf(u);
	const dots = u.bbox.width / Math.max(1, to - from) > 6 * devicePixelRatio;
	clipped(u, (context) => {
		for (let i = from; i < to; i++) {
			const part = partOf(series, i);
			const certain = (quality[i] ?? QUALITY.good) >= QUALITY.good;
			if (!dots && certain && part === 'judged') continue;
			const at = { x: place.x(tMs[i] ?? NaN), y: place.y(v[i] ?? NaN) };
			if (Number.isNaN(at.y)) continue;
			if (isExcluded(series, i)) struck(context, at, palette);
			else if (part === 'late') hollow(context, at, palette);
			else if ((quality[i] ?? QUALITY.good) < QUALITY.uncertain) cross(context, at, palette);
			else if (!certain) square(context, at, palette);
			else dot(context, at, palette);
		}
	});
}

function dot(context: CanvasRenderingContext2D, { x, y }: At, palette: Palette): void {
	context.fillStyle = palette.line;
	context.beginPath();
	context.arc(x, y, canvasPx(palette, 0.13), 0, 2 * Math.PI);
	context.fill();
}

function hollow(context: CanvasRenderingContext2D, { x, y }: At, palette: Palette): void {
	context.beginPath();
	context.arc(x, y, canvasPx(palette, 0.22), 0, 2 * Math.PI);
	open(context, palette);
}

/** Taken out by somebody: hollow, and struck through. */
function struck(context: CanvasRenderingContext2D, at: At, palette: Palette): void {
	hollow(context, at, palette);
	const reach = canvasPx(palette, 0.36);
	context.beginPath();
	context.moveTo(at.x - reach, at.y + reach);
	context.lineTo(at.x + reach, at.y - reach);
	context.stroke();
}

function square(context: CanvasRenderingContext2D, { x, y }: At, palette: Palette): void {
	const half = canvasPx(palette, 0.17);
	context.beginPath();
	context.rect(x - half, y - half, 2 * half, 2 * half);
	open(context, palette);
}

function cross(context: CanvasRenderingContext2D, { x, y }: At, palette: Palette): void {
	const half = canvasPx(palette, 0.17);
	context.beginPath();
	context.moveTo(x - half, y - half);
	context.lineTo(x + half, y + half);
	context.moveTo(x - half, y + half);
	context.lineTo(x + half, y - half);
	open(context, palette);
}

function open(context: CanvasRenderingContext2D, palette: Palette): void {
	context.fillStyle = palette.surface;
	context.strokeStyle = palette.line;
	context.lineWidth = canvasPx(palette, 1.25 / 16);
	context.fill();
	context.stroke();
}
