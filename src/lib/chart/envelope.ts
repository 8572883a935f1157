import type uPlot from 'uplot';
import { createBreaks } from './line-path.ts';
import { clipped, inView, placeOf, type Scene } from './scene.ts';

/** The band from the least to the largest value of each bucket, as wide as the bucket is, and nothing between stretches. */
export function drawEnvelope(u: uPlot, scene: Scene): void {
	const { series, palette, expectMs } = scene;
	const { buckets } = series;
	if (!buckets) return;
	const [from, to] = inView(u, series);
	const breaks = createBreaks(series, expectMs);
	const { tMs } = series.columns;
	clipped(u, (context) => {
		context.fillStyle = palette.line;
		context.globalAlpha = 0.42;
		for (let start = from, i = from; i < to; i++) {
			const next = tMs[i + 1];
			if (i + 1 < to && next !== undefined && !breaks(tMs[i] ?? NaN, next, i + 1)) continue;
			fillStretch(u, context, { scene, from: start, to: i + 1 });
			start = i + 1;
		}
	});
}

function fillStretch(
	u: uPlot,
	context: CanvasRenderingContext2D,
	{ scene, from, to }: { readonly scene: Scene; readonly from: number; readonly to: number },
): void {
	const { buckets, columns } = scene.series;
	if (!buckets) return;
	const place = placeOf(u);
	const half = buckets.widthMs / 2;
	context.beginPath();
	for (let i = from; i < to; i++) {
		const [t, y] = [columns.tMs[i] ?? 0, place.y(buckets.max[i] ?? NaN)];
		if (Number.isNaN(y)) return;
		context.lineTo(place.x(t - half), y);
		context.lineTo(place.x(t + half), y);
	}
	for (let i = to - 1; i >= from; i--) {
		// A bucket of equal values is a line, not nothing.
		const y = Math.max(place.y(buckets.min[i] ?? NaN), place.y(buckets.max[i] ?? NaN) + devicePixelRatio);
		const t = columns.tMs[i] ?? 0;
		context.lineTo(place.x(t + half), y);
		context.lineTo(place.x(t - half), y);
	}
	context.fill();
}
