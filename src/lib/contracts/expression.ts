import { hintFor } from './suggest.ts';

/** What is computed of the points of one stream, one by one, before an expression sees it. */
export interface Term {
	/** Of the stream, within its asset. */
	readonly name: string;
	readonly of: 'value' | 'rate' | 'difference' | 'rms' | 'counted' | 'share' | 'length';
	/** `rate`, `counted`: the number at which the counter begins at 0 again, 0 = none; `rms`: how many points. */
	readonly argument: number;
	/**
	 * `counted`, `share`, `length`: windows of this length, whose bounds are `offset` after midnight and multiples of it from there;
	 * by the clocks of `zone`, else by UTC.
	 */
	readonly window?: { readonly ms: number; readonly offsetMs: number; readonly zone?: string };
}

/** Plain JSON; a term is named by its position in `terms`. */
export type Node =
	| { readonly number: number }
	| { readonly term: number }
	| { readonly call: keyof typeof FUNCTIONS; readonly of: readonly Node[] };

export interface Expression {
	readonly root: Node;
	/** In the order in which they are named; each once. */
	readonly terms: readonly Term[];
}

export interface ExpressionFault {
	/** Characters before the fault. */
	readonly at: number;
	readonly message: string;
}

/** How many arguments each takes, and what it is; operators are among them under names that nobody can write. */
export const FUNCTIONS = {
	'+': { least: 2, most: 2 },
	'-': { least: 2, most: 2 },
	'*': { least: 2, most: 2 },
	'/': { least: 2, most: 2 },
	negative: { least: 1, most: 1 },
	min: { least: 2, most: 8 },
	max: { least: 2, most: 8 },
	abs: { least: 1, most: 1 },
	sqrt: { least: 1, most: 1 },
	log: { least: 1, most: 1 },
} as const;

const CALLED = ['min', 'max', 'abs', 'sqrt', 'log'] as const;
const OF_STREAM = ['rate', 'difference', 'rms', 'counted', 'share', 'length'] as const;
const WINDOWED = ['counted', 'share', 'length'] as const;
const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SHORTEST_WINDOW_MS = 10_000;
const LONGEST_WINDOW_MS = 7 * 86_400_000;
const WORDS = [...CALLED, ...OF_STREAM];

const MAX_CHARS = 500;
const MAX_DEPTH = 40;
export const MAX_TERMS = 8;
export const MAX_RMS_POINTS = 1000;

/**
 * Reads `60 * rate("part-count", 65536)`: numbers, + - * / and parentheses, min, max, abs, sqrt, log (natural), names of
 * streams of one asset (in quotes where they are no plain word), and of a stream its rate, difference and rms, and what it
 * counted, or for which share of the time it was not 0, in windows of time: `counted(parts, 8h)`; `length(parts, 8h)` are their seconds.
 *
 * Our own: parsers at hand read a whole language (members, strings, assignment) of which all but this had to be refused.
 *
 * @param zone by whose clocks windows begin; without one by UTC
 */
export function parseExpression(text: string, zone?: string): Expression | ExpressionFault {
	try {
		if (text.length > MAX_CHARS) throw fault(MAX_CHARS, `has ${text.length} characters; ${MAX_CHARS} are allowed`);
		return readAll(tokensOf(text), zone);
	} catch (error) {
		if (error instanceof Fault) return { at: error.at, message: error.message };
		throw error;
	}
}

export function isExpressionFault(result: Expression | ExpressionFault): result is ExpressionFault {
	return 'message' in result;
}

class Fault extends Error {
	readonly at: number;
	constructor(at: number, message: string) {
		super(message);
		this.at = at;
	}
}

function fault(at: number, message: string): Fault {
	return new Fault(at, message);
}

interface Token {
	readonly kind: 'number' | 'word' | 'quoted' | 'sign' | 'end';
	readonly text: string;
	readonly at: number;
}

const TOKEN =
	/\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_]*)|"(?<quoted>[^"]+)"|(?<sign>[-+*/(),]))/uy;

function tokensOf(text: string): Token[] {
	const tokens: Token[] = [];
	const end = text.trimEnd().length;
	const token = new RegExp(TOKEN);
	for (let at = 0; at < end; at = token.lastIndex) {
		token.lastIndex = at;
		const groups = token.exec(text)?.groups;
		if (groups === undefined) throw unreadable(text, at);
		const [kind, found] = Object.entries(groups).find(([, value]) => value !== undefined)! as [Token['kind'], string];
		const from = token.lastIndex - found.length - (kind === 'quoted' ? 2 : 0);
		tokens.push({ kind, text: found, at: from });
	}
	tokens.push({ kind: 'end', text: 'the end', at: end });
	return tokens;
}

function unreadable(text: string, from: number): Fault {
	const at = from + /^\s*/.exec(text.slice(from))![0].length;
	const character = String.fromCodePoint(text.codePointAt(at)!);
	if (character === '"') return fault(at, 'a quoted name begins here and does not end');
	return fault(at, `${JSON.stringify(character)} is not understood; known are numbers, + - * / ( ) and names`);
}

