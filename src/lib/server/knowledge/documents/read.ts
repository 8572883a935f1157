import { isUtf8 } from 'node:buffer';
import { InputError } from '#contracts/error.ts';
import type { DocumentType } from '#contracts/knowledge.ts';
import { sectionsOfMarkdown } from './markdown.ts';
import { pagesOfText, sectionsOfPages } from './plain.ts';
import type { Section } from './section.ts';

const MAX_CHARS = 20_000_000;
/** That many characters to a page are what a scanner's stamp leaves. */
const BARE_PAGE_CHARS = 20;

export interface ReadDocument {
	readonly sections: readonly Section[];
	readonly pages: number | null;
	readonly notes: readonly string[];
}

/** @throws InputError for what cannot be read or has no text */
export async function readDocument(
	{ type, bytes }: { readonly type: DocumentType; readonly bytes: Uint8Array },
	readPdf: (bytes: Uint8Array) => Promise<readonly string[]>,
): Promise<ReadDocument> {
	const read = type === 'pdf' ? ofPdf(await readPdf(bytes)) : ofText(type, decode(bytes));
	if (read.sections.length > 0) return read;
	const scanned = type === 'pdf' ? ': is it scanned? Recognise its text (OCR) first' : '';
	throw new InputError(`there is no text in it${scanned}`);
}

function decode(bytes: Uint8Array): string {
	if (!isUtf8(bytes)) throw new InputError('it is not UTF-8 text: save it as UTF-8');
	const text = new TextDecoder().decode(bytes).replaceAll('\0', '');
	if (text.length > MAX_CHARS) throw new InputError(`it has more than ${MAX_CHARS} characters: send it in parts`);
	return text;
}

function ofText(type: 'markdown' | 'text', text: string): ReadDocument {
	if (type === 'markdown') return { sections: sectionsOfMarkdown(text), pages: null, notes: [] };
	const pages = pagesOfText(text);
	return { sections: sectionsOfPages(pages), pages: pages.length > 1 ? pages.length : null, notes: [] };
}

function ofPdf(texts: readonly string[]): ReadDocument {
	const pages = texts.map((text, i) => ({ page: i + 1, text }));
	const bare = pages.filter(({ text }) => text.trim().length < BARE_PAGE_CHARS).map(({ page }) => page);
	const notes = bare.length === 0 ? [] : [`without text, so not found: ${pagesInWords(bare)}`];
	return { sections: sectionsOfPages(pages), pages: texts.length, notes };
}

const SHOWN_PAGES = 12;

function pagesInWords(pages: readonly number[]): string {
	const more = pages.length > SHOWN_PAGES ? ` and ${pages.length - SHOWN_PAGES} more` : '';
	return `page${pages.length === 1 ? '' : 's'} ${pages.slice(0, SHOWN_PAGES).join(', ')}${more}`;
}
