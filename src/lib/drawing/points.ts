import { QUALITY } from '#contracts/point.ts';
import { traceLine } from '#lib/chart/line-path.ts';
import { partOf } from '#lib/chart/series.ts';
import { shownOf, type Panel } from './panel.ts';
import { circle, cross, line, px, rectangle, square, type Shape } from './shapes.ts';

/** The line through judged points, broken where the data are, and dots where a point has no neighbour. */
export function lineShapes(panel: Panel): Shape[] {
	const { chart, place, theme, expectMs } = panel;
	const [from, to] = shownOf(panel);
	const [trace, lone, hops]: [string[], string[], string[]] = [[], [], []];
	traceLine(
		chart.series,
		{ from, to, place, expectMs },
		{
			moveTo: (x, y) => trace.push(`M${px(x)} ${px(y)}`),
			lineTo: (x, y) => trace.push(`L${px(x)} ${px(y)}`),
			lone: (x, y) => lone.push(circle(x, y, 1.5)),
			hop: (fromX, fromY, toX, toY) => hops.push(line(fromX, fromY, toX, toY)),
		},
	);
	const shapes: Shape[] = [
		{ kind: 'path', d: hops.join(''), stroke: theme.line, dash: [1, 4] },
		{ kind: 'path', d: trace.join(''), stroke: theme.line, strokeWidth: 1.25 },
		{ kind: 'path', d: lone.join(''), fill: theme.line },
	];
	return shapes.filter((shape) => shape.kind !== 'path' || shape.d !== '');
}

/** From the least to the largest value of each bucket, as wide as the bucket is and nowhere else. */
export function envelopeShapes(panel: Panel): Shape[] {
	const { chart, place, theme } = panel;
	const { buckets, columns } = chart.series;
	if (!buckets) return [];
	const [from, to] = shownOf(panel);
	const bars: string[] = [];
	for (let i = from; i < to; i++) {
		const [min, max, t] = [buckets.min[i] ?? NaN, buckets.max[i] ?? NaN, columns.tMs[i] ?? NaN];
		if (Number.isNaN(min)) continue;
		const left = Math.floor(place.x(t - buckets.widthMs / 2));
		const width = Math.max(1, Math.floor(place.x(t + buckets.widthMs / 2)) - left);
		const top = place.y(max);
		// A bucket of equal values is a line, not nothing.
		bars.push(rectangle({ left, top, width, height: Math.max(1, place.y(min) - top) }));
	}
	return bars.length === 0 ? [] : [{ kind: 'path', d: bars.join(''), fill: theme.line, opacity: 0.42 }];
}

/** How a point that is not like the others is drawn, and what that says. */
export const POINT_WORDS = {
	late: 'late or excluded, not judged',
	uncertain: 'uncertain quality',
	bad: 'bad quality, not judged',
} as const;
export type OddPoint = keyof typeof POINT_WORDS;

/** Dots where there is room for them, and at any density the points that are not like the others. */
export function pointShapes(panel: Panel): { readonly shapes: Shape[]; readonly odd: ReadonlySet<OddPoint> } {
	const { chart, place, theme, type, box } = panel;
	const { tMs, v, quality } = chart.series.columns;
	const odd = new Set<OddPoint>();
	if (chart.series.buckets) return { shapes: [], odd };
	const [from, to] = shownOf(panel);
	const hasRoom = box.width / Math.max(1, to - from) > 6;
	const [dots, open]: [string[], string[]] = [[], []];
	for (let i = from; i < to; i++) {
		const [x, y] = [place.x(tMs[i] ?? NaN), place.y(v[i] ?? NaN)];
		if (Number.isNaN(y)) continue;
		const kind = oddity(panel, i, quality[i] ?? QUALITY.good);
		if (kind) odd.add(kind);
		if (kind) open.push(oddShape(kind, x, y, type));
		else if (hasRoom) dots.push(circle(x, y, 0.17 * type));
	}
	const shapes: Shape[] = [];
	if (dots.length > 0) shapes.push({ kind: 'path', d: dots.join(''), fill: theme.line });
	if (open.length > 0)
		shapes.push({ kind: 'path', d: open.join(''), fill: theme.surface, stroke: theme.line, strokeWidth: 1.25 });
	return { shapes, odd };
}

function oddity({ chart }: Panel, i: number, quality: number): OddPoint | undefined {
	if (partOf(chart.series, i) === 'late') return 'late';
	if (quality < QUALITY.uncertain) return 'bad';
	return quality < QUALITY.good ? 'uncertain' : undefined;
}

export function oddShape(kind: OddPoint, x: number, y: number, type: number): string {
	switch (kind) {
		case 'late':
			return circle(x, y, 0.28 * type);
		case 'uncertain':
			return square(x, y, 0.22 * type);
		case 'bad':
			return cross(x, y, 0.22 * type);
	}
}
