import { type Document, isMap, isNode, isPair, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';

export type Path = readonly PropertyKey[];

/** Where things stand in a YAML document: `line:column`, from 1. */
export interface Positions {
	/** Of the value at this path, or of the nearest thing around it that is there. */
	of(path: Path): string;
	/** Of a key of the map at this path. */
	ofKey(path: Path, key: string): string;
	line(path: Path): number;
	node(path: Path): Node | undefined;
	at(offset: number): string;
}

export function createPositions(document: Document, lines: LineCounter): Positions {
	const at = (offset: number) => {
		const { line, col } = lines.linePos(offset);
		return `${Math.max(1, line)}:${Math.max(1, col)}`;
	};

	function pairs(path: Path): readonly Pair[] {
		const node = nodeAt(document.contents, path);
		return isMap(node) ? node.items : [];
	}

	function offsetOf(path: Path): number {
		for (let length = path.length; length > 0; length--) {
			const node = nodeAt(document.contents, path.slice(0, length));
			if (node?.range) return node.range[0];
			// `key:` without a value has no node of its own: its key has.
			const key = keyNode(pairs(path.slice(0, length - 1)), String(path[length - 1]));
			if (key?.range) return key.range[0];
		}
		return document.contents?.range?.[0] ?? 0;
	}

	return {
		at,
		of: (path) => at(offsetOf(path)),
		ofKey(path, key) {
			const node = keyNode(pairs(path), key);
			return node?.range ? at(node.range[0]) : at(offsetOf(path));
		},
		line: (path) => Math.max(1, lines.linePos(offsetOf(path)).line),
		node: (path) => nodeAt(document.contents, path),
	};
}

function keyNode(pairs: readonly Pair[], key: string): Node | undefined {
	const pair = pairs.find(({ key: node }) => isScalar(node) && String(node.value) === key);
	return isNode(pair?.key) ? pair.key : undefined;
}

function nodeAt(from: unknown, path: Path): Node | undefined {
	let node = from;
	for (const step of path) {
		if (isMap(node)) node = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
		else if (isSeq(node)) node = node.items[Number(step)];
		else return undefined;
		if (isPair(node)) node = node.value;
	}
	return isNode(node) ? node : undefined;
}

/** `collectors[0].url` */
export function spellPath(path: Path): string {
	return path.reduce<string>((text, step) => {
		if (typeof step === 'number') return `${text}[${step}]`;
		return text === '' ? String(step) : `${text}.${String(step)}`;
	}, '');
}
