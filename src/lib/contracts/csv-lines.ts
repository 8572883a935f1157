const QUOTED = /[",\r\n]/;
/** What a spreadsheet would run as a formula; a quote before it makes it text (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** What is not known is an empty cell, never 0. */
export type CsvCell = string | number | null;

/** Text that is safe to open, not yet quoted. */
export function csvText(text: string): string {
	return FORMULA.test(text) ? `'${text}` : text;
}

/** RFC 4180, numbers in full. */
export function csvOf(lines: readonly (readonly CsvCell[])[]): string {
	return `${lines.map((line) => line.map(cellOf).join(',')).join('\r\n')}\r\n`;
}

function cellOf(cell: CsvCell): string {
	if (cell === null) return '';
	if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
	const safe = csvText(cell);
	return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
