import type uPlot from 'uplot';
import type { Palette } from './palette.ts';
import { canvasPx, clipped, lowerLimit, placeOf, spanOf, type Box, type Scene } from './scene.ts';
import { bandsOf, type Band } from './segments.ts';

function bandColour(zone: Band['zone'], palette: Palette): string {
	switch (zone) {
		case 'A':
			return palette.zoneA;
		case 'B':
			return palette.zoneB;
		case 'C':
		case 'plain':
			return palette.zoneC;
	}
}

export function drawZones(u: uPlot, { segments, zones, palette }: Scene): void {
	const place = placeOf(u);
	clipped(u, (context) => {
		for (const segment of segments) {
			const span = spanOf(u, segment);
			if (!span) continue;
			// Whole pixels: between steps that share one a seam would show.
			const [left, right] = [Math.round(span[0]), Math.round(span[1])];
			for (const band of bandsOf(segment, zones)) {
				const top = place.y(band.high);
				context.fillStyle = bandColour(band.zone, palette);
				context.fillRect(left, top, right - left, place.y(band.low) - top);
			}
		}
	});
}

export function drawGaps(u: uPlot, { series, palette }: Scene): void {
	const { top, height } = u.bbox;
	clipped(u, (context) => {
		context.strokeStyle = palette.gap;
		context.lineWidth = devicePixelRatio;
		for (const gap of series.gaps) {
			const span = spanOf(u, gap);
			// A gap shorter than a pixel is still one.
			if (span) hatch(context, { left: span[0], top, width: Math.max(devicePixelRatio, span[1] - span[0]), height });
		}
	});
}

/** Diagonal strokes: nothing was measured here, and it is seen in print and without colour. */
function hatch(context: CanvasRenderingContext2D, { left, top, width, height }: Box): void {
	const step = 7 * devicePixelRatio;
	context.save();
	context.beginPath();
	context.rect(left, top, width, height);
	context.clip();
	context.beginPath();
	for (let x = left - height; x < left + width; x += step) {
		context.moveTo(x, top + height);
		context.lineTo(x + height, top);
	}
	context.stroke();
	context.restore();
}

/** Limits and centre as lines, each for as long as it held, and a border where others took over; a riser where only the size changed. */
export function drawLimits(u: uPlot, { segments, palette, zones }: Scene): void {
	const { left, top, height } = u.bbox;
	const place = placeOf(u);
	clipped(u, (context) => {
		context.lineWidth = Math.max(1, Math.round(canvasPx(palette, 1 / 16)));
		for (const [i, segment] of segments.entries()) {
			const span = spanOf(u, segment);
			if (!span) continue;
			const [from, to] = span;
			const before = segment.step?.isFirst === false ? segments[i - 1] : undefined;
			const across = (value: number, colour: string, dash: readonly number[]) => {
				const y = Math.round(place.y(value)) + 0.5;
				stroke(context, { from: [from, y], to: [to, y], colour, dash });
			};
			const rise = (low: number | undefined, high: number | undefined) => {
				if (low === undefined || high === undefined || from <= left) return;
				const [y0, y1] = [place.y(low), place.y(high)];
				stroke(context, { from: [from, y0], to: [from, y1], colour: palette.limit, dash: [] });
			};
			across(segment.ucl, palette.limit, []);
			rise(before?.ucl, segment.ucl);
			const lower = lowerLimit(segment, zones);
			if (lower !== undefined) across(lower, palette.limit, []);
			rise(before && lowerLimit(before, zones), lower);
			across(segment.centre, palette.centre, [6, 4]);
			if (from > left && before === undefined)
				stroke(context, { from: [from, top], to: [from, top + height], colour: palette.limit, dash: [2, 3] });
		}
	});
}

function stroke(
	context: CanvasRenderingContext2D,
	line: {
		readonly from: readonly [number, number];
		readonly to: readonly [number, number];
		readonly colour: string;
		readonly dash: readonly number[];
	},
): void {
	context.strokeStyle = line.colour;
	context.setLineDash(line.dash.map((length) => length * devicePixelRatio));
	context.beginPath();
	context.moveTo(...line.from);
	context.lineTo(...line.to);
	context.stroke();
	context.setLineDash([]);
}
