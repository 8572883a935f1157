import { overwriteGetLocale } from '#messages/generated/runtime.js';
import { chosenLanguage, LANGUAGE_COOKIE, preferredLanguage, type Language as Name } from '#contracts/language.ts';

/** `system`: as the browser asks for. */
export type LanguageChoice = Name | 'system';

/** What the pages are written in: what was chosen here, else what the browser asks for. */
export interface Language {
	readonly name: Name;
	readonly choice: LanguageChoice;
	choose(choice: LanguageChoice): void;
	/** For as long as something is shown that brings its own; not kept. @returns gives it back */
	lend(name: Name): () => void;
}

const YEAR_SECONDS = 365 * 86_400;

/** The server has written into the page what its first paint is in, by the same two things. */
export function createLanguage(): Language {
	const root = document.documentElement;
	const preferred = (): Name => preferredLanguage(navigator.languages.join(','));
	let choice = $state<LanguageChoice>(chosenLanguage(document.cookie) ?? 'system');
	let name = $state<Name>(choice === 'system' ? preferred() : choice);
	// Messages are called thousands of times a second on a wall: they ask a plain variable.
	let spoken = name;

	function become(next: Name): void {
		root.lang = spoken = name = next;
	}

	overwriteGetLocale(() => spoken);
	become(name);
	return {
		get name() {
			return name;
		},
		get choice() {
			return choice;
		},
		choose(next) {
			choice = next;
			const [value, seconds] = next === 'system' ? ['', 0] : [next, YEAR_SECONDS];
			document.cookie = `${LANGUAGE_COOKIE}=${value}; path=/; max-age=${seconds}; samesite=lax`;
			become(next === 'system' ? preferred() : next);
		},
		lend(next) {
			become(next);
			return () => become(choice === 'system' ? preferred() : choice);
		},
	};
}
