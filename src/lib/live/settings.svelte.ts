import { readSetting, writeSetting } from './kept.ts';
import { LANGUAGES } from '#contracts/language.ts';
import type { Language, LanguageChoice } from './language.svelte.ts';
import { THEME_NAMES, type Theme, type ThemeChoice } from './theme.svelte.ts';

export const DENSITIES = ['normal', 'compact'] as const;
export const MOTIONS = ['system', 'reduced'] as const;
export const ZONES = ['local', 'utc'] as const;
export type Density = (typeof DENSITIES)[number];
export type Motion = (typeof MOTIONS)[number];
export type ZoneName = (typeof ZONES)[number];

export interface Chosen {
	readonly theme: ThemeChoice;
	readonly language: LanguageChoice;
	readonly density: Density;
	readonly motion: Motion;
	/** Of charts. */
	readonly zone: ZoneName;
}

export interface Settings extends Chosen {
	choose(change: Partial<Chosen>): void;
}

/**
 * How these pages look to who looks at them: kept in this browser, so that the first paint is right, and on the server,
 * so that they are the same on another device.
 */
export function createSettings(options: {
	readonly theme: Theme;
	readonly language: Language;
	/** What the server keeps; undefined: nothing yet. Rejects for who may keep nothing there. */
	readonly load: () => Promise<string | undefined>;
	readonly save: (text: string) => Promise<void>;
}): Settings {
	const { theme, language } = options;
	const root = document.documentElement;
	let density = $state<Density>(oneOf(DENSITIES, readSetting('density')) ?? 'normal');
	let motion = $state<Motion>(oneOf(MOTIONS, readSetting('motion')) ?? 'system');
	let zone = $state<ZoneName>(oneOf(ZONES, readSetting('zone')) ?? 'local');
	let isTouched = false;

	function become(change: Partial<Chosen>): void {
		if (change.theme) theme.choose(change.theme);
		if (change.language) language.choose(change.language);
		if (change.density) keep('density', (root.dataset.density = density = change.density));
		if (change.motion) keep('motion', (root.dataset.motion = motion = change.motion));
		if (change.zone) keep('zone', (zone = change.zone));
	}

	function text(): string {
		return Object.entries({ theme: theme.choice, language: language.choice, density, motion, zone })
			.map((pair) => pair.join('='))
			.join('&');
	}

	async function follow(): Promise<void> {
		// Nobody signed in, a display, or nobody answers: what this browser keeps holds.
		const kept = await options.load().catch(() => undefined);
		if (kept !== undefined && !isTouched) become(parse(kept));
	}

	void follow();
	return {
		get theme() {
			return theme.choice;
		},
		get language() {
			return language.choice;
		},
		get density() {
			return density;
		},
		get motion() {
			return motion;
		},
		get zone() {
			return zone;
		},
		choose(change) {
			isTouched = true;
			become(change);
			options.save(text()).catch(() => undefined);
		},
	};
}

const keep = writeSetting;

/** What is unknown is left out: an older page may read what a newer one kept. */
function parse(text: string): Partial<Chosen> {
	const query = new Map(text.split('&').map((pair) => pair.split('=', 2) as [string, string]));
	const theme = oneOf([...THEME_NAMES, 'system'] as const, query.get('theme'));
	const language = oneOf([...LANGUAGES, 'system'] as const, query.get('language'));
	const density = oneOf(DENSITIES, query.get('density'));
	const motion = oneOf(MOTIONS, query.get('motion'));
	const zone = oneOf(ZONES, query.get('zone'));
	return {
		...(theme && { theme }),
		...(language && { language }),
		...(density && { density }),
		...(motion && { motion }),
		...(zone && { zone }),
	};
}

function oneOf<const T extends string>(all: readonly T[], text: string | null | undefined): T | undefined {
	return all.find((one) => one === text);
}
