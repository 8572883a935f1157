import type { Section } from './section.ts';

/** `3.2 Spindle alarms`: numbered, short, and no sentence. */
const NUMBERED = /^\s*((?:\d{1,2}|[A-Z])(?:\.\d{1,3}){0,4}\.?)[ \t]+(\p{Lu}[^\n]{2,90})$/u;

/**
 * Sections of pages of plain text by their numbered headings, which go on over pages.
 *
 * @param pages with their numbers; 0: there are none
 */
export function sectionsOfPages(pages: readonly { readonly page: number; readonly text: string }[]): Section[] {
	const sections: Section[] = [];
	let heading = '';
	for (const { page, text } of pages) {
		let lines: string[] = [];
		const close = () => {
			const body = lines.join('\n').trim();
			if (body !== '') sections.push({ heading, page, text: body });
			lines = [];
		};
		for (const line of text.split('\n')) {
			const title = headingOf(line);
			if (title !== undefined) {
				close();
				heading = title;
			} else lines.push(line);
		}
		close();
	}
	return sections;
}

function headingOf(line: string): string | undefined {
	const [, number, title] = NUMBERED.exec(line) ?? [];
	if (number === undefined || title === undefined || /[.,;:]$/.test(title.trim())) return undefined;
	// A line of a table of contents, or a number and what it is of.
	if (/\.{3,}|\s\d+$/.test(title) || (!number.includes('.') && title.split(/\s+/).length > 8)) return undefined;
	return `${number} ${title.trim()}`;
}

/** A form feed begins a page. */
export function pagesOfText(text: string): { readonly page: number; readonly text: string }[] {
	const pages = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\f');
	return pages.map((one, i) => ({ page: pages.length > 1 ? i + 1 : 0, text: one }));
}
