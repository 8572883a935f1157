import { tickLabels, timeTicks } from '#lib/chart/time-axis.ts';
import type { Panel } from './panel.ts';
import { line, rectangle, type Shape } from './shapes.ts';
import { textWidth } from './text.ts';

/** Lines at the round values and times. */
export function gridShape(panel: Panel): Shape {
	const { box, place, theme, yTicks } = panel;
	const across = yTicks.map((tick) => line(box.left, place.y(tick), box.left + box.width, place.y(tick)));
	const down = ticksOf(panel).map((t) => line(place.x(t), box.top, place.x(t), box.top + box.height));
	return { kind: 'path', d: [...across, ...down].join(''), stroke: theme.ink, opacity: 0.07 };
}

export function valueLabels({ box, place, theme, type, yTicks, yLabels }: Panel): Shape[] {
	const look = { size: type, weight: 400, anchor: 'end', fill: theme.inkSoft } as const;
	return yTicks.map((tick, i) => {
		const at = { x: box.left - 0.5 * type, y: place.y(tick) + 0.35 * type };
		return { kind: 'text', text: yLabels[i] ?? '', ...at, ...look };
	});
}

export function frameShape({ box, theme }: Panel): Shape {
	return { kind: 'path', d: rectangle(box), stroke: theme.centre };
}

/** The clock below the last panel, the date below the first tick and where a day begins. */
export function timeLabels(panel: Panel): Shape[] {
	const { box, place, theme, type, clock } = panel;
	const ticks = ticksOf(panel);
	const labels = tickLabels(ticks, clock);
	const y = box.top + box.height + 1.3 * type;
	return ticks.flatMap((t, i) =>
		(labels[i] ?? '').split('\n').map((text, row): Shape => {
			const look = { size: type, weight: 400, anchor: 'middle', fill: theme.inkSoft } as const;
			// The first would else begin outside of the picture.
			const x = Math.max(place.x(t), textWidth(text, type) / 2 + 0.3 * type);
			return { kind: 'text', text, x, y: y + row * 1.2 * type, ...look };
		}),
	);
}

function ticksOf({ box, range, clock, type }: Panel): readonly number[] {
	return timeTicks(range.fromMs, range.toMs, Math.max(2, Math.floor(box.width / (8 * type))), clock);
}
