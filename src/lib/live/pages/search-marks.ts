import type { Highlight } from '#contracts/knowledge.ts';

export interface Piece {
	readonly text: string;
	readonly isMarked: boolean;
}

/** What nobody sees, or what turns the direction of what follows; each is one UTF-16 unit, so places stay what they are. */
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A text from outside in pieces to show one after the other, as text; what is invisible is made to be seen. */
export function piecesOf(text: string, highlights: readonly Highlight[]): Piece[] {
	const shown = text.replaceAll('\r\n', '\n ').replaceAll(INVISIBLE, '\ufffd');
	const pieces: Piece[] = [];
	let at = 0;
	for (const [from, to] of highlights) {
		if (from < at || to <= from || to > shown.length) continue;
		if (from > at) pieces.push({ text: shown.slice(at, from), isMarked: false });
		pieces.push({ text: shown.slice(from, to), isMarked: true });
		at = to;
	}
	return at < shown.length ? [...pieces, { text: shown.slice(at), isMarked: false }] : pieces;
}
