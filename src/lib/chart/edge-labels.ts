import type uPlot from 'uplot';
import { spread } from './labels.ts';
import { canvasPx, limitTexts, placeOf, spanOf, type Scene } from './scene.ts';
import { bandsOf, segmentAt, type Segment } from './segments.ts';
import { formatCount } from '#lib/format/number.ts';
import * as m from '#messages';

const SIZE = 0.75;
const LINE = 0.95;

/** The names and values of the limits in force at the right edge, and between them the letters of the zones. */
export function drawEdgeLabels(u: uPlot, scene: Scene): void {
	const { segments, zones, palette } = scene;
	const segment = edgeSegment(u, segments);
	if (!segment || !spanOf(u, segment)) return;
	const { left, top, width, height } = u.bbox;
	const place = placeOf(u);
	const px = (rem: number) => canvasPx(palette, rem);
	const x = left + width + px(0.45);
	const labels = limitTexts(scene, segment).map(({ text, value }) => ({ text, y: place.y(value) }));
	const placed = spread(labels, px(LINE), top + px(0.4), top + height - px(0.4));
	const { ctx } = u;
	ctx.save();
	ctx.textAlign = 'left';
	ctx.textBaseline = 'middle';
	ctx.font = `500 ${px(SIZE)}px ${palette.family}`;
	ctx.fillStyle = palette.ink;
	for (const label of placed) ctx.fillText(label.text, x, label.y);
	ctx.fillStyle = palette.inkSoft;
	for (const letter of zones === 'zones' ? lettersOf(u, segment) : [])
		if (placed.every((label) => Math.abs(label.y - letter.y) >= px(LINE))) ctx.fillText(letter.text, x, letter.y);
	ctx.restore();
}

function edgeSegment(u: uPlot, segments: readonly Segment[]): Segment | undefined {
	return segmentAt(segments, u.scales['x']?.max ?? 0) ?? segments.at(-1);
}

function lettersOf(u: uPlot, segment: Segment) {
	const place = placeOf(u);
	return bandsOf(segment, 'zones').map((band) => ({ text: band.zone, y: place.y((band.high + band.low) / 2) }));
}

/** Room for the labels at the right edge, in CSS pixels: that of the widest limits, so that panning does not jog. */
export function edgeRoom(context: CanvasRenderingContext2D, scene: Scene): number {
	const { remPx, family } = scene.palette;
	if (scene.segments.length === 0) return 0.75 * remPx;
	context.save();
	context.font = `500 ${SIZE * remPx}px ${family}`;
	const texts = scene.segments
		.filter(({ step }) => step?.isLast !== false)
		.flatMap((segment) => limitTexts(scene, segment));
	const widest = Math.max(...texts.map(({ text }) => context.measureText(text).width));
	context.restore();
	return Math.ceil(widest + 0.9 * remPx);
}

/** Limits that held until others took over have their values where they end; where limits begin it is said of what. */
export function drawPhaseLabels(u: uPlot, scene: Scene): void {
	const { segments, palette } = scene;
	const { ctx } = u;
	const px = (rem: number) => canvasPx(palette, rem);
	const place = placeOf(u);
	const atEdge = edgeSegment(u, segments);
	ctx.save();
	ctx.font = `500 ${px(SIZE)}px ${palette.family}`;
	ctx.lineWidth = px(0.2);
	ctx.lineJoin = 'round';
	ctx.strokeStyle = palette.surface;
	ctx.fillStyle = palette.ink;
	ctx.textAlign = 'right';
	ctx.textBaseline = 'bottom';
	for (const segment of segments) {
		const span = spanOf(u, segment);
		if (!span || segment === atEdge || segment.step?.isLast === false) continue;
		for (const { text, value } of limitTexts(scene, segment)) {
			if (ctx.measureText(text).width * 2 > span[1] - span[0]) continue;
			haloed(ctx, text, span[1] - px(0.4), place.y(value) - px(0.1));
		}
	}
	ctx.textAlign = 'left';
	ctx.fillStyle = palette.inkSoft;
	const bottom = u.bbox.top + u.bbox.height - px(0.15);
	// Said once for both charts: of two that stand one below the other the low one has no room for it.
	for (const segment of scene.zones === 'zones' ? segments : []) {
		if (segment.step?.isFirst === false) continue;
		const span = spanOf(u, segment);
		const text = m.chart_limits_from({
			time: `${scene.clock.day(segment.fromMs)}, ${scene.clock.time(segment.fromMs)}`,
		});
		if (!span || span[0] <= u.bbox.left || ctx.measureText(text).width + px(0.8) > span[1] - span[0]) continue;
		// The words of its baseline stand there, where that begins with the limits.
		const isTaken = segment.baseline !== null && spanOf(u, segment.baseline ?? { fromMs: 0, toMs: 0 }) !== undefined;
		haloed(ctx, text, span[0] + px(0.4), isTaken ? bottom - px(LINE) : bottom);
	}
	ctx.restore();
}

function haloed(ctx: CanvasRenderingContext2D, text: string, x: number, y: number): void {
	ctx.strokeText(text, x, y);
	ctx.fillText(text, x, y);
}

/** A bracket along the bottom over the points that limits were learnt from. */
export function drawBaselines(u: uPlot, { segments, palette, zones }: Scene): void {
	const { ctx } = u;
	const px = (rem: number) => canvasPx(palette, rem);
	const y = u.bbox.top + u.bbox.height - px(0.2);
	ctx.save();
	ctx.font = `500 ${px(SIZE)}px ${palette.family}`;
	ctx.textAlign = 'center';
	ctx.textBaseline = 'bottom';
	ctx.lineJoin = 'round';
	for (const { baseline } of segments) {
		const span = baseline ? spanOf(u, baseline) : undefined;
		if (!baseline || !span) continue;
		ctx.strokeStyle = palette.inkSoft;
		ctx.lineWidth = px(0.15);
		ctx.beginPath();
		ctx.moveTo(span[0], y - px(0.3));
		ctx.lineTo(span[0], y);
		ctx.lineTo(span[1], y);
		ctx.lineTo(span[1], y - px(0.3));
		ctx.stroke();
		const text = m.chart_baseline({ points: formatCount(baseline.points, 'point') });
		if (zones === 'plain' || ctx.measureText(text).width > span[1] - span[0]) continue;
		ctx.strokeStyle = palette.surface;
		ctx.lineWidth = px(0.2);
		ctx.fillStyle = palette.inkSoft;
		haloed(ctx, text, (span[0] + span[1]) / 2, y - px(0.15));
	}
	ctx.restore();
}
