import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FLAG } from '#contracts/point.ts';
import type { SpcDrawing } from './drawing.ts';
import type { Picture, Shape } from './shapes.ts';
import { spcPicture, spcSvg } from './spc-svg.ts';
import { START_MS, MINUTE, sampleDrawing } from './testing/data.ts';
import { THEMES, type Theme } from './theme.ts';
import { clockIn } from './zone-clock.ts';

function flat(shapes: readonly Shape[]): readonly Exclude<Shape, { kind: 'clipped' | 'moved' }>[] {
	return shapes.flatMap((shape) => ('shapes' in shape ? flat(shape.shapes) : [shape]));
}
const paths = (picture: Picture) => flat(picture.shapes).filter((shape) => shape.kind === 'path');
const texts = (data: SpcDrawing) =>
	flat(spcPicture(data, 'light').shapes).flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
const count = (text: string, letter: string) => text.split(letter).length - 1;

describe('a control chart as SVG', () => {
	it('is the same to the byte for the same data', () =>
		expect(spcSvg(sampleDrawing(), 'light')).toBe(spcSvg(sampleDrawing(), 'light')));
	it('says stream, unit, zone of time and limits', () => {
		const all = texts(sampleDrawing());
		expect(all).toEqual(expect.arrayContaining(['press-1/temperature', 'Individuals (°C)', 'CL 20.20', 'UCL 21.70']));
		expect(all.some((text) => text.endsWith('UTC'))).toBe(true);
	});
	it('has a diamond for each signalling point and its rule beside it', () => {
		const picture = spcPicture(sampleDrawing({ 50: 1, 20: 2, 100: 16 }), 'light');
		const diamonds = paths(picture).filter(({ fill }) => fill === THEMES.light.abnormal);
		// One more in the legend.
		expect(diamonds.reduce((sum, { d }) => sum + count(d, 'M'), 0)).toBe(4);
		expect(texts(sampleDrawing({ 50: 1, 20: 2, 100: 16 }))).toEqual(expect.arrayContaining(['R1', 'R2', 'R5']));
	});
	it('speaks of no rule where none signals', () =>
		expect(texts(sampleDrawing({})).filter((text) => /rule/.test(text))).toEqual([]));
	it('draws a late and an uncertain point open, and says what that means', () => {
		const open = paths(spcPicture(sampleDrawing(), 'print')).filter(
			({ fill, stroke }) => fill === THEMES.print.surface && stroke === THEMES.print.line,
		);
		expect(open.length).toBeGreaterThan(0);
		expect(texts(sampleDrawing())).toEqual(
			expect.arrayContaining(['late or excluded, not judged', 'uncertain quality', 'nothing measured']),
		);
	});
	it('joins no points across a gap, and passes by what was not judged', () => {
		const line = paths(spcPicture(sampleDrawing(), 'light')).find(
			({ stroke, strokeWidth, dash }) => stroke === THEMES.light.line && strokeWidth === 1.25 && !dash,
		);
		expect(count(line?.d ?? '', 'M')).toBe(2);
		const all = sampleDrawing();
		const late = all.charts[0]!.series.columns.flags.filter((flag) => flag === FLAG.late).length;
		const unmeasured = 10;
		expect(count(line?.d ?? '', 'M') + count(line?.d ?? '', 'L')).toBe(120 - unmeasured - late);
	});
	it('steps its limits where others took over', () => {
		const limits = paths(spcPicture(sampleDrawing(), 'light')).filter(
			({ stroke, dash }) => stroke === THEMES.light.limit && !dash,
		);
		expect(limits).toHaveLength(2);
		expect(new Set(limits.map(({ d }) => d.split(' ')[1])).size).toBe(2);
	});
	it('marks the pattern of the violation that it is of', () => {
		const at = START_MS + 50 * MINUTE;
		const violation = { words: 'Rule 1: One point beyond 3 sigma', spanFromMs: at, firstMs: at, lastMs: at };
		expect(texts({ ...sampleDrawing(), violation })).toContain('Rule 1: One point beyond 3 sigma');
		const marked = paths(spcPicture({ ...sampleDrawing(), violation }, 'light')).length;
		expect(marked).toBe(paths(spcPicture(sampleDrawing(), 'light')).length + 3);
	});
	it('draws a stream without points or limits', () => {
		const { charts, ...data } = sampleDrawing();
		const nothing = { length: 0, tMs: new Float64Array(), v: new Float64Array(), signals: new Uint16Array() };
		const columns = { ...nothing, flags: new Uint8Array(), quality: new Uint8Array() };
		const series = { columns, gaps: [], buckets: null, admit: 192 };
		const svg = spcSvg({ ...data, charts: [{ ...charts[0]!, series, segments: [] }] }, 'dark');
		expect(new Resvg(svg, NO_FONTS).width).toBe(1200);
		expect(svg).not.toMatch(/NaN|Infinity|undefined/);
	});
	it('is well formed and harmless whatever streams are called', () =>
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (title) => {
				const svg = spcSvg({ ...sampleDrawing(), title, subtitle: title, notes: [title] }, 'light', 'a');
				expect(new Resvg(svg, NO_FONTS).height).toBe(420);
				expect(svg.match(/<[a-zA-Z!?][^\s>]*/g)?.every((tag) => TAGS.has(tag))).toBe(true);
			}),
			{ numRuns: 60, examples: [['<script>alert(1)</script>'], ['" onload="x'], [']]><!--'], ['\u0000\ud800\u202e']] },
		));
});

