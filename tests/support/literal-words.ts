import { parse } from 'svelte/compiler';

/** What the parser gives: ESTree and Svelte's own nodes. */
interface Node {
	readonly type: string;
	readonly start: number;
	readonly [name: string]: unknown;
}

/** Attributes that a person reads or hears; of our own components any that is given words. */
const READ = /^(aria-(label|description|roledescription|valuetext|placeholder)|title|placeholder|alt|label)$/;
const CODE_ELEMENTS = new Set(['code', 'kbd', 'pre', 'style', 'script']);
/** Attributes whose strings are never words, however they look. */
const NEVER_READ = /^(class|style|href|id|d|viewBox|transform|fill|stroke|autocomplete|data-.*|style:.*)$/;

const hasWord = (text: string) => /\p{L}{2,}/u.test(text);
/** A sentence, several words, or one that begins with a capital: `In force`, `Loading…`. */
const looksRead = (text: string) =>
	hasWord(text) &&
	!/[{}<>=]|\bvar\(|\w\(|^\(|^[/.#]|https?:|\.ya?ml\b|^M\d|\d(px|rem|em)\b/.test(text) &&
	(/\p{L}{2,}\P{L}*\s\P{L}*\p{L}{2,}/u.test(text) || /^\p{Lu}\p{Ll}+\W*$/u.test(text));

function isNode(value: unknown): value is Node {
	return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

function childrenOf(node: Node): readonly Node[] {
	return Object.entries(node)
		.filter(([name]) => name !== 'parent' && name !== 'metadata')
		.flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
		.filter(isNode);
}

/** Strings that are compared, looked up, imported or thrown for programmers are not read by anybody. */
function isCode(node: Node, parent: Node | undefined): boolean {
	if (parent === undefined) return false;
	if (parent.type === 'BinaryExpression') return /[=!]==?|in/.test(String(parent['operator']));
	if (parent.type === 'Property') return parent['key'] === node && parent['computed'] !== true;
	if (parent.type === 'CallExpression')
		return /^(Symbol|querySelector|getElementById|matchMedia)$/.test(calleeOf(parent));
	if (parent.type === 'NewExpression') return /^(Error|RegExp|URL|Event|CustomEvent)$/.test(calleeOf(parent));
	return /^(MemberExpression|SwitchCase|ImportDeclaration|ImportExpression|ExportAllDeclaration|TS\w+)$/.test(
		parent.type,
	);
}

function calleeOf(call: Node): string {
	const callee = call['callee'] as Node;
	const name = callee.type === 'MemberExpression' ? (callee['property'] as Node) : callee;
	return String(name['name'] ?? '');
}

function stringOf(node: Node): string | undefined {
	if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined;
	if (node.type !== 'TemplateLiteral') return undefined;
	return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join(' … ');
}

/**
 * @param source of a component
 * @returns words that stand in it instead of in a message, as `line: words`
 */
export function literalWords(source: string): readonly string[] {
	const found: string[] = [];
	const lineOf = (node: Node) => source.slice(0, node.start).split('\n').length;
	const say = (node: Node, text: string) => found.push(`${lineOf(node)}: ${text.trim().replaceAll(/\s+/g, ' ')}`);

	function visitAttribute(node: Node, owner: Node): void {
		const name = String(node['name'] ?? '');
		if (NEVER_READ.test(name)) return;
		for (const value of childrenOf(node)) {
			const text = value.type === 'Text' ? String(value['data']) : undefined;
			if (text === undefined) visit(value, undefined);
			else if (READ.test(name) ? hasWord(text) : owner.type === 'Component' && looksRead(text)) say(node, text);
		}
	}

	function visit(node: Node, parent: Node | undefined): void {
		if (/^TS(?!As|NonNull|Satisfies)/.test(node.type)) return;
		if (node.type === 'Text') return void (hasWord(String(node['data'])) && say(node, String(node['data'])));
		const text = stringOf(node);
		if (text !== undefined && looksRead(text) && !isCode(node, parent)) say(node, text);
		const isCodeElement = node.type === 'RegularElement' && CODE_ELEMENTS.has(String(node['name']));
		for (const child of childrenOf(node)) {
			if (child.type === 'Attribute' || child.type === 'StyleDirective') visitAttribute(child, node);
			else if (child.type !== 'StyleSheet' && !(isCodeElement && child.type === 'Fragment')) visit(child, node);
		}
	}

	const { fragment, instance, module } = parse(source, { modern: true }) as unknown as Record<string, unknown>;
	for (const root of [fragment, instance, module]) if (isNode(root)) visit(root, undefined);
	return found;
}
