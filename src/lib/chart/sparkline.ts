import type { Columns } from '#lib/live/wire/ring.ts';
import type { Palette } from './palette.ts';
import { canvasPx } from './scene.ts';
import { bandsOf, type Segment } from './segments.ts';

export interface SparklineScene {
	readonly columns: Columns;
	readonly segment: Segment | undefined;
	readonly palette: Palette;
	/** How many of the newest points. */
	readonly points: number;
}

const WIDTH_SHARE = 0.985;

/**
 * The newest points over the band of their limits, evenly spaced: a tile shows a shape, not times.
 *
 * @param context of a canvas whose size is in device pixels
 */
export function drawSparkline(context: CanvasRenderingContext2D, scene: SparklineScene): void {
	const { columns, segment, palette, points } = scene;
	const { width, height } = context.canvas;
	context.clearRect(0, 0, width, height);
	const from = Math.max(0, columns.length - points);
	const extent = extentOf(columns.v.subarray(from), segment);
	if (!extent) return;
	const pad = height * 0.08;
	const yOf = (v: number) => height - pad - ((v - extent[0]) / (extent[1] - extent[0])) * (height - 2 * pad);
	const step = (width * WIDTH_SHARE) / Math.max(points - 1, 1);
	const xOf = (i: number) => width * WIDTH_SHARE - (columns.length - 1 - i) * step;
	if (segment) drawBand(context, segment, yOf, palette);
	drawLine(context, { columns, from, xOf, yOf, palette });
	drawSignals(context, { columns, from, xOf, yOf, palette });
}

function extentOf(v: Float64Array, segment: Segment | undefined): readonly [number, number] | undefined {
	let min = segment?.lcl ?? Infinity;
	let max = segment?.ucl ?? -Infinity;
	for (const value of v) {
		if (value < min) min = value;
		if (value > max) max = value;
	}
	if (!(min <= max)) return undefined;
	return min === max ? [min - 1, max + 1] : [min, max];
}

/** The zones by lightness, as on the whole chart. */
function drawBand(
	context: CanvasRenderingContext2D,
	segment: Segment,
	yOf: (v: number) => number,
	palette: Palette,
): void {
	const { width } = context.canvas;
	const shades = { A: palette.zoneA, B: palette.zoneB, C: palette.zoneC, plain: palette.zoneC };
	for (const { zone, low, high } of bandsOf(segment, 'zones')) {
		context.fillStyle = shades[zone];
		context.fillRect(0, yOf(high), width, yOf(low) - yOf(high));
	}
	context.fillStyle = palette.centre;
	context.fillRect(0, Math.round(yOf(segment.centre)), width, Math.max(1, Math.round(devicePixelRatio / 2)));
}

interface Trace {
	readonly columns: Columns;
	readonly from: number;
	readonly xOf: (i: number) => number;
	readonly yOf: (v: number) => number;
	readonly palette: Palette;
}

function drawLine(context: CanvasRenderingContext2D, { columns, from, xOf, yOf, palette }: Trace): void {
	context.strokeStyle = palette.line;
	context.lineWidth = canvasPx(palette, 1.25 / 16);
	context.lineJoin = 'round';
	context.beginPath();
	let pen = false;
	for (let i = from; i < columns.length; i++) {
		const v = columns.v[i] ?? NaN;
		if (Number.isNaN(v)) pen = false;
		else if (pen) context.lineTo(xOf(i), yOf(v));
		else {
			context.moveTo(xOf(i), yOf(v));
			pen = true;
		}
	}
	context.stroke();
}

/** The first of a row of signals stands out; those that follow stay out of the way of the line. */
function drawSignals(context: CanvasRenderingContext2D, { columns, from, xOf, yOf, palette }: Trace): void {
	const { signals, v } = columns;
	context.fillStyle = palette.abnormal;
	for (let i = from; i < columns.length; i++) {
		if ((signals[i] ?? 0) === 0) continue;
		const goesOn = (signals[i - 1] ?? 0) !== 0;
		const half = (goesOn ? 0.12 : 0.21) * palette.remPx * devicePixelRatio;
		const [x, y] = [xOf(i), yOf(v[i] ?? NaN)];
		context.beginPath();
		context.moveTo(x, y - half);
		context.lineTo(x + half, y);
		context.lineTo(x, y + half);
		context.lineTo(x - half, y);
		context.fill();
	}
}
