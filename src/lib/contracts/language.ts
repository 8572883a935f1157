/** What the pages are written in; the first is what everything else falls back to. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Keeps what somebody chose for the next first paint; readable by the page, which writes it. */
export const LANGUAGE_COOKIE = 'sigmascope-language';

export function isLanguage(text: string | null | undefined): text is Language {
	return LANGUAGES.some((language) => language === text);
}

/** @param cookies as the header or `document.cookie` has them */
export function chosenLanguage(cookies: string): Language | undefined {
	const value = cookies
		.split(';')
		.map((pair) => pair.trim().split('=', 2))
		.find(([name]) => name === LANGUAGE_COOKIE)?.[1];
	return isLanguage(value) ? value : undefined;
}

const MOST_ASKED = 20;

/**
 * The language of `Accept-Language` that is wanted most and that there is; a region is as good as its language.
 *
 * @param header of a request, or what a browser lists, joined by commas
 */
export function preferredLanguage(header: string): Language {
	const asked = header
		.split(',')
		.slice(0, MOST_ASKED)
		.map((entry) => {
			const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';');
			const weight = parameters.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find((one) => one !== undefined);
			return { language: tag.trim().split('-', 1)[0], weight: weight === undefined ? 1 : Number(weight) };
		})
		.filter(({ language, weight }) => isLanguage(language) && weight > 0)
		.sort((a, b) => b.weight - a.weight);
	const [first] = asked;
	return isLanguage(first?.language) ? first.language : LANGUAGES[0];
}
