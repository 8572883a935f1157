import { createGapWalk } from './gap-walk.ts';
import { partOf, type Series } from './series.ts';

/** Linear map from time and value to pixels of the canvas. */
export interface Place {
	x(tMs: number): number;
	y(v: number): number;
}

export interface LineSink {
	moveTo(x: number, y: number): void;
	lineTo(x: number, y: number): void;
	/** A point without a neighbour that a line could join it to. */
	lone(x: number, y: number): void;
	/** From one point to the next where much more time passed than usual: they are neighbours, with nothing between. */
	hop(fromX: number, fromY: number, toX: number, toY: number): void;
}

/** A bucket this full would not be empty by chance: where it is, nothing was measured. */
const FULL = 4;

/** @returns tells for neighbours that go forward in time whether no line may join them */
export function createBreaks(
	{ gaps, buckets }: Series,
	expectMs: number | undefined,
): (fromMs: number, toMs: number, toIndex: number) => boolean {
	const gapBetween = createGapWalk(gaps);
	const mostMs = expectMs === undefined ? Infinity : 3 * expectMs + (buckets?.widthMs ?? 0);
	return (fromMs, toMs, i) => {
		if (gapBetween(fromMs, toMs) || toMs - fromMs > mostMs) return true;
		if (!buckets || toMs - fromMs < 1.5 * buckets.widthMs) return false;
		return Math.min(buckets.count[i] ?? 0, buckets.count[i - 1] ?? 0) >= FULL;
	};
}

/** Without an expected interval: a pause of so many usual ones is drawn as one. */
const LONG = 10;

/** At every redraw of every chart: enough for a middle that a few odd distances do not move. */
const SAMPLED = 63;

/** @returns the middle one of the distances between neighbours in view, or of a sample of them; NaN for none */
function usualMs(tMs: Float64Array, from: number, to: number): number {
	const stride = Math.max(1, Math.floor((to - from) / SAMPLED));
	const distances = new Float64Array(Math.max(0, Math.ceil((to - from - 1) / stride)));
	for (let i = from + 1, n = 0; i < to; i += stride) distances[n++] = (tMs[i] ?? NaN) - (tMs[i - 1] ?? NaN);
	return distances.sort()[distances.length >> 1] ?? NaN;
}

/**
 * The line through the judged points, broken where the data are. Of many points in one column of pixels it keeps the
 * first, lowest, highest and last: the picture is the same as that of all of them.
 *
 * @param from, to indices of the points in view, with a neighbour on each side
 */
export function traceLine(
	series: Series,
	view: { readonly from: number; readonly to: number; readonly place: Place; readonly expectMs: number | undefined },
	sink: LineSink,
): void {
	const { tMs, v } = series.columns;
	const breaks = createBreaks(series, view.expectMs);
	const pen = createPen(sink);
	// With an expected interval the line has ended long before; a bucket says itself how full it is.
	const longMs = series.buckets || view.expectMs !== undefined ? NaN : LONG * usualMs(tMs, view.from, view.to);
	let previousMs = NaN;
	let [lastX, lastY] = [NaN, NaN];
	for (let i = view.from; i < view.to; i++) {
		const [t, value] = [tMs[i] ?? NaN, v[i] ?? NaN];
		const part = partOf(series, i);
		if (part === 'late') continue;
		if (part === 'refused' || Number.isNaN(value)) {
			previousMs = NaN;
			continue;
		}
		const [x, y] = [view.place.x(t), view.place.y(value)];
		if (Number.isNaN(previousMs) || breaks(previousMs, t, i)) pen.lift();
		else if (t - previousMs > longMs) {
			pen.lift();
			sink.hop(lastX, lastY, x, y);
		}
		pen.to(x, y);
		[previousMs, lastX, lastY] = [t, x, y];
	}
	pen.lift();
}

/** Gathers what falls into one column of pixels before it draws it. */
function createPen(sink: LineSink): { to(x: number, y: number): void; lift(): void } {
	let column = NaN;
	let count = 0;
	let [firstX, firstY, lastX, lastY, lowX, lowY, highX, highY] = [0, 0, 0, 0, 0, 0, 0, 0];
	let vertices = 0;

	function vertex(x: number, y: number): void {
		if (vertices++ > 0) sink.lineTo(x, y);
		else sink.moveTo(x, y);
	}

	function flush(): void {
		if (count === 0) return;
		vertex(firstX, firstY);
		const lowFirst = lowX <= highX;
		if (count > 2) vertex(lowFirst ? lowX : highX, lowFirst ? lowY : highY);
		if (count > 2) vertex(lowFirst ? highX : lowX, lowFirst ? highY : lowY);
		if (count > 1) vertex(lastX, lastY);
		count = 0;
	}

	return {
		to(x, y) {
			if (Math.floor(x) !== column) {
				flush();
				column = Math.floor(x);
			}
			if (count === 0) [firstX, firstY, lowX, lowY, highX, highY] = [x, y, x, y, x, y];
			if (y < lowY) [lowX, lowY] = [x, y];
			if (y > highY) [highX, highY] = [x, y];
			[lastX, lastY] = [x, y];
			count++;
		},
		lift() {
			flush();
			if (vertices === 1) sink.lone(lastX, lastY);
			column = NaN;
			vertices = 0;
		},
	};
}
