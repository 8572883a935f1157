import { Failure } from './failure.ts';
import { checkSetting } from './settings.ts';
import { tokensOf, TokenError } from './tokens.ts';
import type { Token } from './tokens.ts';

/** What a request asks for, once it has been found to be one statement that is allowed here. */
export type Statement =
	/** An INSERT with data: `inline` is what followed the head in the query text; the request's body comes after it. */
	| {
			readonly kind: 'insert';
			readonly head: string;
			readonly tail: string;
			readonly format: string;
			readonly inline: string;
	  }
	/** SELECT or WITH: streams. */
	| { readonly kind: 'select'; readonly sql: string; readonly format: string | undefined }
	/** SHOW, DESCRIBE, EXISTS, EXPLAIN: small answers. */
	| { readonly kind: 'show'; readonly sql: string; readonly format: string | undefined }
	/** Changes something: runs on the writer. */
	| { readonly kind: 'change'; readonly sql: string };

const SELECTS = new Set(['SELECT', 'WITH']);
const SHOWS = new Set(['SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN']);
const CHANGES = new Set(['CREATE', 'ALTER', 'DROP', 'TRUNCATE', 'RENAME', 'OPTIMIZE', 'DELETE', 'EXCHANGE']);
/** What may follow CREATE: no functions, dictionaries (they have sources), users or named collections. */
const CREATES = new Set(['TABLE', 'DATABASE', 'VIEW', 'MATERIALIZED', 'OR']);
const ENGINE =
	/^(Replicated|Shared)?(Replacing|Summing|Aggregating|Collapsing|VersionedCollapsing)?MergeTree$|^(Atomic|Null|Memory|Distributed|Replicated)$/;
/** Names of functions that read files or reach out, beyond the engine's own list of table functions. */
const OUTSIDE_FUNCTIONS = ['file', 'catboostevaluate', 'url', 'executable', 'loop'];
const HARMLESS_TABLE_FUNCTIONS = new Set([
	'numbers',
	'numbers_mt',
	'zeros',
	'zeros_mt',
	'generate_series',
	'generateseries',
	'values',
	'view',
	'null',
]);
const TABLE_NAME = '`\\w+`\\.`\\w+`';
const BACKUP = new RegExp(
	`^(BACKUP (TABLE ${TABLE_NAME}( AS ${TABLE_NAME})?(, )?)+ TO|RESTORE ALL FROM) File\\('[\\w-]+\\.tar'\\) ASYNC$`,
);
const PARAMETER = /\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*:/;

export interface StatementRules {
	/** Lower-case names of functions that may not be called. */
	readonly forbidden: ReadonlySet<string>;
	/** Names of the parameters that the request brought. */
	readonly parameters: ReadonlySet<string>;
}

/** @param tableFunctions what `system.table_functions` lists; all but the harmless are refused */
export function forbiddenFunctions(tableFunctions: readonly string[]): ReadonlySet<string> {
	const names = [...tableFunctions.map((name) => name.toLowerCase()), ...OUTSIDE_FUNCTIONS];
	return new Set(names.filter((name) => !HARMLESS_TABLE_FUNCTIONS.has(name)));
}

/**
 * Takes one statement apart as far as is needed to run it safely.
 *
 * chdb would run every statement of a text, write files for INTO OUTFILE even when read-only, and read any file of
 * the machine through `file()` or a quoted table name; a server has no business doing any of it for a client.
 *
 * @throws Failure
 */
export function parseStatement(sql: string, rules: StatementRules): Statement {
	try {
		const reader = createReader(sql, rules);
		const first = reader.next();
		const verb = first?.kind === 'word' ? first.text.toUpperCase() : '';
		if (verb === 'INSERT') return insertOf(sql, reader);
		if (SELECTS.has(verb)) return { kind: 'select', ...queryOf(sql, reader) };
		if (SHOWS.has(verb)) return { kind: 'show', ...queryOf(sql, reader) };
		if (verb === 'BACKUP' || verb === 'RESTORE') return backupOf(sql);
		if (!CHANGES.has(verb)) throw new Failure('refused', `${verb || 'This'} cannot be run on this server`);
		return { kind: 'change', sql: changeOf(sql, reader, verb) };
	} catch (error) {
		if (error instanceof TokenError) throw new Failure('syntax', `Syntax error: ${error.message}`);
		throw error;
	}
}

/** Tables of databases to or from one file in the server's own folder for backups, in the background, and nothing else. */
function backupOf(sql: string): Statement {
	if (!BACKUP.test(sql))
		throw new Failure('refused', 'Only BACKUP TABLE … TO and RESTORE ALL FROM File(name) ASYNC are');
	return { kind: 'change', sql };
}

interface Reader {
	/** The next token, checked together with the ones before it. */
	next(): Token | undefined;
}

function createReader(sql: string, rules: StatementRules): Reader {
	const tokens = tokensOf(sql);
	let before: Token | undefined;
	let beforeThat: Token | undefined;
	let ended = false;
	return {
		next() {
			const token = tokens.next().value ?? undefined;
			if (!token) return undefined;
			if (ended) throw new Failure('refused', 'Multi-statements are not allowed');
			check({ token, before, beforeThat, sql, rules });
			if (token.kind === 'mark' && token.text === ';') ended = true;
			beforeThat = before;
			before = token;
			return token;
		},
	};
}

const isWord = (token: Token | undefined, ...words: string[]) =>
	token?.kind === 'word' && words.includes(token.text.toUpperCase());
const isMark = (token: Token | undefined, mark: string) => token?.kind === 'mark' && token.text === mark;
const isName = (token: Token | undefined) => token?.kind === 'word' || token?.kind === 'quoted';

