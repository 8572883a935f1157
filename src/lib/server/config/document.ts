import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, visit } from 'yaml';
import { quote } from '#contracts/stream.ts';
import { messageOf } from '#contracts/error.ts';
import type { ConfigFault } from './issues.ts';
import { type Env, interpolate } from './interpolate.ts';
import { createPositions, type Path, type Positions, spellPath } from './positions.ts';

/** A YAML 1.2 document with its variables put in, as plain data with the place of everything. */
export interface ReadDocument {
	readonly value: unknown;
	readonly positions: Positions;
	readonly faults: readonly ConfigFault[];
	/** A value for an error text: as the file spells it, never what a variable or a secret is. */
	shown(path: Path): string;
	/** An error text of someone else, with values of variables put back to what the file says. */
	clean(message: string): string;
}

const SECRET_KEY = /pass(word)?$|secret|token|^key$|apikey/i;
const MAX_ALIASES = 100;

export function readDocument(text: string, env: Env): ReadDocument {
	const lines = new LineCounter();
	const document = parseDocument(text, { version: '1.2', lineCounter: lines, prettyErrors: false });
	const positions = createPositions(document, lines);
	const faults: ConfigFault[] = [...document.errors, ...document.warnings].map((error) => ({
		position: positions.at(error.pos[0]),
		path: '',
		message: error.code === 'MULTIPLE_DOCS' ? 'a second document begins here; the file may have one' : error.message,
	}));
	const { spellings, faults: missing } = putVariables(document, positions, env);
	faults.push(...missing);
	return {
		value: faults.length === 0 ? valueOf(document, faults) : undefined,
		positions,
		faults,
		shown: (path) => shownAt(positions, path),
		clean: (message) =>
			[...spellings].reduce((clean, [value, spelling]) => clean.replaceAll(value, () => spelling), message),
	};
}

/** An alias bomb throws here, and so does an alias to nothing. */
function valueOf(document: Document, faults: ConfigFault[]): unknown {
	try {
		return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
	} catch (error) {
		faults.push({ position: '1:1', path: '', message: messageOf(error) });
		return undefined;
	}
}

/** @returns what stands in the file for each value that came from a variable */
function putVariables(document: Document, positions: Positions, env: Env) {
	const spellings = new Map<string, string>();
	const faults: ConfigFault[] = [];
	visit(document, {
		Scalar(key, node, ancestors) {
			if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
			const spelling = node.value;
			const result = interpolate(spelling, env);
			for (const message of result.faults)
				faults.push({ position: positions.at(node.range?.[0] ?? 0), path: pathOf(ancestors, key), message });
			if (result.text !== '') spellings.set(result.text, spelling);
			node.value = typed(node, result.text);
			node.source = spelling;
		},
	});
	return { spellings, faults };
}

/** An unquoted scalar is read as YAML reads it, so that `port: ${PORT}` is a number; a quoted one stays text. */
function typed(node: Scalar, text: string): unknown {
	if (node.type !== 'PLAIN') return text;
	if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
	return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : text;
}

function shownAt(positions: Positions, path: Path): string {
	const node = positions.node(path);
	const name = path.findLast((step) => typeof step === 'string');
	if (isMap(node)) return 'a map';
	if (isSeq(node)) return 'a list';
	if (isAlias(node)) return 'an alias';
	if (!isScalar(node) || node.value === null) return 'nothing';
	if (name !== undefined && SECRET_KEY.test(String(name))) return '[redacted]';
	const text = String(node.source ?? node.value);
	return typeof node.value === 'string' ? quote(text) : text;
}

/** The path to a node that `visit` stands at, from its ancestors. */
function pathOf(ancestors: readonly unknown[], last: unknown): string {
	const path: PropertyKey[] = [];
	ancestors.forEach((node, i) => {
		if (isSeq(node)) path.push(node.items.indexOf((ancestors[i + 1] ?? node.items[Number(last)]) as never));
		else if (isMap(node)) {
			const pair = ancestors[i + 1] as { key?: unknown } | undefined;
			if (isScalar(pair?.key)) path.push(String(pair.key.value));
		}
	});
	return spellPath(path);
}