function readAll(tokens: readonly Token[], zone: string | undefined): Expression {
	const terms: Term[] = [];
	let next = 0;
	const peek = () => tokens[next]!;
	const take = () => tokens[next++]!;
	const isSign = (signs: string) => peek().kind === 'sign' && signs.includes(peek().text);

	function expect(sign: string): void {
		if (!isSign(sign)) throw fault(peek().at, `"${sign}" is expected before ${shown(peek())}`);
		take();
	}

	function leftToRight(signs: string, part: (depth: number) => Node, depth: number): Node {
		let node = part(depth);
		while (isSign(signs)) {
			const call = take().text as '+' | '-' | '*' | '/';
			node = { call, of: [node, part(depth)] };
		}
		return node;
	}
	const sum = (depth: number): Node => leftToRight('+-', product, depth);
	const product = (depth: number): Node => leftToRight('*/', signed, depth);

	function signed(depth: number): Node {
		if (depth > MAX_DEPTH) throw fault(peek().at, `is nested more than ${MAX_DEPTH} deep`);
		if (!isSign('-')) return single(depth);
		take();
		return { call: 'negative', of: [signed(depth + 1)] };
	}

	function single(depth: number): Node {
		const token = take();
		if (token.kind === 'number') return { number: numberOf(token) };
		if (token.kind === 'quoted') return named(token);
		if (token.kind === 'word') return isSign('(') ? called(token, depth) : named(token);
		if (token.text !== '(') throw fault(token.at, `a number, a name or "(" is expected before ${shown(token)}`);
		const node = sum(depth + 1);
		expect(')');
		return node;
	}

	function called(word: Token, depth: number): Node {
		take();
		if (isOneOf(OF_STREAM, word.text)) return ofStream(word, word.text);
		if (!isOneOf(CALLED, word.text))
			throw fault(word.at, `there is no function "${word.text}"; ${hintFor(word.text, WORDS)}`);
		const of = [sum(depth + 1)];
		for (; isSign(','); of.push(sum(depth + 1))) take();
		expect(')');
		const { least, most } = FUNCTIONS[word.text];
		if (of.length < least || of.length > most)
			throw fault(word.at, `${word.text} takes ${least === most ? least : `${least} to ${most}`}, not ${of.length}`);
		return { call: word.text, of };
	}

	function ofStream(word: Token, of: (typeof OF_STREAM)[number]): Node {
		const name = take();
		if (name.kind !== 'word' && name.kind !== 'quoted')
			throw fault(name.at, `${of} is of a stream: its name is expected before ${shown(name)}`);
		if (isOneOf(WINDOWED, of)) return windowed(name, of, word);
		const given = isSign(',') ? (take(), take()) : undefined;
		if (given !== undefined && given.kind !== 'number')
			throw fault(given.at, `a number is expected before ${shown(given)}`);
		expect(')');
		return termOf({ name: name.text, of, argument: argumentOf(of, given, word) }, name);
	}

	/** Numbers with a unit are the window and where it begins, one without is where the counter begins at 0 again. */
	function windowed(name: Token, of: (typeof WINDOWED)[number], word: Token): Node {
		const times: number[] = [];
		let argument = 0;
		while (isSign(',')) {
			take();
			const given = take();
			if (given.kind !== 'number') throw fault(given.at, `a number is expected before ${shown(given)}`);
			const unit = peek().kind === 'word' ? UNITS_MS[peek().text] : undefined;
			if (unit !== undefined) times.push((take(), numberOf(given) * unit));
			else if (of === 'counted' && argument === 0 && numberOf(given) > 1) argument = numberOf(given);
			else throw fault(given.at, `a length of time is expected: ${of}(${name.text}, 1h)`);
		}
		expect(')');
		const [ms = 0, offsetMs = 0, ...more] = times;
		if (ms < SHORTEST_WINDOW_MS || ms > LONGEST_WINDOW_MS || more.length > 0 || offsetMs >= ms)
			throw fault(
				word.at,
				`${of} takes a stream and a window of 10s to 7d, and for one that does not begin at midnight how long after: ${of}(${name.text}, 8h, 6h)`,
			);
		return termOf(
			{ name: name.text, of, argument, window: { ms, offsetMs, ...(zone !== undefined && { zone }) } },
			name,
		);
	}

	function named(token: Token): Node {
		if (token.kind === 'word' && isOneOf(WORDS, token.text))
			throw fault(token.at, `${token.text} is a function: "(" is expected after it; in quotes it is a stream`);
		return termOf({ name: token.text, of: 'value', argument: 0 }, token);
	}

	function termOf(term: Term, { at }: Token): Node {
		const known = terms.findIndex((one) => JSON.stringify(one) === JSON.stringify(term));
		if (known >= 0) return { term: known };
		if (terms.length === MAX_TERMS) throw fault(at, `names more than ${MAX_TERMS} streams`);
		return { term: terms.push(term) - 1 };
	}

	const root = sum(0);
	if (peek().kind !== 'end') throw fault(peek().at, `an operator is expected before ${shown(peek())}`);
	if (terms.length === 0) throw fault(0, 'names no stream');
	return { root, terms };
}

function argumentOf(of: (typeof OF_STREAM)[number], given: Token | undefined, word: Token): number {
	const number = given === undefined ? 0 : numberOf(given);
	if (of === 'difference' && given !== undefined) throw fault(given.at, 'difference takes a stream and nothing else');
	if (of === 'rate' && given !== undefined && !(number > 1))
		throw fault(given.at, 'the second number of rate is where the counter begins at 0 again: 65536, say');
	const isCount = Number.isInteger(number) && number >= 2 && number <= MAX_RMS_POINTS;
	if (of === 'rms' && !isCount)
		throw fault(given?.at ?? word.at, `rms takes a stream and a number of points: 2 to ${MAX_RMS_POINTS}`);
	return number;
}

function numberOf({ text, at }: Token): number {
	const number = Number(text);
	if (!Number.isFinite(number)) throw fault(at, `${text} is too large`);
	return number;
}

function isOneOf<T extends string>(words: readonly T[], text: string): text is T {
	return (words as readonly string[]).includes(text);
}

function shown({ kind, text }: Token): string {
	return kind === 'end' ? text : JSON.stringify(text);
}
