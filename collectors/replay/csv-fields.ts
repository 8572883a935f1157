/**
 * The fields of one record (RFC 4180: a quoted field may hold delimiters, line ends and doubled quotes).
 *
 * @returns `open` when the text ends inside quotes: the record may go on in the next line
 */
export function parseFields(
	text: string,
	delimiter: string,
): { readonly fields: readonly string[] } | { readonly fault: string } | 'open' {
	if (!text.includes('"')) return { fields: text.split(delimiter) };
	const fields: string[] = [];
	let at = 0;
	for (;;) {
		const field = text[at] === '"' ? quoted(text, at) : plain(text, at, delimiter);
		if (field === 'open') return 'open';
		const next = text[field.end];
		if (next !== undefined && next !== delimiter)
			return { fault: `column ${fields.length + 1} goes on after its closing quote` };
		fields.push(field.value);
		if (next === undefined) return { fields };
		at = field.end + 1;
	}
}

function plain(text: string, from: number, delimiter: string): { value: string; end: number } {
	const found = text.indexOf(delimiter, from);
	const end = found < 0 ? text.length : found;
	return { value: text.slice(from, end), end };
}

function quoted(text: string, from: number): { value: string; end: number } | 'open' {
	let value = '';
	let at = from + 1;
	for (;;) {
		const quote = text.indexOf('"', at);
		if (quote < 0) return 'open';
		value += text.slice(at, quote);
		if (text[quote + 1] !== '"') return { value, end: quote + 1 };
		value += '"';
		at = quote + 2;
	}
}
