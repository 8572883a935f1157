import type uPlot from 'uplot';
import { spread } from './labels.ts';
import { canvasPx, lowerLimit, spanOf, type Scene } from './scene.ts';
import { bandsOf, segmentAt, type Segment } from './segments.ts';

const SIZE = 0.75;
const LINE = 0.95;

/** The names and values of the limits in force at the right edge, and between them the letters of the zones. */
export function drawEdgeLabels(u: uPlot, scene: Scene): void {
	const { segments, zones, palette } = scene;
	const segment = segmentAt(segments, u.scales['x']?.max ?? 0) ?? segments.at(-1);
	if (!segment || !spanOf(u, segment)) return;
	const { left, top, width, height } = u.bbox;
	const px = (rem: number) => canvasPx(palette, rem);
	const x = left + width + px(0.45);
	const labels = textsOf(scene, segment).map(([text, value]) => ({ text, y: u.valToPos(value, 'y', true) }));
	const placed = spread(labels, px(LINE), top + px(0.4), top + height - px(0.4));
	const { ctx } = u;
	ctx.save();
	ctx.textAlign = 'left';
	ctx.textBaseline = 'middle';
	ctx.font = `500 ${px(SIZE)}px ${palette.family}`;
	ctx.fillStyle = palette.ink;
	for (const label of placed) ctx.fillText(label.text, x, label.y);
	ctx.fillStyle = palette.inkSoft;
	for (const letter of zones === 'zones' ? lettersOf(u, segment) : [])
		if (placed.every((label) => Math.abs(label.y - letter.y) >= px(LINE))) ctx.fillText(letter.text, x, letter.y);
	ctx.restore();
}

function textsOf({ format, zones }: Scene, segment: Segment): readonly (readonly [text: string, value: number])[] {
	const lower = lowerLimit(segment, zones);
	const names = [
		['UCL', segment.ucl],
		['CL', segment.centre],
		...(lower === undefined ? [] : [['LCL', lower] as const]),
	] as const;
	return names.map(([name, value]) => [`${name} ${format(value)}`, value]);
}

function lettersOf(u: uPlot, segment: Segment) {
	return bandsOf(segment, 'zones')
		.filter((band) => band.zone !== 'C')
		.map((band) => ({ text: band.zone, y: u.valToPos((band.high + band.low) / 2, 'y', true) }));
}

/** Room for the labels at the right edge, in CSS pixels. */
export function edgeRoom(context: CanvasRenderingContext2D, scene: Scene): number {
	const segment = scene.segments.at(-1);
	const { remPx, family } = scene.palette;
	if (!segment) return 0.75 * remPx;
	context.save();
	context.font = `500 ${SIZE * remPx}px ${family}`;
	const widths = textsOf(scene, segment).map(([text]) => context.measureText(text).width);
	context.restore();
	return Math.ceil(Math.max(...widths) + 0.9 * remPx);
}
