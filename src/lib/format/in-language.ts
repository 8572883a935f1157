import type { Language } from '#contracts/language.ts';
import { getLocale, overwriteGetLocale } from '#messages/generated/runtime.js';

/**
 * For what the server writes to people: messages are of this language while `work` runs.
 *
 * @param work is over when it returns; what it leaves for later is in the language of whoever runs then
 */
export function inLanguage<T>(language: Language, work: () => T): T {
	const before = getLocale;
	overwriteGetLocale(() => language);
	try {
		return work();
	} finally {
		overwriteGetLocale(before);
	}
}
