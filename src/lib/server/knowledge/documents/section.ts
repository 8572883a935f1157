/** A stretch of a document under one heading, on one page where it has pages. */
export interface Section {
	/** With what stands above it: `Spindle > Alarms`; empty: none. */
	readonly heading: string;
	/** From 1; 0: none. */
	readonly page: number;
	/** Paragraphs, with an empty line between them. */
	readonly text: string;
}

export interface Passage {
	readonly heading: string;
	readonly page: number;
	readonly text: string;
}

/** About as much as a person reads at a glance, and as models of embeddings are made for. */
const AIM_CHARS = 900;
const MAX_CHARS = 1400;

/** Sections as passages: whole paragraphs where they fit, else whole sentences, else cut. None is of two sections. */
export function cutSections(sections: readonly Section[]): Passage[] {
	return sections.flatMap(({ heading, page, text }) => cut(text).map((part) => ({ heading, page, text: part })));
}

function cut(text: string): string[] {
	const passages: string[] = [];
	let open = '';
	for (const paragraph of text.split(/\n\s*\n/).flatMap(piecesOf)) {
		if (open !== '' && open.length + paragraph.length > AIM_CHARS) {
			passages.push(open);
			open = '';
		}
		open = open === '' ? paragraph : `${open}\n\n${paragraph}`;
	}
	return open === '' ? passages : [...passages, open];
}

function piecesOf(paragraph: string): string[] {
	const text = paragraph.trim();
	if (text === '') return [];
	if (text.length <= MAX_CHARS) return [text];
	const pieces: string[] = [];
	let open = '';
	for (const sentence of text.split(/(?<=[.!?:;]\s)|(?<=\n)/).flatMap(slices)) {
		if (open.length + sentence.length > AIM_CHARS && open !== '') {
			pieces.push(open.trim());
			open = '';
		}
		open += sentence;
	}
	return [...pieces, open.trim()].filter((piece) => piece !== '');
}

function slices(text: string): string[] {
	const parts: string[] = [];
	for (let at = 0; at < text.length; at += MAX_CHARS) parts.push(text.slice(at, at + MAX_CHARS).toWellFormed());
	return parts;
}
