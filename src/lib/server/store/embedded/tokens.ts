/** One token of ClickHouse SQL. `text` of a quoted identifier or string is what stands between its quotes, undone. */
export interface Token {
	readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'mark';
	readonly text: string;
	readonly start: number;
	readonly end: number;
	/** How many parentheses or brackets are open around it. */
	readonly depth: number;
}

const SPACE = /[\s\u0000]+/y;
const LINE_COMMENT = /--[^\n]*|#[ !][^\n]*/y;
const BLOCK_COMMENT = /\/\*[\s\S]*?\*\//y;
const WORD = /[A-Za-z_][A-Za-z0-9_$]*/y;
const NUMBER = /[0-9][0-9A-Za-z_.]*/y;
const HEREDOC = /\$([A-Za-z0-9_]*)\$[\s\S]*?\$\1\$/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b', f: '\f' };

/** Text that is no SQL: a quote that is never closed. */
export class TokenError extends Error {
	override readonly name = 'TokenError';
}

/**
 * Reads tokens one by one and only as far as asked: what follows `FORMAT x` in an INSERT is data, not SQL, and must
 * never be looked at as SQL.
 */
export function* tokensOf(sql: string): Generator<Token, void> {
	let at = 0;
	let depth = 0;
	const match = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = at;
		return pattern.exec(sql)?.[0];
	};
	while (at < sql.length) {
		const skipped = match(SPACE) ?? match(LINE_COMMENT) ?? match(BLOCK_COMMENT);
		if (skipped !== undefined) {
			at += skipped.length;
			continue;
		}
		const start = at;
		const char = sql.charAt(at);
		if (char === "'" || char === '"' || char === '`') {
			const { text, end } = quotedFrom(sql, at);
			at = end;
			yield { kind: char === "'" ? 'string' : 'quoted', text, start, end, depth };
			continue;
		}
		const heredoc = match(HEREDOC);
		const word = heredoc === undefined ? match(WORD) : undefined;
		const text = heredoc ?? word ?? match(NUMBER) ?? char;
		at += text.length;
		if (heredoc !== undefined) yield { kind: 'string', text, start, end: at, depth };
		else if (word !== undefined) yield { kind: 'word', text, start, end: at, depth };
		else if (text !== char || (char >= '0' && char <= '9')) yield { kind: 'number', text, start, end: at, depth };
		else {
			if (char === ')' || char === ']' || char === '}') depth -= 1;
			yield { kind: 'mark', text, start, end: at, depth };
			if (char === '(' || char === '[' || char === '{') depth += 1;
		}
	}
}

/** A quote ends at the same quote, unless that is doubled or follows a backslash. */
function quotedFrom(sql: string, start: number): { text: string; end: number } {
	const quote = sql.charAt(start);
	let text = '';
	for (let at = start + 1; at < sql.length; at += 1) {
		const char = sql.charAt(at);
		if (char === '\\') {
			at += 1;
			text += ESCAPES[sql.charAt(at)] ?? sql.charAt(at);
		} else if (char !== quote) text += char;
		else if (sql.charAt(at + 1) === quote) {
			text += quote;
			at += 1;
		} else return { text, end: at + 1 };
	}
	throw new TokenError(`${quote} at position ${start + 1} is never closed`);
}

/** @returns the text as a string literal of ClickHouse SQL */
export function literal(text: string): string {
	return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
