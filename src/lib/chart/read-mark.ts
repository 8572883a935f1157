import type uPlot from 'uplot';
import { rulesOfBits } from '#lib/format/rule-words.ts';
import { indexAt } from './overlay.ts';
import { patternOf } from './pattern.ts';
import { canvasPx, clipped, placeOf, type Scene } from './scene.ts';
import { segmentAt } from './segments.ts';

/** The point that was chosen keeps the marks of its pattern while something else is read. */
export function drawChosen(u: uPlot, scene: Scene): void {
	const { overlay, series } = scene;
	const index = overlay?.chosenMs === undefined ? undefined : indexAt(series, overlay.chosenMs);
	if (index === undefined || series.columns.tMs[index] !== overlay?.chosenMs) return;
	drawRead(u, { ...scene, marked: index });
}

/** The point that is read gets a ring; when it signals, so do the points of its pattern, joined by a thick line. */
export function drawRead(u: uPlot, scene: Scene): void {
	const { series, palette, marked } = scene;
	const { tMs, v, signals } = series.columns;
	if (marked === undefined || Number.isNaN(v[marked] ?? NaN)) return;
	const place = placeOf(u);
	const segment = segmentAt(scene.segments, tMs[marked] ?? NaN);
	clipped(u, (context) => {
		for (const rule of rulesOfBits(signals[marked] ?? 0, segment?.named)) {
			const points = patternOf(series, marked, rule, segment);
			context.strokeStyle = palette.abnormal;
			context.lineWidth = canvasPx(palette, 2.5 / 16);
			context.beginPath();
			for (const i of points) context.lineTo(place.x(tMs[i] ?? NaN), place.y(v[i] ?? NaN));
			context.stroke();
			for (const i of points) ring(context, { x: place.x(tMs[i] ?? NaN), y: place.y(v[i] ?? NaN) }, scene, 0.28);
		}
		context.strokeStyle = palette.ink;
		context.lineWidth = canvasPx(palette, 2 / 16);
		ring(context, { x: place.x(tMs[marked] ?? NaN), y: place.y(v[marked] ?? NaN) }, scene, 0.42);
	});
}

function ring(
	context: CanvasRenderingContext2D,
	at: { readonly x: number; readonly y: number },
	{ palette }: Scene,
	radiusRem: number,
): void {
	context.beginPath();
	context.arc(at.x, at.y, canvasPx(palette, radiusRem), 0, 2 * Math.PI);
	context.stroke();
}
