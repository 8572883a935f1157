import { readSetting, writeSetting } from './kept.ts';

/** `grey` is that of a control room's consoles, `contrast` for weak eyes and bright sun. */
export const THEME_NAMES = ['light', 'dark', 'grey', 'contrast'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];
/** `system`: as the device prefers at the moment. */
export type ThemeChoice = ThemeName | 'system';

const KEY = 'theme';

/** The page's theme: what was chosen here, else what the system prefers. */
export interface Theme {
	readonly name: ThemeName;
	readonly choice: ThemeChoice;
	readonly isDark: boolean;
	choose(choice: ThemeChoice): void;
	/** To a light one from a dark one, and back. */
	toggle(): void;
	/** For as long as something is shown that brings its own; not kept. @returns gives it back */
	lend(name: ThemeName): () => void;
}

/** static/theme.js has set it before the first paint. */
export function createTheme(): Theme {
	const root = document.documentElement;
	const system = matchMedia('(prefers-color-scheme: dark)');
	const preferred = (): ThemeName => (system.matches ? 'dark' : 'light');
	let choice = $state<ThemeChoice>(themeOf(readSetting(KEY)) ?? 'system');
	let name = $state<ThemeName>(themeOf(root.dataset.theme) ?? preferred());
	const isDark = $derived(name === 'dark' || name === 'contrast');

	function become(next: ThemeName): void {
		root.dataset.theme = next;
		name = next;
	}

	function choose(next: ThemeChoice): void {
		choice = next;
		writeSetting(KEY, next);
		become(next === 'system' ? preferred() : next);
	}

	system.addEventListener('change', () => {
		if (choice === 'system') become(preferred());
	});

	return {
		get name() {
			return name;
		},
		get choice() {
			return choice;
		},
		get isDark() {
			return isDark;
		},
		choose,
		toggle: () => choose(isDark ? 'light' : 'dark'),
		lend(next) {
			become(next);
			return () => become(choice === 'system' ? preferred() : choice);
		},
	};
}

function themeOf(text: string | null | undefined): ThemeName | undefined {
	return THEME_NAMES.find((name) => name === text);
}
