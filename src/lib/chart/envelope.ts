import type uPlot from 'uplot';
import { clipped, inView, placeOf, type Scene } from './scene.ts';

/**
 * The band from the least to the largest value of each bucket, as wide as the bucket is and nowhere else. Buckets that
 * begin in one column of pixels are one bar: bars with whole edges never overlap, and cost the least to fill.
 */
export function drawEnvelope(u: uPlot, { series, palette }: Scene): void {
	const { buckets, columns } = series;
	if (!buckets) return;
	const [from, to] = inView(u, series);
	const place = placeOf(u);
	const half = buckets.widthMs / 2;
	clipped(u, (context) => {
		context.fillStyle = palette.line;
		context.globalAlpha = 0.42;
		for (let i = from; i < to;) {
			const left = Math.floor(place.x((columns.tMs[i] ?? NaN) - half));
			let [right, top, bottom] = [left + 1, Infinity, -Infinity];
			for (; i < to && Math.floor(place.x((columns.tMs[i] ?? NaN) - half)) === left; i++) {
				right = Math.max(right, Math.floor(place.x((columns.tMs[i] ?? NaN) + half)));
				top = Math.min(top, place.y(buckets.max[i] ?? NaN));
				bottom = Math.max(bottom, place.y(buckets.min[i] ?? NaN));
			}
			// A bucket of equal values is a line, not nothing.
			context.fillRect(left, top, right - left, Math.max(devicePixelRatio, bottom - top));
		}
	});
}
