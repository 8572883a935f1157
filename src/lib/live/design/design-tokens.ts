import { THEME_NAMES, type ThemeName } from '#lib/live/theme.svelte.ts';

/** What each colour is for: whoever needs one takes it by its purpose. */
export const COLOURS: readonly (readonly [token: string, use: string])[] = [
	['--page', 'behind everything'],
	['--surface', 'cards and bars'],
	['--raised', 'what is pressed or typed into'],
	['--sunken', 'what is under the pointer'],
	['--line', 'edges'],
	['--line-strong', 'edges that matter'],
	['--ink', 'text, and the focus'],
	['--ink-soft', 'text beside it'],
	['--abnormal', 'violations, and nothing else'],
	['--abnormal-soft', 'behind them'],
	['--on-abnormal', 'text on them'],
	['--caution', 'warnings, faults of input'],
	['--zone-a', '2 to 3 sigma'],
	['--zone-b', '1 to 2 sigma'],
	['--zone-c', 'within 1 sigma'],
	['--chart-line', 'the line of points'],
	['--chart-limit', 'control limits'],
	['--chart-centre', 'centre line'],
	['--chart-gap', 'hatching where nothing came'],
];

/** Which text stands on what: each pair is held to WCAG by the tests. */
export const PAIRS: readonly (readonly [ink: string, ground: string])[] = [
	['--ink', '--page'],
	['--ink', '--surface'],
	['--ink', '--raised'],
	['--ink-soft', '--page'],
	['--ink-soft', '--surface'],
	['--ink', '--sunken'],
	['--ink-soft', '--sunken'],
	['--abnormal', '--page'],
	['--abnormal', '--surface'],
	['--on-abnormal', '--abnormal'],
	['--ink', '--abnormal-soft'],
	['--caution', '--page'],
	['--caution', '--surface'],
];

export type Palettes = Readonly<Record<ThemeName, ReadonlyMap<string, string>>>;

/** @param css of the themes, as written; @returns every token of each theme, what it does not say taken from `light` */
export function palettesOf(css: string): Palettes {
	const light = tokensOf(css, ':root');
	const themed = THEME_NAMES.map((name) => {
		const own = tokensOf(css, `:root[data-theme='${name}']`);
		return [name, new Map([...light, ...own])] as const;
	});
	return Object.fromEntries(themed) as Record<ThemeName, Map<string, string>>;
}

function tokensOf(css: string, selector: string): Map<string, string> {
	const start = css.search(new RegExp(`(^|\\n)${selector.replace(/[[\]']/g, '\\$&')} \\{`));
	if (start < 0) return new Map();
	const block = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start));
	return new Map([...block.matchAll(/(--[a-z-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value]));
}

/** Contrast of two opaque colours (`#rrggbb`), 1 to 21 (WCAG 2.1, relative luminance). NaN of anything else. */
export function contrast(a: string, b: string): number {
	const [x, y] = [luminance(a), luminance(b)];
	return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(hex: string): number {
	const [r = NaN, g = NaN, b = NaN] = [1, 3, 5].map((from) => {
		const c = parseInt(hex.slice(from, from + 2), 16) / 255;
		return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
