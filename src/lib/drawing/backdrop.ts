import { spread } from '#lib/chart/labels.ts';
import { bandsOf, segmentAt, type Band, type Segment } from '#lib/chart/segments.ts';
import { acrossOf, hasLower, limitsTold, type Panel } from './panel.ts';
import { line, px, rectangle, type Shape } from './shapes.ts';
import { textWidth } from './text.ts';
import type { Theme } from './theme.ts';

function zoneColour(zone: Band['zone'], theme: Theme): string {
	switch (zone) {
		case 'A':
			return theme.zoneA;
		case 'B':
			return theme.zoneB;
		case 'C':
		case 'plain':
			return theme.zoneC;
	}
}

export function zoneShapes(panel: Panel): Shape[] {
	const { chart, place, kind, theme } = panel;
	return chart.segments.flatMap((segment): Shape[] => {
		const across = acrossOf(panel, segment);
		if (!across) return [];
		// Whole pixels: between steps that share one a seam would show.
		const [left, right] = [Math.round(across[0]), Math.round(across[1])];
		return bandsOf(segment, kind).map((band) => {
			const top = place.y(band.high);
			const box = { left, top, width: right - left, height: place.y(band.low) - top };
			return { kind: 'path', d: rectangle(box), fill: zoneColour(band.zone, theme) };
		});
	});
}

/** Diagonal strokes: nothing was measured here, and it is seen in print and without colour. */
export function gapShapes(panel: Panel): Shape[] {
	const { chart, box, theme, type } = panel;
	return chart.series.gaps.flatMap((gap): Shape[] => {
		const across = acrossOf(panel, gap);
		if (!across) return [];
		// A gap shorter than a pixel is still one.
		const hatched = { ...box, left: across[0], width: Math.max(1, across[1] - across[0]) };
		const strokes: string[] = [];
		for (let x = hatched.left - box.height; x < hatched.left + hatched.width; x += 0.55 * type)
			strokes.push(line(x, box.top + box.height, x + box.height, box.top));
		const hatch: Shape = { kind: 'path', d: strokes.join(''), stroke: theme.ink, opacity: 0.22 };
		return [{ kind: 'clipped', box: hatched, shapes: [hatch] }];
	});
}

/** Limits and centre as lines, each for as long as it held, and a border where others took over; a riser where only the size changed. */
export function limitShapes(panel: Panel): Shape[] {
	return panel.chart.segments.flatMap((segment, i) => {
		const across = acrossOf(panel, segment);
		return across ? linesOf(panel, segment, panel.chart.segments[i - 1], across) : [];
	});
}

function linesOf(
	{ place, theme, kind, box }: Panel,
	segment: Segment,
	previous: Segment | undefined,
	[from, to]: readonly [number, number],
): Shape[] {
	const before = segment.step?.isFirst === false ? previous : undefined;
	const lower = hasLower(segment.lcl, kind);
	const level = (value: number): string => line(from, place.y(value), to, place.y(value));
	const limits = [level(segment.ucl), lower ? level(segment.lcl) : ''];
	if (before && from > box.left) {
		limits.push(line(from, place.y(before.ucl), from, place.y(segment.ucl)));
		if (lower) limits.push(line(from, place.y(before.lcl), from, place.y(segment.lcl)));
	}
	const begins = from > box.left && before === undefined;
	return [
		{ kind: 'path', d: limits.join(''), stroke: theme.limit, strokeWidth: 1.25 },
		{ kind: 'path', d: level(segment.centre), stroke: theme.centre, dash: [6, 4] },
		...(begins
			? [
					{
						kind: 'path',
						d: line(from, box.top, from, box.top + box.height),
						stroke: theme.limit,
						dash: [2, 3],
					} as const,
				]
			: []),
	];
}

/** Names and values of the newest limits at the right edge, and the letters of the zones between them. */
export function edgeLabels(panel: Panel): Shape[] {
	const { chart, place, box, kind, format, theme, type, range } = panel;
	const segment = segmentAt(chart.segments, range.toMs) ?? chart.segments.at(-1);
	if (!segment || !acrossOf(panel, segment)) return [];
	const [low, high] = [box.top + 0.4 * type, box.top + box.height - 0.4 * type];
	const labels = limitsTold(segment, kind, format).map(({ text, value }) => ({ text, y: place.y(value) }));
	const placed = spread(labels, 1.2 * type, low, high);
	const letters = (kind === 'zones' ? bandsOf(segment, 'zones') : [])
		.map((band) => ({ text: band.zone, y: place.y((band.high + band.low) / 2) }))
		.filter((letter) => placed.every((label) => Math.abs(label.y - letter.y) >= 1.1 * type));
	const at = { kind: 'text', x: box.left + box.width + 0.5 * type, size: type, anchor: 'start' } as const;
	const middle = 0.35 * type;
	return [
		...placed.map(({ text, y }) => ({ ...at, text, y: y + middle, weight: 600, fill: theme.ink }) as const),
		...letters.map(({ text, y }) => ({ ...at, text, y: y + middle, weight: 400, fill: theme.inkSoft }) as const),
	];
}

/** Limits that held until others took over have their values where they end. */
export function phaseLabels(panel: Panel): Shape[] {
	const { chart, place, kind, format, theme, type, range } = panel;
	const atEdge = segmentAt(chart.segments, range.toMs) ?? chart.segments.at(-1);
	return chart.segments.flatMap((segment): Shape[] => {
		const across = acrossOf(panel, segment);
		if (!across || segment === atEdge || segment.step?.isLast === false) return [];
		return limitsTold(segment, kind, format)
			.filter(({ text }) => textWidth(text, type) * 1.6 < across[1] - across[0])
			.map(({ text, value }) => ({
				kind: 'text',
				text,
				x: across[1] - 0.4 * type,
				y: place.y(value) - 0.25 * type,
				size: 0.9 * type,
				weight: 400,
				anchor: 'end',
				fill: theme.ink,
				halo: theme.surface,
			}));
	});
}

/** A bracket along the bottom over the points that limits were learnt from. */
export function baselineShapes(panel: Panel): Shape[] {
	const { chart, box, kind, theme, type } = panel;
	const y = box.top + box.height - 0.25 * type;
	return chart.segments.flatMap(({ baseline }): Shape[] => {
		const across = baseline ? acrossOf(panel, baseline) : undefined;
		if (!baseline || !across) return [];
		const [from, to] = across;
		const up = px(0.4 * type);
		const bracket: Shape = {
			kind: 'path',
			d: `M${px(from)} ${px(y - up)}v${up}H${px(to)}v${-up}`,
			stroke: theme.inkSoft,
			strokeWidth: 1.5,
		};
		const text = `Baseline, ${baseline.points} points`;
		if (kind === 'plain' || textWidth(text, 0.9 * type) > to - from) return [bracket];
		const at = { x: (from + to) / 2, y: y - 0.35 * type, size: 0.9 * type, weight: 400, anchor: 'middle' } as const;
		return [bracket, { kind: 'text', text, ...at, fill: theme.inkSoft, halo: theme.surface }];
	});
}
