/** A number that stands in a document. */
export interface JsonLeaf {
	/** `$.zones[0].t`, in the words of RFC 9535. */
	readonly path: string;
	/** The same as a name: `zones/0/t`. */
	readonly name: string;
	readonly value: number;
}

const MOST_LEAVES = 500;
const MOST_DEPTH = 20;
const PLAIN = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** All numbers and booleans of a document, in its order; of one with more than 500 the first ones. */
export function jsonLeaves(document: unknown): JsonLeaf[] {
	const leaves: JsonLeaf[] = [];
	const walk = (node: unknown, path: string, names: readonly string[]): void => {
		if (leaves.length >= MOST_LEAVES || names.length > MOST_DEPTH) return;
		if (typeof node === 'boolean' || (typeof node === 'number' && Number.isFinite(node)))
			leaves.push({ path, name: names.join('/'), value: Number(node) });
		else if (Array.isArray(node))
			for (const [i, one] of node.entries()) walk(one, `${path}[${i}]`, [...names, String(i)]);
		else if (typeof node === 'object' && node !== null)
			for (const [name, one] of Object.entries(node)) walk(one, `${path}${stepOf(name)}`, [...names, name]);
	};
	walk(document, '$', []);
	return leaves;
}

function stepOf(name: string): string {
	return PLAIN.test(name) ? `.${name}` : `['${name.replace(/[\\']/g, '\\$&')}']`;
}
