import type uPlot from 'uplot';
import { labelled, spread, type Mark } from './labels.ts';
import type { Palette } from './palette.ts';
import { bandsOf, segmentAt, type Band, type Segment } from './segments.ts';
import { isApart, type Series } from './series.ts';
import type { NumberFormat } from '#lib/format/number.ts';
import { codeOfBits } from '#lib/format/words.ts';
import { lowerBound } from '#lib/live/ring.ts';

/** What the layers below and above the line draw from. */
export interface Scene {
	readonly series: Series;
	readonly segments: readonly Segment[];
	readonly zones: 'zones' | 'plain';
	readonly palette: Palette;
	readonly format: NumberFormat;
}

interface Box {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

const boxOf = (u: uPlot): Box => u.bbox;

function clipped(u: uPlot, draw: (context: CanvasRenderingContext2D) => void): void {
	const { left, top, width, height } = boxOf(u);
	u.ctx.save();
	u.ctx.beginPath();
	u.ctx.rect(left, top, width, height);
	u.ctx.clip();
	draw(u.ctx);
	u.ctx.restore();
}

/** Left and right edge of a segment on the canvas; undefined when it is out of view. */
function spanOf(u: uPlot, segment: Segment): readonly [number, number] | undefined {
	const { left, width } = boxOf(u);
	const from = Math.max(left, u.valToPos(segment.fromMs, 'x', true));
	const to = segment.toMs === Infinity ? left + width : Math.min(left + width, u.valToPos(segment.toMs, 'x', true));
	return to > from ? [from, to] : undefined;
}

function bandColour(zone: Band['zone'], palette: Palette): string {
	switch (zone) {
		case 'A':
			return palette.zoneA;
		case 'B':
			return palette.zoneB;
		case 'C':
		case 'plain':
			return palette.zoneC;
	}
}

export function drawZones(u: uPlot, { segments, zones, palette }: Scene): void {
	clipped(u, (context) => {
		for (const segment of segments) {
			const span = spanOf(u, segment);
			if (!span) continue;
			for (const band of bandsOf(segment, zones)) {
				const top = u.valToPos(band.high, 'y', true);
				context.fillStyle = bandColour(band.zone, palette);
				context.fillRect(span[0], top, span[1] - span[0], u.valToPos(band.low, 'y', true) - top);
			}
		}
	});
}

export function drawGaps(u: uPlot, { series, palette }: Scene): void {
	const { left, top, width, height } = boxOf(u);
	clipped(u, (context) => {
		context.strokeStyle = palette.gap;
		context.lineWidth = devicePixelRatio;
		for (const gap of series.gaps) {
			const from = Math.max(left, u.valToPos(gap.fromMs, 'x', true));
			const to = Math.min(left + width, u.valToPos(gap.toMs, 'x', true));
			if (to > from) hatch(context, { left: from, top, width: to - from, height });
		}
	});
}

/** Diagonal strokes: nothing was measured here, and it is seen in print and without colour. */
function hatch(context: CanvasRenderingContext2D, { left, top, width, height }: Box): void {
	const step = 7 * devicePixelRatio;
	context.save();
	context.beginPath();
	context.rect(left, top, width, height);
	context.clip();
	context.beginPath();
	for (let x = left - height; x < left + width; x += step) {
		context.moveTo(x, top + height);
		context.lineTo(x + height, top);
	}
	context.stroke();
	context.restore();
}

export function drawEnvelope(u: uPlot, { series, palette }: Scene): void {
	const { envelope, columns } = series;
	if (!envelope || columns.length === 0) return;
	clipped(u, (context) => {
		context.beginPath();
		for (let i = 0; i < columns.length; i++)
			context.lineTo(u.valToPos(columns.tMs[i] ?? 0, 'x', true), u.valToPos(envelope.max[i] ?? 0, 'y', true));
		for (let i = columns.length - 1; i >= 0; i--)
			context.lineTo(u.valToPos(columns.tMs[i] ?? 0, 'x', true), u.valToPos(envelope.min[i] ?? 0, 'y', true));
		context.fillStyle = palette.line;
		context.globalAlpha = 0.22;
		context.fill();
	});
}

/** Limits and centre as lines, each for as long as it held; a step is drawn where it changed. */
export function drawLimits(u: uPlot, { segments, palette }: Scene): void {
	clipped(u, (context) => {
		context.lineWidth = Math.max(1, Math.round(devicePixelRatio));
		for (const segment of segments) {
			const span = spanOf(u, segment);
			if (!span) continue;
			horizontal(u, span, { value: segment.ucl, colour: palette.limit, dash: [] });
			if (segment.lcl !== segment.centre) horizontal(u, span, { value: segment.lcl, colour: palette.limit, dash: [] });
			horizontal(u, span, { value: segment.centre, colour: palette.centre, dash: [6, 4] });
		}
	});
}

function horizontal(
	u: uPlot,
	[from, to]: readonly [number, number],
	line: { readonly value: number; readonly colour: string; readonly dash: readonly number[] },
): void {
	const y = Math.round(u.valToPos(line.value, 'y', true)) + 0.5;
	u.ctx.strokeStyle = line.colour;
	u.ctx.setLineDash(line.dash.map((length) => length * devicePixelRatio));
	u.ctx.beginPath();
	u.ctx.moveTo(from, y);
	u.ctx.lineTo(to, y);
	u.ctx.stroke();
	u.ctx.setLineDash([]);
}

/** The names and values of the limits in force at the right edge, and the letters of the zones inside it. */
export function drawLimitLabels(u: uPlot, { segments, zones, palette, format }: Scene): void {
	const rightMs = u.scales['x']?.max ?? 0;
	const segment = segmentAt(segments, rightMs) ?? segments.at(-1);
	if (!segment || !spanOf(u, segment)) return;
	const { left, top, width, height } = boxOf(u);
	const px = (rem: number) => rem * palette.remPx * devicePixelRatio;
	const at = (name: string, value: number) => ({ text: `${name} ${format(value)}`, y: u.valToPos(value, 'y', true) });
	const labels = [at('UCL', segment.ucl), at('CL', segment.centre), at('LCL', segment.lcl)];
	const { ctx } = u;
	ctx.save();
	ctx.font = `500 ${px(0.75)}px ${palette.family}`;
	ctx.textAlign = 'left';
	ctx.textBaseline = 'middle';
	ctx.fillStyle = palette.ink;
	for (const label of spread(labels, px(0.95), top + px(0.4), top + height - px(0.4)))
		ctx.fillText(label.text, left + width + px(0.45), label.y);
	if (zones === 'zones') drawZoneLetters(u, segment, palette);
	ctx.restore();
}

function drawZoneLetters(u: uPlot, segment: Segment, palette: Palette): void {
	const { left, width } = boxOf(u);
	const size = 0.65 * palette.remPx * devicePixelRatio;
	u.ctx.font = `500 ${size}px ${palette.family}`;
	u.ctx.textAlign = 'right';
	u.ctx.fillStyle = palette.inkSoft;
	for (const band of bandsOf(segment, 'zones')) {
		const [top, bottom] = [u.valToPos(band.high, 'y', true), u.valToPos(band.low, 'y', true)];
		if (bottom - top < size * 1.25 || band.zone === 'plain') continue;
		u.ctx.fillText(band.zone, left + width - size * 0.5, (top + bottom) / 2);
	}
}

/** Room for the labels at the right edge, in CSS pixels. */
export function labelRoom(context: CanvasRenderingContext2D, scene: Scene): number {
	const segment = scene.segments.at(-1);
	if (!segment) return 0.75 * scene.palette.remPx;
	context.save();
	context.font = `500 ${0.75 * scene.palette.remPx}px ${scene.palette.family}`;
	const widths = [segment.ucl, segment.centre, segment.lcl].map(
		(value) => context.measureText(`UCL ${scene.format(value)}`).width,
	);
	context.restore();
	return Math.ceil(Math.max(...widths) + 0.9 * scene.palette.remPx);
}

/** Points that are not part of the line, dots where there is room for them, and what the rules found. */
export function drawPoints(u: uPlot, scene: Scene): void {
	const { tMs, v, signals, flags, quality } = scene.series.columns;
	const { min = 0, max = 0 } = u.scales['x'] ?? {};
	const from = lowerBound(tMs, min);
	const to = lowerBound(tMs, max);
	const dots = boxOf(u).width / devicePixelRatio / Math.max(1, to - from) > 6;
	const marks: Mark[] = [];
	clipped(u, (context) => {
		for (let i = from; i < to; i++) {
			const y = v[i] ?? NaN;
			if (Number.isNaN(y)) continue;
			const at = { x: u.valToPos(tMs[i] ?? 0, 'x', true), y: u.valToPos(y, 'y', true) };
			if (isApart(flags[i] ?? 0)) hollow(context, at, scene.palette);
			else if ((quality[i] ?? 192) < 192) square(context, at, scene.palette);
			else if (dots) dot(context, at, scene.palette);
			const bits = signals[i] ?? 0;
			if (bits === 0) continue;
			const segment = segmentAt(scene.segments, tMs[i] ?? 0);
			marks.push({ ...at, text: codeOfBits(bits), above: y >= (segment?.centre ?? y) });
		}
		for (const mark of marks) diamond(context, mark, scene.palette);
	});
	drawMarkTexts(u, marks, scene.palette);
}

interface At {
	readonly x: number;
	readonly y: number;
}

function dot(context: CanvasRenderingContext2D, { x, y }: At, palette: Palette): void {
	context.fillStyle = palette.line;
	context.beginPath();
	context.arc(x, y, 0.13 * palette.remPx * devicePixelRatio, 0, 2 * Math.PI);
	context.fill();
}

function hollow(context: CanvasRenderingContext2D, { x, y }: At, palette: Palette): void {
	context.fillStyle = palette.surface;
	context.strokeStyle = palette.line;
	context.lineWidth = 1.25 * devicePixelRatio;
	context.beginPath();
	context.arc(x, y, 0.22 * palette.remPx * devicePixelRatio, 0, 2 * Math.PI);
	context.fill();
	context.stroke();
}

function square(context: CanvasRenderingContext2D, { x, y }: At, palette: Palette): void {
	const half = 0.17 * palette.remPx * devicePixelRatio;
	context.fillStyle = palette.surface;
	context.strokeStyle = palette.line;
	context.lineWidth = 1.25 * devicePixelRatio;
	context.beginPath();
	context.rect(x - half, y - half, 2 * half, 2 * half);
	context.fill();
	context.stroke();
}

function diamond(context: CanvasRenderingContext2D, { x, y }: At, palette: Palette): void {
	const half = 0.34 * palette.remPx * devicePixelRatio;
	context.fillStyle = palette.abnormal;
	context.strokeStyle = palette.surface;
	context.lineWidth = devicePixelRatio;
	context.beginPath();
	context.moveTo(x, y - half);
	context.lineTo(x + half, y);
	context.lineTo(x, y + half);
	context.lineTo(x - half, y);
	context.closePath();
	context.fill();
	context.stroke();
}

function drawMarkTexts(u: uPlot, marks: readonly Mark[], palette: Palette): void {
	const { ctx } = u;
	const px = (rem: number) => rem * palette.remPx * devicePixelRatio;
	const { left, top, width, height } = boxOf(u);
	ctx.save();
	ctx.font = `600 ${px(0.72)}px ${palette.family}`;
	ctx.textAlign = 'center';
	ctx.textBaseline = 'middle';
	for (const mark of labelled(marks, (text) => ctx.measureText(text).width, px(0.25))) {
		const half = ctx.measureText(mark.text).width / 2;
		const x = Math.min(Math.max(mark.x, left + half), left + width - half);
		const wanted = mark.y + px(mark.above ? -0.85 : 0.85);
		const outside = wanted < top + px(0.4) || wanted > top + height - px(0.4);
		ctx.lineWidth = px(0.2);
		ctx.lineJoin = 'round';
		ctx.strokeStyle = palette.surface;
		ctx.fillStyle = palette.abnormal;
		const y = outside ? mark.y + px(mark.above ? 0.85 : -0.85) : wanted;
		ctx.strokeText(mark.text, x, y);
		ctx.fillText(mark.text, x, y);
	}
	ctx.restore();
}
