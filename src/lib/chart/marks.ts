import type uPlot from 'uplot';
import { codeOfBits } from '#lib/format/words.ts';
import { lowerBound } from '#lib/live/ring.ts';
import { createNews, labelled, textY, type Mark } from './labels.ts';
import type { Palette } from './palette.ts';
import { canvasPx, clipped, type Scene } from './scene.ts';
import { segmentAt } from './segments.ts';
import { isApart } from './series.ts';

/** Points that are not part of the line, dots where there is room for them, and what the rules found. */
export function drawPoints(u: uPlot, scene: Scene): void {
	const { tMs, v, signals, flags, quality } = scene.series.columns;
	const { min = 0, max = 0 } = u.scales['x'] ?? {};
	const from = lowerBound(tMs, min);
	const to = lowerBound(tMs, max);
	const spacing = u.bbox.width / Math.max(1, to - from);
	const dots = spacing > 6 * devicePixelRatio;
	// A crowd of signals must not hide the line that they are on.
	const half = Math.min(canvasPx(scene.palette, 0.34), Math.max(canvasPx(scene.palette, 0.26), spacing * 0.8));
	const marks: Mark[] = [];
	const news = createNews();
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
			marks.push({ ...at, text: codeOfBits(news(i, bits)), above: y >= (segment?.centre ?? y) });
		}
		for (const mark of marks) diamond(context, mark, half, scene.palette);
	});
	drawMarkTexts(
		u,
		marks.filter((mark) => mark.text !== ''),
		scene.palette,
	);
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

function diamond(context: CanvasRenderingContext2D, { x, y }: At, half: number, palette: Palette): void {
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
	const px = (rem: number) => canvasPx(palette, rem);
	const { left, top, width, height } = u.bbox;
	const room = { gapPx: px(0.25), heightPx: px(0.85) };
	ctx.save();
	ctx.font = `600 ${px(0.72)}px ${palette.family}`;
	ctx.textAlign = 'center';
	ctx.textBaseline = 'middle';
	for (const mark of labelled(marks, (text) => ctx.measureText(text).width, room)) {
		const half = ctx.measureText(mark.text).width / 2;
		const x = Math.min(Math.max(mark.x, left + half), left + width - half);
		const wanted = textY(mark, room.heightPx);
		const outside = wanted < top + px(0.4) || wanted > top + height - px(0.4);
		ctx.lineWidth = px(0.2);
		ctx.lineJoin = 'round';
		ctx.strokeStyle = palette.surface;
		ctx.fillStyle = palette.abnormal;
		const y = outside ? textY({ ...mark, above: !mark.above }, room.heightPx) : wanted;
		ctx.strokeText(mark.text, x, y);
		ctx.fillText(mark.text, x, y);
	}
	ctx.restore();
}
