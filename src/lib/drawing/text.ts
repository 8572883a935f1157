/** Widths in em of the type that pictures are set in, coarse: labels are only kept apart by them. */
const NARROW = new Set("ijlft.,:;|!'()[] ·/\u202f");
const WIDE = new Set('mwMWQ@%&');

/** @returns about how many pixels a line of text takes, rather more than less */
export function textWidth(text: string, size: number): number {
	let em = 0;
	for (const letter of text) {
		const code = letter.codePointAt(0) ?? 0;
		if (NARROW.has(letter)) em += 0.34;
		else if (WIDE.has(letter)) em += 0.9;
		else if (code >= 0x2e80) em += 1.05;
		else em += letter >= 'A' && letter <= 'Z' ? 0.68 : 0.6;
	}
	return em * size;
}

/** @returns the text, or as much of its beginning as there is room for, with an ellipsis */
export function shortened(text: string, size: number, roomPx: number): string {
	if (textWidth(text, size) <= roomPx) return text;
	const letters = [...text];
	while (letters.length > 0 && textWidth(`${letters.join('')}…`, size) > roomPx) letters.pop();
	return `${letters.join('').trimEnd()}…`;
}
