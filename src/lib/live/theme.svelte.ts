export type ThemeName = 'light' | 'dark' | 'grey';

const KEY = 'sigmascope.theme';

/** The page's theme: what was chosen here, else what the system prefers. */
export interface Theme {
	readonly name: ThemeName;
	toggle(): void;
	/** For as long as something is shown that brings its own; not kept. @returns gives it back */
	lend(name: ThemeName): () => void;
}

/** static/theme.js has set it before the first paint. */
export function createTheme(): Theme {
	const root = document.documentElement;
	let name = $state<ThemeName>(root.dataset.theme === 'dark' ? 'dark' : 'light');

	function become(next: ThemeName): void {
		root.dataset.theme = next;
		name = next;
	}

	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (event) => {
		if (readSetting(KEY) === null) become(event.matches ? 'dark' : 'light');
	});

	return {
		get name() {
			return name;
		},
		toggle() {
			become(name === 'dark' ? 'light' : 'dark');
			writeSetting(KEY, name);
		},
		lend(next) {
			const before = name;
			become(next);
			return () => become(before);
		},
	};
}

/** @returns null when nothing was chosen, or when the browser keeps nothing */
export function readSetting(key: string): string | null {
	try {
		return localStorage.getItem(key);
	} catch {
		return null;
	}
}

/** Where the browser keeps nothing the choice holds as long as the page. */
export function writeSetting(key: string, value: string): void {
	try {
		localStorage.setItem(key, value);
	} catch {
		return;
	}
}
