/** @returns what stands there; undefined when nothing does */
export type JsonPath = (document: unknown) => unknown;

const SEGMENT = /\.([\p{L}_][\p{L}\p{N}_-]*)|\[(-?\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/uy;

/**
 * A path to one value: the singular queries of RFC 9535 (`$.a.b`, `$['a b']`, `$[0]`, `$[-1]`), and in names of the
 * dotted form also a dash, which devices love.
 *
 * @returns undefined when the text is no such path
 */
export function parseJsonPath(text: string): JsonPath | undefined {
	if (!text.startsWith('$')) return undefined;
	const steps: (string | number)[] = [];
	SEGMENT.lastIndex = 1;
	while (SEGMENT.lastIndex < text.length) {
		const match = SEGMENT.exec(text);
		if (!match) return undefined;
		const [, dotted, index, single, double] = match;
		steps.push(index === undefined ? (dotted ?? (single ?? double ?? '').replace(/\\(.)/gu, '$1')) : Number(index));
	}
	return (document) => steps.reduce(step, document);
}

/** Own properties only: a document must not reach what all objects have. */
function step(from: unknown, key: string | number): unknown {
	if (typeof key === 'number') return Array.isArray(from) ? (from as unknown[]).at(key) : undefined;
	if (typeof from !== 'object' || from === null || Array.isArray(from)) return undefined;
	return Object.hasOwn(from, key) ? (from as Record<string, unknown>)[key] : undefined;
}