interface Neighbours {
	readonly token: Token;
	readonly before: Token | undefined;
	readonly beforeThat: Token | undefined;
	readonly sql: string;
	readonly rules: StatementRules;
}

function check({ token, before, beforeThat, sql, rules }: Neighbours): void {
	if (isWord(token, 'OUTFILE', 'INFILE') && isWord(before, 'INTO', 'FROM'))
		throw new Failure('refused', `${token.text.toUpperCase()} is not allowed on this server`);
	if (isMark(token, '(') && isName(before) && rules.forbidden.has(before?.text.toLowerCase() ?? ''))
		throw new Failure('refused', `${before?.text ?? ''}() is not allowed on this server`);
	// The engine takes a string, or any name in its overlay database `default`, for the path of a file.
	if (token.kind === 'string' && isWord(before, 'FROM', 'JOIN', 'TABLE', 'INTO', 'DESCRIBE', 'DESC'))
		throw new Failure('refused', 'A string cannot name a table on this server');
	if (isMark(token, '.') && isName(before) && before?.text === 'default')
		throw new Failure('refused', 'Database default does not exist on this server');
	if (isMark(before, '{') && isName(token)) checkParameter(sql.slice(before?.start), rules);
	if (isName(token) && isMark(before, '=') && isWord(beforeThat, 'ENGINE')) checkEngine(token.text);
	if (isName(token) && isWord(before, 'ENGINE')) checkEngine(token.text);
}

function checkEngine(engine: string): void {
	if (!ENGINE.test(engine)) throw new Failure('refused', `Engine ${engine} is not allowed on this server`);
}

/** A session keeps the parameters of earlier requests: one that this request did not bring would get a stranger's value. */
function checkParameter(rest: string, rules: StatementRules): void {
	const name = PARAMETER.exec(rest.slice(0, 200));
	if (name?.index === 0 && !rules.parameters.has(name[1] ?? ''))
		throw new Failure('parameter', `Substitution \`${name[1] ?? ''}\` is not set`);
}

/** Reads `SETTINGS name = value, …` after the word; the same rules hold as for settings of the request. */
function settingsOf(reader: Reader): { readonly after: Token | undefined } {
	for (;;) {
		const name = reader.next();
		const equals = reader.next();
		const value = reader.next();
		if (!name || !isMark(equals, '=') || !value)
			throw new Failure('syntax', 'Syntax error: SETTINGS wants name = value');
		checkSetting(name.text, value.text);
		const after = reader.next();
		if (!isMark(after, ',')) return { after };
	}
}

/** A FORMAT clause is taken out of the text: how the answer is made depends on it. */
function queryOf(sql: string, reader: Reader): { sql: string; format: string | undefined } {
	let format: { name: string; start: number; end: number } | undefined;
	let end = sql.length;
	let before: Token | undefined;
	let token = reader.next();
	while (token) {
		if (isMark(token, ';')) end = token.start;
		const settings = isWord(token, 'SETTINGS') && !isMark(before, '.') ? settingsOf(reader) : undefined;
		if (settings) {
			before = undefined;
			token = settings.after;
			continue;
		}
		if (isWord(before, 'FORMAT') && before?.depth === 0 && token.kind === 'word')
			format = { name: token.text, start: before.start, end: token.end };
		else if (format && !isMark(token, ';')) throw new Failure('syntax', 'Syntax error: FORMAT has to stand at the end');
		before = token;
		token = reader.next();
	}
	if (!format) return { sql: sql.slice(0, end), format: undefined };
	return { sql: sql.slice(0, format.start), format: format.name };
}

function changeOf(sql: string, reader: Reader, verb: string): string {
	let end = sql.length;
	let token = reader.next();
	if (verb === 'CREATE' && !(token?.kind === 'word' && CREATES.has(token.text.toUpperCase())))
		throw new Failure('refused', `CREATE ${token?.text ?? ''} cannot be run on this server`);
	while (token) {
		if (isMark(token, ';')) end = token.start;
		token = reader.next();
	}
	return sql.slice(0, end);
}

function insertOf(sql: string, reader: Reader): Statement {
	let settings = '';
	let headEnd: number | undefined;
	let token = reader.next();
	if (!isWord(token, 'INTO')) throw new Failure('syntax', 'Syntax error: INSERT wants INTO');
	token = reader.next();
	if (isWord(token, 'FUNCTION')) throw new Failure('refused', 'INSERT INTO FUNCTION is not allowed on this server');
	while (token) {
		if (token.depth === 0) {
			if (isWord(token, 'SETTINGS')) {
				headEnd ??= token.start;
				const from = token.start;
				token = settingsOf(reader).after;
				settings = sql.slice(from, token?.start ?? sql.length);
				continue;
			}
			if (isWord(token, 'SELECT', 'WITH')) return { kind: 'change', sql: changeOf(sql, reader, 'INSERT') };
			if (isWord(token, 'VALUES'))
				return dataOf({ sql, headEnd: headEnd ?? token.start, settings, format: 'Values', dataStart: token.end });
			if (isWord(token, 'FORMAT')) {
				const format = reader.next();
				if (format?.kind !== 'word') throw new Failure('syntax', 'Syntax error: FORMAT wants a name');
				headEnd ??= token.start;
				return dataOf({ sql, headEnd, settings, format: format.text, dataStart: format.end });
			}
		}
		token = reader.next();
	}
	throw new Failure('syntax', 'Syntax error: INSERT wants FORMAT, VALUES or SELECT');
}

function dataOf(part: {
	sql: string;
	headEnd: number;
	settings: string;
	format: string;
	dataStart: number;
}): Statement {
	return {
		kind: 'insert',
		head: part.sql.slice(0, part.headEnd),
		tail: `${part.settings} FORMAT ${part.format}`,
		format: part.format,
		inline: part.sql.slice(part.dataStart).trimStart(),
	};
}
