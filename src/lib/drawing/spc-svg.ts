import { kindOf } from '#lib/chart/segments.ts';
import { frameShape, gridShape, timeLabels, valueLabels } from './axes.ts';
import { baselineShapes, edgeLabels, gapShapes, limitShapes, phaseLabels, zoneShapes } from './backdrop.ts';
import type { DrawnViolation, SpcDrawing } from './drawing.ts';
import { markShapes } from './marks.ts';
import { acrossOf, panelsOf, type Frame, type Panel } from './panel.ts';
import { envelopeShapes, lineShapes, oddShape, POINT_WORDS, pointShapes, type OddPoint } from './points.ts';
import { diamond, line, rectangle, type Picture, type Shape } from './shapes.ts';
import { svgOf } from './svg.ts';
import { shortened, textWidth } from './text.ts';
import { THEMES, type ThemeName } from './theme.ts';
import { clockIn } from './zone-clock.ts';

const WIDTH = 1200;
const ONE_CHART = 420;
const MORE_CHARTS = 560;
/** Pixels of type in a picture of the usual width; a narrower one keeps what is readable. */
const TYPE = 13;

/**
 * A stream's control charts as a picture: the one drawing behind SVG, PNG, PDF and the images of alerts.
 *
 * @param id begins the names inside; different for pictures that stand in one document
 * @returns SVG that needs nothing from elsewhere; the same data give the same bytes
 * @throws RangeError for a time zone that is none
 */
export function spcSvg(data: SpcDrawing, theme: ThemeName, id?: string): string {
	return svgOf(spcPicture(data, theme), id);
}

/** The same as shapes, for who paints them elsewhere. */
export function spcPicture(data: SpcDrawing, themeName: ThemeName): Picture {
	const { width = WIDTH, height = data.charts.length > 1 ? MORE_CHARTS : ONE_CHART } = data.size ?? {};
	const theme = THEMES[themeName];
	const frame: Frame = { width, height, type: typeFor(width), theme, clock: clockIn(data.timeZone) };
	const panels = panelsOf(data, frame);
	const drawn = panels.map((panel) => panelShapes(panel, data.violation));
	const odd = new Set(drawn.flatMap((one) => [...one.odd]));
	const last = panels.at(-1);
	return {
		width,
		height,
		background: theme.surface,
		title: data.title,
		description: description(data, frame),
		shapes: [
			...headShapes(data, frame),
			...drawn.flatMap((one) => one.shapes),
			...(last ? timeLabels(last) : []),
			...legendShapes(data, frame, odd),
		],
	};
}

function typeFor(width: number): number {
	return Math.min(40, Math.max(9, (TYPE * width) / WIDTH));
}

function panelShapes(panel: Panel, violation: DrawnViolation | undefined) {
	const { box, chart, theme, type } = panel;
	const { shapes: points, odd } = pointShapes(panel);
	const unit = chart.unit === '' ? '' : ` (${chart.unit})`;
	const heading: Shape = {
		kind: 'text',
		text: shortened(`${chart.heading}${unit}`, type, box.width),
		x: box.left,
		y: box.top - 0.5 * type,
		size: type,
		weight: 600,
		anchor: 'start',
		fill: theme.inkSoft,
	};
	const inside = [
		...zoneShapes(panel),
		gridShape(panel),
		...gapShapes(panel),
		...(violation ? violationShapes(panel, violation) : []),
		...limitShapes(panel),
		...baselineShapes(panel),
		...phaseLabels(panel),
		...envelopeShapes(panel),
		...lineShapes(panel),
		...points,
		...markShapes(panel),
	];
	const shapes: Shape[] = [
		heading,
		{ kind: 'clipped', box, shapes: inside },
		frameShape(panel),
		...valueLabels(panel),
		...edgeLabels(panel),
	];
	return { shapes, odd };
}

/** A bar along the top over the pattern that completed and what followed, and a line where the first signal stands. */
function violationShapes(panel: Panel, { spanFromMs, firstMs, lastMs }: DrawnViolation): Shape[] {
	const { box, place, theme, type } = panel;
	const across = acrossOf(panel, { fromMs: spanFromMs, toMs: Math.max(lastMs, spanFromMs + 1e-3) });
	if (!across) return [];
	const [left, right] = across;
	const bar = { left, top: box.top, width: Math.max(2, right - left), height: 0.3 * type };
	const x = place.x(firstMs);
	return [
		{ kind: 'path', d: rectangle({ ...bar, height: box.height }), fill: theme.abnormal, opacity: 0.1 },
		{ kind: 'path', d: rectangle(bar), fill: theme.abnormal },
		{ kind: 'path', d: line(x, box.top, x, box.top + box.height), stroke: theme.abnormal, dash: [4, 3] },
	];
}

