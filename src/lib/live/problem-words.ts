import { inLanguage } from '#lib/format/in-language.ts';
import { getLocale } from '#messages/generated/runtime.js';
import * as m from '#messages';

/** Stands for what differs inside of a sentence; in no text of the server. */
const MARK = '\u0001';

/** Called without values it says the sentence with marks in their places. */
type Sentence = (...values: string[]) => string;

/**
 * What the server says to people who use the pages. Its English sentence is the key, as in gettext: the API stays as it is, and
 * what is not here is shown as the server said it. problem-words.test.ts holds each against the server's source.
 */
const SENTENCES: readonly Sentence[] = [
	() => m.problem_sign_in(),
	() => m.problem_link_gone(),
	() => m.problem_has_account(),
	() => m.problem_only_owner(),
	() => m.problem_owner_first(),
	() => m.problem_changed_meanwhile(),
	(name = MARK) => m.problem_shut_out({ name }),
	(scope = MARK) => m.problem_scope_lacks({ scope }),
	() => m.problem_no_screen(),
	(name = MARK) => m.problem_roles_not_yours({ name }),
	() => m.problem_attempts(),
	() => m.problem_codes(),
	() => m.problem_screens(),
	(right = MARK, name = MARK) => m.problem_right_lacks({ right, name }),
	(name = MARK) => m.problem_whole_server({ name }),
	() => m.problem_sign_in_first(),
	(site = MARK, name = MARK) => m.problem_not_here({ site, name }),
	(file = MARK) => m.problem_plan_of_file({ file }),
	(revision = MARK) => m.problem_plan_changed({ revision }),
	(points = MARK, least = MARK) => m.problem_baseline_few({ points, least }),
	(points = MARK, what = MARK, least = MARK) => m.problem_judged_few({ points, what, least }),
	() => m.problem_no_point_yet(),
	() => m.problem_filters_full(),
	() => m.problem_cause_in_use(),
	() => m.problem_people_only(),
	() => m.problem_other_password(),
	() => m.problem_code_over(),
];

/** Of one field; whoever says it puts the name before it. */
const FIELDS: readonly Sentence[] = [
	() => m.problem_field_no_email(),
	() => m.problem_field_empty(),
	() => m.problem_field_missing(),
	() => m.problem_field_another(),
	() => m.problem_field_past(),
	() => m.problem_field_no_site(),
	(length = MARK, least = MARK) => m.problem_field_password_short({ length, least }),
	(most = MARK) => m.problem_field_password_long({ most }),
	() => m.problem_field_password_repeats(),
	() => m.problem_field_password_address(),
];

/** @returns what went wrong, in the language of the page as far as it has words for it */
export function problemWords(detail: string): string {
	if (isOfServer()) return detail;
	return translated(detail, SENTENCES) ?? m.problem_server_says({ detail });
}

/** @returns what is wrong with a field, in the language of the page as far as it has words for it */
export function fieldWords(message: string): string {
	return isOfServer() ? message : (translated(message, FIELDS) ?? message);
}

/** @returns the server's own words in what a page says, and what stands before and after them; undefined without any */
export function serverWords(text: string): readonly [before: string, words: string, after: string] | undefined {
	const [before = '', after = ''] = m.problem_server_says({ detail: MARK }).split(MARK);
	const isOurs = isOfServer() ? text === m.ui_no_answer() : !text.startsWith(before) || !text.endsWith(after);
	return isOurs ? undefined : [before, text.slice(before.length, text.length - after.length), after];
}

/** English is the language of the API. */
function isOfServer(): boolean {
	return getLocale() === 'en';
}

function translated(text: string, sentences: readonly Sentence[]): string | undefined {
	for (const sentence of sentences) {
		const found = valuesIn(text, inLanguage('en', sentence).split(MARK));
		if (found) return sentence(...found);
	}
	return undefined;
}

/** @returns what stands between these pieces; undefined when the text is not made of them */
function valuesIn(text: string, pieces: readonly string[]): string[] | undefined {
	const [first = '', ...rest] = pieces;
	if (!text.startsWith(first)) return undefined;
	const values: string[] = [];
	let at = first.length;
	for (const [i, piece] of rest.entries()) {
		const next = i === rest.length - 1 ? text.length - piece.length : text.indexOf(piece, at);
		if (next < at || !text.startsWith(piece, next)) return undefined;
		values.push(text.slice(at, next));
		at = next + piece.length;
	}
	return at === text.length ? values : undefined;
}
