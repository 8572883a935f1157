import type { Clock } from '#lib/chart/clock.ts';
import type { Place } from '#lib/chart/line-path.ts';
import { kindOf, type Segment } from '#lib/chart/segments.ts';
import { shownExtent, steadyRange, type YRange } from '#lib/chart/y-range.ts';
import { axisLabels, numberFormat, type NumberFormat } from '#lib/format/number.ts';
import { lowerBound } from '#lib/live/wire/ring.ts';
import type { DrawnChart, SpcDrawing } from './drawing.ts';
import type { Box } from './shapes.ts';
import type { Theme } from './theme.ts';
import { textWidth } from './text.ts';
import { valueTicks } from './value-ticks.ts';

/** One chart with its place in the picture: what every layer draws from. */
export interface Panel {
	readonly chart: DrawnChart;
	readonly box: Box;
	readonly place: Place;
	readonly range: { readonly fromMs: number; readonly toMs: number };
	readonly yRange: YRange;
	readonly yTicks: readonly number[];
	/** As they stand beside the ticks. */
	readonly yLabels: readonly string[];
	readonly kind: 'zones' | 'plain';
	readonly format: NumberFormat;
	readonly theme: Theme;
	readonly clock: Clock;
	readonly expectMs: number | undefined;
	/** Pixels of usual text. */
	readonly type: number;
}

/** Sizes that everything else follows from. */
export interface Frame {
	readonly width: number;
	readonly height: number;
	readonly type: number;
	readonly theme: Theme;
	readonly clock: Clock;
}

const HEADING = 1.9;
const TITLE = 3.9;
const AXIS = 3.1;
const LEGEND = 1.8;

/** @returns the panels one below the other, all as wide, the first the tallest */
export function panelsOf(data: SpcDrawing, frame: Frame): readonly Panel[] {
	const { type } = frame;
	const plans = data.charts.map((chart) => ranged(chart, data));
	const left =
		Math.max(0, ...plans.flatMap(({ yLabels }) => yLabels.map((text) => textWidth(text, type)))) + 1.6 * type;
	const right =
		Math.max(0, ...plans.flatMap((plan) => plan.limitTexts.map((text) => textWidth(text, type)))) + 1.4 * type;
	const top = TITLE * type;
	const room = frame.height - top - (AXIS + LEGEND) * type - data.charts.length * HEADING * type;
	const shares = data.charts.map((_, i) => (i === 0 ? 1 : 0.5));
	const whole = shares.reduce((sum, share) => sum + share, 0);
	let y = top;
	return plans.map(({ limitTexts: _, ...plan }, i) => {
		const height = Math.max(2 * type, (room * (shares[i] ?? 0)) / whole);
		const box = { left, top: y + HEADING * type, width: Math.max(type, frame.width - left - right), height };
		y = box.top + height;
		return { ...plan, ...frame, box, place: placeIn(box, data, plan.yRange), range: data, expectMs: data.expectMs };
	});
}

function ranged(chart: DrawnChart, { fromMs, toMs }: SpcDrawing) {
	const kind = kindOf(chart.chart);
	const range = { minMs: fromMs, maxMs: toMs };
	const yRange = steadyRange(shownExtent(chart.series, chart.segments, range), undefined, kind);
	const format = numberFormat(chart.segments.at(-1)?.sigma ?? spreadOf(chart, fromMs, toMs));
	const yTicks = valueTicks(yRange[0], yRange[1], kind === 'zones' ? 6 : 4);
	const limitTexts = chart.segments.flatMap((segment) => limitsTold(segment, kind, format).map(({ text }) => text));
	return { chart, kind, yRange, yTicks, yLabels: axisLabels(yTicks), format, limitTexts };
}

/** Something to choose decimals by while there are no limits; undefined for fewer than two values. */
function spreadOf({ series }: DrawnChart, fromMs: number, toMs: number): number | undefined {
	const { tMs, v } = series.columns;
	const shown = v.subarray(lowerBound(tMs, fromMs), lowerBound(tMs, toMs + 0.0005)).filter(Number.isFinite);
	const size =
		shown.reduce((most, one) => Math.max(most, one), -Infinity) -
		shown.reduce((least, one) => Math.min(least, one), Infinity);
	return size > 0 ? size / 6 : undefined;
}

function placeIn({ left, top, width, height }: Box, { fromMs, toMs }: SpcDrawing, [low, high]: YRange): Place {
	const kx = width / Math.max(toMs - fromMs, 1e-3);
	const ky = height / (high - low || 1);
	return { x: (tMs) => left + (tMs - fromMs) * kx, y: (v) => top + (high - v) * ky };
}

/** Limits and centre with their names; a spread has no lower limit worth a line where it ends at zero. */
export function limitsTold(
	{ ucl, lcl, centre }: Segment,
	kind: 'zones' | 'plain',
	format: NumberFormat,
): readonly { readonly text: string; readonly value: number }[] {
	const upper = { text: `UCL ${format(ucl)}`, value: ucl };
	const middle = { text: `CL ${format(centre)}`, value: centre };
	return hasLower(lcl, kind) ? [upper, middle, { text: `LCL ${format(lcl)}`, value: lcl }] : [upper, middle];
}

export function hasLower(lcl: number, kind: 'zones' | 'plain'): boolean {
	return !(kind === 'plain' && lcl === 0);
}

/** Left and right edge of a stretch of time in the panel; undefined when it is out of view. */
export function acrossOf(
	{ box, place }: Panel,
	{ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly [number, number] | undefined {
	const left = Math.max(box.left, place.x(fromMs));
	const right = toMs === Infinity ? box.left + box.width : Math.min(box.left + box.width, place.x(toMs));
	return right > left ? [left, right] : undefined;
}

/** Indices of what is in view, with a neighbour on each side where lines come in from. */
export function shownOf({ chart, range }: Panel): readonly [from: number, to: number] {
	const { tMs, length } = chart.series.columns;
	const from = Math.max(0, lowerBound(tMs, range.fromMs) - 1);
	return [from, Math.min(length, lowerBound(tMs, range.toMs + 0.0005) + 1)];
}