const NO_FONTS = { font: { loadSystemFonts: false } };
const TAGS = new Set(['<svg', '<title', '<desc', '<defs', '<clipPath', '<rect', '<g', '<path', '<text']);

describe('the themes', () => {
	const css = readFileSync('src/app.css', 'utf8');
	const tokens = (block: string) =>
		Object.fromEntries([...block.matchAll(/--([\w-]+): (#\w+)/g)].map(([, name = '', colour = '']) => [name, colour]));
	const [light = {}, dark = {}] = css.split(":root[data-theme='dark']").map(tokens);
	const TOKENS: Readonly<Record<keyof Theme, string>> = {
		ink: 'ink',
		inkSoft: 'ink-soft',
		line: 'chart-line',
		surface: 'surface',
		zoneA: 'zone-a',
		zoneB: 'zone-b',
		zoneC: 'zone-c',
		limit: 'chart-limit',
		centre: 'chart-centre',
		abnormal: 'abnormal',
		onAbnormal: 'on-abnormal',
	};
	const same = (theme: Theme, of: Readonly<Record<string, string>>) =>
		expect(theme).toEqual(Object.fromEntries(Object.entries(TOKENS).map(([key, token]) => [key, of[token]])));
	it('light has the colours of the page', () => same(THEMES.light, light));
	it('dark has the colours of the page', () => same(THEMES.dark, dark));
	it.each(Object.entries(THEMES))('%s is read without colour: by lightness alone', (_, theme) => {
		expect(contrast(theme.line, theme.zoneA)).toBeGreaterThan(4.5);
		expect(contrast(theme.abnormal, theme.surface)).toBeGreaterThan(4.5);
		expect(contrast(theme.abnormal, theme.zoneA)).toBeGreaterThan(3);
		expect(contrast(theme.inkSoft, theme.surface)).toBeGreaterThan(4.5);
		const zones = [theme.zoneA, theme.zoneB, theme.zoneC].map(luminance);
		expect(new Set([...zones, luminance(theme.surface)]).size).toBe(4);
	});
});

/** WCAG 2.2. */
function contrast(a: string, b: string): number {
	const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (high + 0.05) / (low + 0.05);
}
function luminance(colour: string): number {
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
		const share = parseInt(colour.slice(at, at + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('a clock in a zone by its name', () => {
	const f = (zone: string, at: string, want: string) =>
		expect(`${clockIn(zone).time(Date.parse(at))} ${clockIn(zone).name(Date.parse(at))}`).toBe(want);
	it('is an hour further in summer', () => f('Europe/Berlin', '2026-07-01T12:00:00Z', '14:00:00 UTC+2'));
	it('goes back in autumn', () => f('Europe/Berlin', '2026-10-25T01:00:00Z', '02:00:00 UTC+1'));
	it('knows zones of half hours', () => f('Asia/Kolkata', '2026-01-01T00:00:00Z', '05:30:00 UTC+5:30'));
	it('refuses what is none', () => expect(() => clockIn('Nowhere/Else')).toThrow(RangeError));
});
