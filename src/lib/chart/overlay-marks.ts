import type uPlot from 'uplot';
import { indexAt, NO_OVERLAY, type EventMark, type NoteMark } from './overlay.ts';
import { canvasPx, clipped, placeOf, spanOf, type Scene } from './scene.ts';

const SIZE = 0.72;

/** The stretch that is looked at: darker, with its ends. */
export function drawSelection(u: uPlot, { overlay, palette }: Scene): void {
	const { selection } = overlay ?? NO_OVERLAY;
	const span = selection && spanOf(u, { fromMs: selection.minMs, toMs: selection.maxMs });
	if (!span) return;
	const { top, height } = u.bbox;
	clipped(u, (context) => {
		context.fillStyle = palette.ink;
		context.globalAlpha = 0.13;
		context.fillRect(span[0], top, span[1] - span[0], height);
		context.globalAlpha = 0.8;
		const width = Math.max(1, Math.round(canvasPx(palette, 1 / 16)));
		for (const x of span) context.fillRect(Math.round(x - width / 2), top, width, height);
	});
}

/** A line where something happened; what lasted is a stretch of its own shade, with a bar along the bottom; titles while there is room. */
export function drawEvents(u: uPlot, scene: Scene): void {
	const { events, isNamed } = scene.overlay ?? NO_OVERLAY;
	if (events.length === 0) return;
	const { palette } = scene;
	const { top, height, left } = u.bbox;
	const place = placeOf(u);
	const px = (rem: number) => canvasPx(palette, rem);
	clipped(u, (context) => {
		context.strokeStyle = palette.inkSoft;
		context.fillStyle = palette.inkSoft;
		context.lineWidth = px(1 / 16);
		context.font = `500 ${px(SIZE)}px ${palette.family}`;
		context.textAlign = 'left';
		context.textBaseline = 'bottom';
		context.setLineDash([px(0.25), px(0.2)]);
		let free = left;
		for (const event of events) {
			const x = place.x(event.fromMs);
			drawLine(context, x, top, height);
			drawStretch(u, context, event, px);
			const width = context.measureText(event.title).width;
			if (!isNamed || x < free || x + width > left + u.bbox.width) continue;
			haloed(context, {
				text: event.title,
				x: x + px(0.25),
				y: top + height - px(0.35),
				colour: palette.inkSoft,
				scene,
			});
			free = x + width + px(0.8);
		}
	});
}

function drawLine(context: CanvasRenderingContext2D, x: number, top: number, height: number): void {
	context.beginPath();
	context.moveTo(x, top);
	context.lineTo(x, top + height);
	context.stroke();
}

function drawStretch(u: uPlot, context: CanvasRenderingContext2D, event: EventMark, px: (rem: number) => number): void {
	const span = event.toMs > event.fromMs ? spanOf(u, event) : undefined;
	if (!span) return;
	const { top, height } = u.bbox;
	const width = span[1] - span[0];
	context.fillRect(span[0], top + height - px(0.2), width, px(0.2));
	// Something is always in force: a shade behind all of the chart would say nothing.
	if (event.isInForce) return;
	context.save();
	context.globalAlpha = 0.14;
	context.fillRect(span[0], top, width, height);
	context.restore();
	drawLine(context, span[1], top, height);
}

/** A flag along the top for each comment, with a bracket over its stretch; a pinned point has a ring and its value. */
export function drawNotes(u: uPlot, scene: Scene): void {
	const { notes, isNamed } = scene.overlay ?? NO_OVERLAY;
	if (!isNamed) return;
	clipped(u, (context) => {
		for (const note of notes)
			if (note.kind === 'comment') drawFlag(u, context, note, scene);
			else if (note.kind === 'pin') drawPin(u, context, note, scene);
			else drawPhaseName(u, context, note, scene);
	});
}

function drawFlag(u: uPlot, context: CanvasRenderingContext2D, note: NoteMark, { palette }: Scene): void {
	const px = (rem: number) => canvasPx(palette, rem);
	const place = placeOf(u);
	const [from, to] = [place.x(note.fromMs), place.x(note.toMs)];
	const { top } = u.bbox;
	const [x, size] = [(from + to) / 2, px(0.42)];
	context.fillStyle = palette.ink;
	if (to > from) context.fillRect(from, top, to - from, px(0.14));
	context.beginPath();
	context.moveTo(x - size, top);
	context.lineTo(x + size, top);
	context.lineTo(x + size, top + size * 1.3);
	context.lineTo(x, top + size * 2.1);
	context.lineTo(x - size, top + size * 1.3);
	context.closePath();
	context.fill();
}

function drawPin(u: uPlot, context: CanvasRenderingContext2D, { fromMs }: NoteMark, scene: Scene): void {
	const { series, palette, format, unit } = scene;
	const index = indexAt(series, fromMs);
	const [t, v] = [series.columns.tMs[index ?? -1], series.columns.v[index ?? -1]];
	const reachMs = (series.buckets?.widthMs ?? 0) / 2 + 0.5;
	if (t === undefined || v === undefined || Number.isNaN(v) || Math.abs(t - fromMs) > reachMs) return;
	const px = (rem: number) => canvasPx(palette, rem);
	const place = placeOf(u);
	const at = { x: place.x(t), y: place.y(v) };
	const isHigh = at.y < u.bbox.top + u.bbox.height / 3;
	context.strokeStyle = palette.ink;
	context.lineWidth = px(1.5 / 16);
	context.beginPath();
	context.arc(at.x, at.y, px(0.36), 0, 2 * Math.PI);
	context.moveTo(at.x, at.y + px(isHigh ? 0.36 : -0.36));
	context.lineTo(at.x, at.y + px(isHigh ? 1.2 : -1.2));
	context.stroke();
	context.font = `600 ${px(SIZE)}px ${palette.family}`;
	context.textAlign = 'center';
	context.textBaseline = isHigh ? 'top' : 'bottom';
	const text = unit === '' ? format(v) : `${format(v)}\u00a0${unit}`;
	haloed(context, { text, x: at.x, y: at.y + px(isHigh ? 1.25 : -1.25), colour: palette.ink, scene });
}

function drawPhaseName(u: uPlot, context: CanvasRenderingContext2D, { fromMs, text }: NoteMark, scene: Scene): void {
	if (text === '') return;
	const px = (rem: number) => canvasPx(scene.palette, rem);
	context.font = `600 ${px(SIZE)}px ${scene.palette.family}`;
	context.textAlign = 'left';
	context.textBaseline = 'top';
	const x = placeOf(u).x(fromMs) + px(0.3);
	haloed(context, { text, x, y: u.bbox.top + px(0.3), colour: scene.palette.ink, scene });
}

function haloed(
	context: CanvasRenderingContext2D,
	of: { readonly text: string; readonly x: number; readonly y: number; readonly colour: string; readonly scene: Scene },
): void {
	context.save();
	context.setLineDash([]);
	context.lineJoin = 'round';
	context.lineWidth = canvasPx(of.scene.palette, 0.22);
	context.strokeStyle = of.scene.palette.surface;
	context.fillStyle = of.colour;
	context.strokeText(of.text, of.x, of.y);
	context.fillText(of.text, of.x, of.y);
	context.restore();
}