function headShapes(
	{ title, subtitle, violation, ...data }: SpcDrawing,
	{ width, type, theme, clock }: Frame,
): Shape[] {
	const margin = 0.9 * type;
	const from = `${clock.date(data.fromMs)}, ${clock.time(data.fromMs)}`;
	const until = clock.date(data.toMs) === clock.date(data.fromMs) ? '' : `${clock.date(data.toMs)}, `;
	const span = `${from} – ${until}${clock.time(data.toMs)} ${clock.name(data.toMs)}`;
	const room = width - 2 * margin;
	const second = violation ? violation.words : subtitle;
	const spanWidth = textWidth(span, type);
	const isNarrow = spanWidth > room / 2;
	const at = { kind: 'text', anchor: 'start', x: margin } as const;
	return [
		{ ...at, text: shortened(title, 1.4 * type, room), y: 1.75 * type, size: 1.4 * type, weight: 600, fill: theme.ink },
		{
			...at,
			text: shortened(isNarrow ? span : second, type, isNarrow ? room : room - spanWidth - type),
			y: 3.2 * type,
			size: type,
			weight: violation && !isNarrow ? 600 : 400,
			fill: violation && !isNarrow ? theme.abnormal : theme.inkSoft,
		},
		...(isNarrow
			? []
			: [
					{
						...at,
						text: span,
						x: width - margin,
						anchor: 'end',
						y: 3.2 * type,
						size: type,
						weight: 400,
						fill: theme.inkSoft,
					} as const,
				]),
	];
}

/** What the shapes in this picture mean, and nothing about those that are not in it. */
function legendShapes(data: SpcDrawing, { width, height, type, theme }: Frame, odd: ReadonlySet<OddPoint>): Shape[] {
	const y = height - 0.75 * type;
	let x = 0.9 * type;
	const shapes: Shape[] = [];
	const write = (text: string, room = width - x - 0.9 * type) => {
		const shown = shortened(text, 0.95 * type, room);
		shapes.push({
			kind: 'text',
			text: shown,
			x,
			y,
			size: 0.95 * type,
			weight: 400,
			anchor: 'start',
			fill: theme.inkSoft,
		});
		x += textWidth(shown, 0.95 * type) + 1.6 * type;
	};
	const symbol = (d: string, look: { readonly fill: string; readonly stroke?: string }) => {
		shapes.push({ kind: 'path', d, ...look });
		x += 0.8 * type;
	};
	const middle = y - 0.32 * type;
	if (data.charts.some(({ series }) => series.columns.signals.some((bits) => bits !== 0))) {
		symbol(diamond(x, middle, 0.4 * type), { fill: theme.abnormal });
		write('a rule signals (R1 to R8: Nelson’s rules; LIM: the chart’s own limit)');
	}
	for (const kind of odd) {
		symbol(oddShape(kind, x, middle, type), { fill: theme.surface, stroke: theme.line });
		write(POINT_WORDS[kind]);
	}
	if (data.charts.some(({ series }) => series.gaps.length > 0)) {
		const box = { left: x - 0.4 * type, top: middle - 0.4 * type, width: 0.8 * type, height: 0.8 * type };
		const hatch = line(box.left, box.top + box.height, box.left + box.width, box.top);
		shapes.push({ kind: 'path', d: `${rectangle(box)}${hatch}`, stroke: theme.inkSoft });
		x += 0.8 * type;
		write('nothing measured');
	}
	for (const note of data.notes ?? []) write(note);
	return shapes;
}

function description(data: SpcDrawing, { clock }: Frame): string {
	const charts = data.charts.map(({ heading, chart, series, segments }) => {
		const signals = series.columns.signals.reduce((sum, bits) => sum + (bits === 0 ? 0 : 1), 0);
		const limits = segments.at(-1);
		const told =
			limits && Number.isFinite(limits.centre)
				? `, centre ${limits.centre}, limits ${limits.lcl} to ${limits.ucl}`
				: '';
		const points = kindOf(chart) === 'zones' ? 'points' : 'values';
		return `${heading}: ${series.columns.length} ${points}${told}, ${signals} with a signal`;
	});
	const times = `${clock.date(data.fromMs)} ${clock.time(data.fromMs)} to ${clock.date(data.toMs)} ${clock.time(data.toMs)}`;
	return [...(data.violation ? [data.violation.words] : []), `${times} ${clock.name(data.toMs)}`, ...charts].join('. ');
}
