import type { Palette } from '#lib/chart/palette.ts';

export type ThemeName = 'light' | 'dark' | 'print';

/** Colours by what they say. Structure is told by lightness and the abnormal by shape, so each theme is readable in grey. */
export type Theme = Omit<Palette, 'family' | 'remPx' | 'grid' | 'gap'>;

/** Light and dark are those of the page (app.css). */
export const THEMES: Readonly<Record<ThemeName, Theme>> = {
	light: {
		ink: '#1b2026',
		inkSoft: '#525b65',
		line: '#2b333c',
		surface: '#f2f3f5',
		zoneA: '#cbd1d8',
		zoneB: '#d8dde2',
		zoneC: '#e4e7eb',
		limit: '#5b6670',
		centre: '#8a949e',
		abnormal: '#b3320b',
		onAbnormal: '#ffffff',
	},
	dark: {
		ink: '#e4e8eb',
		inkSoft: '#98a3ad',
		line: '#dbe1e6',
		surface: '#1a1e22',
		zoneA: '#353d45',
		zoneB: '#2b3239',
		zoneC: '#23292f',
		limit: '#84909b',
		centre: '#66727d',
		abnormal: '#ff7043',
		onAbnormal: '#1c0b05',
	},
	/** On paper: zones light enough to write on, lines dark enough for a copy of a copy. */
	print: {
		ink: '#000000',
		inkSoft: '#444444',
		line: '#111111',
		surface: '#ffffff',
		zoneA: '#d6d6d6',
		zoneB: '#e4e4e4',
		zoneC: '#f2f2f2',
		limit: '#555555',
		centre: '#777777',
		abnormal: '#a3270a',
		onAbnormal: '#ffffff',
	},
};

/** What the pictures are set in; the server has both as files, a browser takes what it has. */
export const FAMILIES = ['IBM Plex Sans', 'DejaVu Sans'] as const;
