import { readSetting, writeSetting } from './kept.ts';
import { DECIMALS, HOURS, overwriteManner, USUAL_MANNER, ZONES, type Manner } from '#lib/format/manner.ts';
import { LANGUAGES } from '#contracts/language.ts';
import type { Language, LanguageChoice } from './language.svelte.ts';
import { THEME_NAMES, type Theme, type ThemeChoice } from './theme.svelte.ts';

export const DENSITIES = ['normal', 'compact'] as const;
export const MOTIONS = ['system', 'reduced'] as const;
export type Density = (typeof DENSITIES)[number];
export type Motion = (typeof MOTIONS)[number];

export interface Chosen extends Manner {
	readonly theme: ThemeChoice;
	readonly language: LanguageChoice;
	readonly density: Density;
	readonly motion: Motion;
}

export interface Settings extends Chosen {
	/** Changes with how numbers and times are written: what shows some is drawn anew then. */
	readonly writing: string;
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
	let manner = $state.raw<Manner>(keptManner());
	// Numbers are written thousands of times a second on a wall: they ask a plain variable.
	let written = manner;
	overwriteManner(() => written);
	let isTouched = false;

	function become(change: Partial<Chosen>): void {
		if (change.theme) theme.choose(change.theme);
		if (change.language) language.choose(change.language);
		if (change.density) keep('density', (root.dataset.density = density = change.density));
		if (change.motion) keep('motion', (root.dataset.motion = motion = change.motion));
		becomeManner(change);
	}

	function becomeManner({ decimals, hours, zone }: Partial<Manner>): void {
		if (decimals) keep('decimals', decimals);
		if (hours) keep('hours', hours);
		if (zone) keep('zone', zone);
		const next = { ...manner, ...(decimals && { decimals }), ...(hours && { hours }), ...(zone && { zone }) };
		if (textOf(next) !== textOf(manner)) manner = written = next;
	}

	function text(): string {
		return Object.entries({ theme: theme.choice, language: language.choice, density, motion, ...manner })
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
		get decimals() {
			return manner.decimals;
		},
		get hours() {
			return manner.hours;
		},
		get zone() {
			return manner.zone;
		},
		get writing() {
			return textOf(manner);
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
	const decimals = oneOf(DECIMALS, query.get('decimals'));
	const hours = oneOf(HOURS, query.get('hours'));
	const zone = oneOf(ZONES, query.get('zone'));
	return {
		...(theme && { theme }),
		...(language && { language }),
		...(density && { density }),
		...(motion && { motion }),
		...(decimals && { decimals }),
		...(hours && { hours }),
		...(zone && { zone }),
	};
}

function keptManner(): Manner {
	return {
		decimals: oneOf(DECIMALS, readSetting('decimals')) ?? USUAL_MANNER.decimals,
		hours: oneOf(HOURS, readSetting('hours')) ?? USUAL_MANNER.hours,
		zone: oneOf(ZONES, readSetting('zone')) ?? USUAL_MANNER.zone,
	};
}

const textOf = ({ decimals, hours, zone }: Manner) => `${decimals} ${hours} ${zone}`;

function oneOf<const T extends string>(all: readonly T[], text: string | null | undefined): T | undefined {
	return all.find((one) => one === text);
}
