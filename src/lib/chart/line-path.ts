import type uPlot from 'uplot';
import { crossesGap, isApart, type Series } from './series.ts';

export interface LineOptions {
	/** Expected milliseconds between points; the line ends when three of them pass. undefined = it never does. */
	readonly expectMs: number | undefined;
}

/** @returns true when no line may join these two neighbours */
export function breaksBetween(series: Series, fromMs: number, toMs: number, { expectMs }: LineOptions): boolean {
	if (expectMs !== undefined && toMs - fromMs > 3 * expectMs) return true;
	return crossesGap(series.gaps, fromMs, toMs);
}

/**
 * The line through the judged points, broken where the data are: uPlot's own builder would join across gaps and
 * through late points.
 */
export function linePath(u: uPlot, series: Series, options: LineOptions): Path2D {
	const { tMs, v, flags, length } = series.columns;
	const path = new Path2D();
	const { min = 0, max = 0 } = u.scales['x'] ?? {};
	let previousMs = NaN;
	for (let i = 0; i < length; i++) {
		const [t, y, next] = [tMs[i] ?? NaN, v[i] ?? NaN, tMs[i + 1]];
		if (next !== undefined && next < min) continue;
		if (isApart(flags[i] ?? 0)) continue;
		if (Number.isNaN(y)) {
			previousMs = NaN;
			continue;
		}
		const [px, py] = [u.valToPos(t, 'x', true), u.valToPos(y, 'y', true)];
		if (Number.isNaN(previousMs) || breaksBetween(series, previousMs, t, options)) path.moveTo(px, py);
		else path.lineTo(px, py);
		previousMs = t;
		if (t > max) break;
	}
	return path;
}
