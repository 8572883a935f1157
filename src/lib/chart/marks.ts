import type uPlot from 'uplot';
import { LIMIT_ABOVE, LIMIT_BELOW } from '#contracts/chart.ts';
import { codeOfBits } from '#lib/format/rule-words.ts';
import { createNews, labelled, outermost, textY, type Mark } from './labels.ts';
import type { Palette } from './palette.ts';
import { canvasPx, clipped, inView, placeOf, type Scene } from './scene.ts';
import { segmentAt } from './segments.ts';

/** Found by one point alone: beyond three sigma, or beyond the chart's own limits. */
const BEYOND = 1 | LIMIT_ABOVE | LIMIT_BELOW;
/** In rem. */
const RIBBON = 0.9;
/** More than so many in view say nothing more by having their rules written at them. */
const MOST_NAMED = 100;

/**
 * What the rules found: a diamond at each signalling point with its rules beside it. In a thinned stretch the diamond
 * of a value beyond the limits stands at that value, the bucket's least or largest; every bucket with a signal of any
 * rule has a stroke along the top, so that none is lost.
 */
export function drawMarks(u: uPlot, scene: Scene): void {
	const { palette, series } = scene;
	const [from, to] = inView(u, series);
	const spacing = u.bbox.width / Math.max(1, to - from);
	// A crowd of signals must not hide the line that they are on.
	const half = Math.min(canvasPx(palette, 0.34), Math.max(canvasPx(palette, 0.26), spacing * 0.8));
	const marks = series.buckets ? bucketMarks(u, scene) : pointMarks(u, scene);
	const diamonds = outermost(
		marks.filter((mark) => !mark.inRibbon),
		half,
	);
	clipped(u, (context) => {
		for (const mark of diamonds) diamond(context, mark, half, palette);
	});
	if (series.buckets) drawRibbon(u, scene);
	const named = marks.filter((mark) => mark.text !== '');
	drawTexts(u, named.length > MOST_NAMED ? [] : named, palette);
}

interface RuleMark extends Mark {
	/** It has no place of its own on the chart: only its stroke in the ribbon tells of it. */
	readonly inRibbon: boolean;
}

function pointMarks(u: uPlot, { series, segments }: Scene): RuleMark[] {
	const { tMs, v, signals } = series.columns;
	const [from, to] = inView(u, series);
	const place = placeOf(u);
	const news = createNews();
	const marks: RuleMark[] = [];
	for (let i = from; i < to; i++) {
		const bits = signals[i] ?? 0;
		const [t, value] = [tMs[i] ?? NaN, v[i] ?? NaN];
		if (bits === 0 || Number.isNaN(value)) continue;
		const segment = segmentAt(segments, t);
		const text = codeOfBits(news(i, bits), segment?.named);
		marks.push({ x: place.x(t), y: place.y(value), text, above: value >= (segment?.centre ?? value), inRibbon: false });
	}
	return marks;
}

function bucketMarks(u: uPlot, { series, segments, palette }: Scene): RuleMark[] {
	const { columns, buckets } = series;
	const [from, to] = inView(u, series);
	const place = placeOf(u);
	const ribbonY = u.bbox.top + canvasPx(palette, RIBBON);
	const marks: RuleMark[] = [];
	for (let i = from; i < to && buckets; i++) {
		const bits = columns.signals[i] ?? 0;
		if (bits === 0) continue;
		const t = columns.tMs[i] ?? NaN;
		const segment = segmentAt(segments, t);
		const [min, max] = [buckets.min[i] ?? NaN, buckets.max[i] ?? NaN];
		const x = place.x(t);
		const beyond = (bits & BEYOND) !== 0 && segment !== undefined;
		const text = codeOfBits(bits & BEYOND);
		if (beyond && max > segment.ucl) marks.push({ x, y: place.y(max), text, above: true, inRibbon: false });
		if (beyond && min < segment.lcl) marks.push({ x, y: place.y(min), text, above: false, inRibbon: false });
		const rest = beyond ? bits & ~BEYOND : bits;
		if (rest !== 0) marks.push({ x, y: ribbonY, text: codeOfBits(rest, segment?.named), above: false, inRibbon: true });
	}
	return marks;
}

/** Strokes along the top edge, longer where a bucket has more signals: at least a quarter where there is one. */
function drawRibbon(u: uPlot, { series, palette }: Scene): void {
	const { columns, buckets } = series;
	if (!buckets) return;
	const [from, to] = inView(u, series);
	const place = placeOf(u);
	const height = canvasPx(palette, RIBBON);
	const width = Math.max(devicePixelRatio, place.x(buckets.widthMs) - place.x(0));
	let most = 1;
	for (let i = from; i < to; i++) most = Math.max(most, buckets.signals[i] ?? 0);
	clipped(u, (context) => {
		context.fillStyle = palette.abnormal;
		for (let i = from; i < to; i++) {
			const share = (buckets.signals[i] ?? 0) / most;
			if (share === 0) continue;
			const x = place.x(columns.tMs[i] ?? NaN) - width / 2;
			context.fillRect(x, u.bbox.top, width, height * Math.max(0.25, share));
		}
	});
}

function diamond(context: CanvasRenderingContext2D, { x, y }: Mark, half: number, palette: Palette): void {
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

function drawTexts(u: uPlot, marks: readonly Mark[], palette: Palette): void {
	const { ctx } = u;
	const px = (rem: number) => canvasPx(palette, rem);
	const { left, top, width, height } = u.bbox;
	const room = { gapPx: px(0.25), heightPx: px(0.85) };
	ctx.save();
	ctx.font = `600 ${px(0.72)}px ${palette.family}`;
	ctx.textAlign = 'center';
	ctx.textBaseline = 'middle';
	ctx.lineWidth = px(0.2);
	ctx.lineJoin = 'round';
	ctx.strokeStyle = palette.surface;
	ctx.fillStyle = palette.abnormal;
	const widths = new Map(marks.map(({ text }) => [text, ctx.measureText(text).width]));
	const widthOf = (text: string) => widths.get(text) ?? 0;
	for (const mark of labelled(marks, widthOf, room)) {
		const half = widthOf(mark.text) / 2;
		const x = Math.min(Math.max(mark.x, left + half), left + width - half);
		const wanted = textY(mark, room.heightPx);
		const outside = wanted < top + px(0.4) || wanted > top + height - px(0.4);
		const y = outside ? textY({ ...mark, above: !mark.above }, room.heightPx) : wanted;
		ctx.strokeText(mark.text, x, y);
		ctx.fillText(mark.text, x, y);
	}
	ctx.restore();
}
