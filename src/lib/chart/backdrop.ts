import type uPlot from 'uplot';
import type { Palette } from './palette.ts';
import { canvasPx, clipped, lowerLimit, spanOf, type Box, type Scene } from './scene.ts';
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
	clipped(u, (context) => {
		for (const segment of segments) {
			const span = spanOf(u, segment);
			if (!span) continue;
			for (const band of bandsOf(segment, zones)) {
				const top = u.valToPos(band.high, 'y', true);
				context.fillStyle = bandColour(band.zone, palette);
				context.fillRect(span[0], top, span[1] - span[0], u.valToPos(band.low, 'y', true) - top);
			}
		}
	});
}

export function drawGaps(u: uPlot, { series, palette }: Scene): void {
	const { left, top, width, height } = u.bbox;
	clipped(u, (context) => {
		context.strokeStyle = palette.gap;
		context.lineWidth = devicePixelRatio;
		for (const gap of series.gaps) {
			const from = Math.max(left, u.valToPos(gap.fromMs, 'x', true));
			const to = Math.min(left + width, u.valToPos(gap.toMs, 'x', true));
			if (to > from) hatch(context, { left: from, top, width: to - from, height });
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

export function drawEnvelope(u: uPlot, { series, palette }: Scene): void {
	const { envelope, columns } = series;
	if (!envelope || columns.length === 0) return;
	clipped(u, (context) => {
		context.beginPath();
		for (let i = 0; i < columns.length; i++)
			context.lineTo(u.valToPos(columns.tMs[i] ?? 0, 'x', true), u.valToPos(envelope.max[i] ?? 0, 'y', true));
		for (let i = columns.length - 1; i >= 0; i--)
			context.lineTo(u.valToPos(columns.tMs[i] ?? 0, 'x', true), u.valToPos(envelope.min[i] ?? 0, 'y', true));
		context.fillStyle = palette.line;
		context.globalAlpha = 0.22;
		context.fill();
	});
}

/** Limits and centre as lines, each for as long as it held; a step is drawn where it changed. */
export function drawLimits(u: uPlot, { segments, palette, zones }: Scene): void {
	clipped(u, (context) => {
		context.lineWidth = Math.max(1, Math.round(canvasPx(palette, 1 / 16)));
		for (const segment of segments) {
			const span = spanOf(u, segment);
			if (!span) continue;
			horizontal(u, span, { value: segment.ucl, colour: palette.limit, dash: [] });
			const lower = lowerLimit(segment, zones);
			if (lower !== undefined) horizontal(u, span, { value: lower, colour: palette.limit, dash: [] });
			horizontal(u, span, { value: segment.centre, colour: palette.centre, dash: [6, 4] });
		}
	});
}

function horizontal(
	u: uPlot,
	[from, to]: readonly [number, number],
	line: { readonly value: number; readonly colour: string; readonly dash: readonly number[] },
): void {
	const y = Math.round(u.valToPos(line.value, 'y', true)) + 0.5;
	u.ctx.strokeStyle = line.colour;
	u.ctx.setLineDash(line.dash.map((length) => length * devicePixelRatio));
	u.ctx.beginPath();
	u.ctx.moveTo(from, y);
	u.ctx.lineTo(to, y);
	u.ctx.stroke();
	u.ctx.setLineDash([]);
}
