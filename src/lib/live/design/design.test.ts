import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { THEME_NAMES } from '#lib/live/theme.svelte.ts';
import { ruleSamples, stateSamples } from './design-data.ts';
import { COLOURS, contrast, PAIRS, palettesOf } from './design-tokens.ts';

const palettes = palettesOf(['src/app.css', 'src/themes.css'].map((file) => readFileSync(file, 'utf8')).join('\n'));
const bits = ({ series }: ReturnType<typeof ruleSamples>[number]) => [...series.columns.signals];

describe('the pictures of rules', () => {
	ruleSamples().forEach((sample, i) =>
		it(`${sample.name} is found once, at the end`, () =>
			expect(bits(sample)).toEqual([...Array(sample.series.columns.length - 1).fill(0), 1 << i])),
	);
	it('in control is in control', () => expect(bits(stateSamples()[0]!).filter((one) => one !== 0)).toEqual([]));
	it('are the same every time', () =>
		expect(stateSamples().map(({ series }) => [...series.columns.v])).toEqual(
			stateSamples().map(({ series }) => [...series.columns.v]),
		));
});

describe('the colours of the themes', () => {
	const isColour = (value: string) => value.startsWith('#') || value.startsWith('rgb');
	const colours = (theme: (typeof THEME_NAMES)[number]) =>
		[...palettes[theme]].filter(([, value]) => isColour(value)).map(([name]) => name);

	for (const theme of THEME_NAMES) {
		it(`${theme}: each is described, or it is a shade of one that is`, () =>
			expect(colours(theme).filter((name) => !COLOURS.some(([token]) => token === name))).toEqual([
				'--focus',
				'--chart-grid',
			]));
		it(`${theme}: what is described is there`, () =>
			expect(COLOURS.filter(([token]) => !palettes[theme].has(token))).toEqual([]));
		for (const [ink, ground] of PAIRS)
			it(`${theme}: ${ink} on ${ground} can be read`, () =>
				expect(contrast(palettes[theme].get(ink) ?? '', palettes[theme].get(ground) ?? '')).toBeGreaterThanOrEqual(
					theme === 'contrast' ? 7 : 4.5,
				));
	}
	it('contrast is that of WCAG', () => {
		expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 6);
		expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
	});
});
