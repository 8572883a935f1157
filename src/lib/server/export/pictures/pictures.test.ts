import { PNG } from 'pngjs';
import { afterAll, describe, expect, it } from 'vitest';
import { spcSvg } from '#lib/drawing/spc-svg.ts';
import { sampleDrawing } from '#lib/drawing/testing/data.ts';
import { THEMES } from '#lib/drawing/theme.ts';
import { createPictures } from './pictures.ts';

const pictures = createPictures();
afterAll(() => pictures.stop());

describe('a chart as PNG', () => {
	it('has the width that was asked for, the diamond of the signal and letters of the shipped type', async () => {
		const svg = spcSvg(sampleDrawing(), 'print');
		const image = PNG.sync.read(Buffer.from(await pictures.renderPng(svg, { width: 800 })));
		expect([image.width, image.height]).toEqual([800, 280]);
		expect(has(image, THEMES.print.abnormal, { top: 40, bottom: 240 })).toBe(true);
		expect(has(image, THEMES.print.ink, { top: 0, bottom: 24 })).toBe(true);
		expect(has(image, THEMES.print.zoneA, { top: 40, bottom: 240 })).toBe(true);
	});
	it('draws many at once, each its own', async () => {
		const widths = [100, 200, 300, 400];
		const made = await Promise.all(
			widths.map((width) => pictures.renderPng(spcSvg(sampleDrawing(), 'dark'), { width })),
		);
		expect(made.map((png) => PNG.sync.read(Buffer.from(png)).width)).toEqual(widths);
	});
	it('refuses what is no SVG, and goes on', async () => {
		await expect(pictures.renderPng('<svg', { width: 100 })).rejects.toThrow(/cannot draw the picture/);
		await expect(pictures.renderPng('<svg xmlns="http://www.w3.org/2000/svg"/>', { width: 5000 })).rejects.toThrow(
			/width/,
		);
		await expect(pictures.renderPng(spcSvg(sampleDrawing(), 'light'), { width: 64 })).resolves.toBeInstanceOf(
			Uint8Array,
		);
	});
	it('starts anew after it was stopped', async () => {
		await pictures.stop();
		await expect(pictures.renderPng(spcSvg(sampleDrawing(), 'light'), { width: 64 })).resolves.toBeInstanceOf(
			Uint8Array,
		);
	});
});

function has({ width, data }: PNG, colour: string, { top, bottom }: { readonly top: number; readonly bottom: number }) {
	const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
	for (let i = top * width * 4; i < bottom * width * 4; i += 4)
		if (wanted.every((value, channel) => Math.abs((data[i + channel] ?? -99) - value) <= 3)) return true;
	return false;
}
