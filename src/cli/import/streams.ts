import type { DeclaredStream } from '#contracts/collect.ts';
import { canonicalName, type Labels } from '#contracts/stream.ts';

/** The streams of a file, numbered as they come; the numbers are those of the connection. */
export interface FileStreams {
	/** @returns its number; the same name has the same one */
	index(key: string, labels?: Labels): number;
	/** In the order of their numbers; grows. */
	readonly declared: readonly DeclaredStream[];
}

export function createFileStreams(unit: string): FileStreams {
	const declared: DeclaredStream[] = [];
	const plain = new Map<string, number>();
	const labelled = new Map<string, number>();
	const add = (key: string, labels: Labels) => declared.push({ key, unit, labels: { ...labels }, kind: 'machine' }) - 1;
	return {
		declared,
		index(key, labels) {
			const [names, name] =
				labels === undefined || Object.keys(labels).length === 0
					? [plain, key]
					: [labelled, canonicalName({ site: '', key, labels })];
			const known = names.get(name);
			if (known !== undefined) return known;
			const index = add(key, labels ?? {});
			names.set(name, index);
			return index;
		},
	};
}
