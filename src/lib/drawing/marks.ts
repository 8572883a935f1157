import { LIMIT_ABOVE, LIMIT_BELOW } from '#contracts/chart.ts';
import { createNews, labelled, outermost, textY, type Mark } from '#lib/chart/labels.ts';
import { segmentAt } from '#lib/chart/segments.ts';
import { codeOfBits } from '#lib/format/rule-words.ts';
import { shownOf, type Panel } from './panel.ts';
import { diamond, rectangle, type Shape } from './shapes.ts';
import { textWidth } from './text.ts';

/** Found by one point alone: beyond three sigma, or beyond the chart's own limits. */
const BEYOND = 1 | LIMIT_ABOVE | LIMIT_BELOW;
/** More than so many in view say nothing more by having their rules written at them. */
const MOST_NAMED = 100;
/** In sizes of the type. */
const RIBBON = 0.9;

/**
 * What the rules found: a diamond at each signalling point with its rules beside it. In a thinned stretch the diamond of a
 * value beyond the limits stands at the bucket's least or largest value, and every bucket with a signal has a stroke
 * along the top, so that none is lost.
 */
export function markShapes(panel: Panel): Shape[] {
	const { chart, theme, type, box } = panel;
	const [from, to] = shownOf(panel);
	const spacing = box.width / Math.max(1, to - from);
	const half = Math.min(0.42 * type, Math.max(0.32 * type, spacing * 0.8));
	const { marks, ribbon } = chart.series.buckets ? bucketMarks(panel) : pointMarks(panel);
	const named = marks.filter((mark) => mark.text !== '');
	const diamonds = outermost(marks, half).map(({ x, y }) => diamond(x, y, half));
	const shapes: Shape[] = [];
	if (ribbon.length > 0) shapes.push({ kind: 'path', d: ribbon.join(''), fill: theme.abnormal });
	if (diamonds.length > 0)
		shapes.push({ kind: 'path', d: diamonds.join(''), fill: theme.abnormal, stroke: theme.surface, strokeWidth: 1 });
	return [...shapes, ...(named.length > MOST_NAMED ? [] : texts(panel, named))];
}

interface Marks {
	readonly marks: readonly Mark[];
	/** Path data. */
	readonly ribbon: readonly string[];
}

function pointMarks(panel: Panel): Marks {
	const { chart, place, range } = panel;
	const { tMs, v, signals } = chart.series.columns;
	const [from, to] = shownOf(panel);
	const news = createNews();
	const marks: Mark[] = [];
	for (let i = from; i < to; i++) {
		const [t, value, bits] = [tMs[i] ?? NaN, v[i] ?? NaN, signals[i] ?? 0];
		if (bits === 0 || Number.isNaN(value) || t < range.fromMs || t > range.toMs) continue;
		const segment = segmentAt(chart.segments, t);
		const text = codeOfBits(news(i, bits), segment?.named);
		marks.push({ x: place.x(t), y: place.y(value), text, above: value >= (segment?.centre ?? value) });
	}
	return { marks, ribbon: [] };
}

function bucketMarks(panel: Panel): Marks {
	const { chart, place, box, type } = panel;
	const { columns, buckets } = chart.series;
	const [from, to] = shownOf(panel);
	const marks: Mark[] = [];
	const ribbon: string[] = [];
	let most = 1;
	for (let i = from; i < to && buckets; i++) most = Math.max(most, buckets.signals[i] ?? 0);
	const width = Math.max(1, buckets ? place.x(buckets.widthMs) - place.x(0) : 1);
	for (let i = from; i < to && buckets; i++) {
		const bits = columns.signals[i] ?? 0;
		if (bits === 0) continue;
		const x = place.x(columns.tMs[i] ?? NaN);
		const height = RIBBON * type * Math.max(0.25, (buckets.signals[i] ?? 0) / most);
		ribbon.push(rectangle({ left: x - width / 2, top: box.top, width, height }));
		const segment = segmentAt(chart.segments, columns.tMs[i] ?? NaN);
		if (!segment || (bits & BEYOND) === 0) continue;
		const [min, max] = [buckets.min[i] ?? NaN, buckets.max[i] ?? NaN];
		const text = codeOfBits(bits & BEYOND);
		if (max > segment.ucl) marks.push({ x, y: place.y(max), text, above: true });
		if (min < segment.lcl) marks.push({ x, y: place.y(min), text, above: false });
	}
	return { marks, ribbon };
}

function texts({ box, theme, type }: Panel, marks: readonly Mark[]): Shape[] {
	const size = 0.95 * type;
	const room = { gapPx: 0.3 * type, heightPx: 1.1 * type };
	const widthOf = (text: string) => textWidth(text, size);
	return labelled(marks, widthOf, room).map((mark): Shape => {
		const half = widthOf(mark.text) / 2;
		const x = Math.min(Math.max(mark.x, box.left + half), box.left + box.width - half);
		const wanted = textY(mark, room.heightPx);
		const isOutside = wanted < box.top + 0.5 * type || wanted > box.top + box.height - 0.5 * type;
		const y = isOutside ? textY({ ...mark, above: !mark.above }, room.heightPx) : wanted;
		const look = { size, weight: 600, anchor: 'middle', fill: theme.abnormal, halo: theme.surface } as const;
		return { kind: 'text', text: mark.text, x, y: y + 0.35 * size, ...look };
	});
}
