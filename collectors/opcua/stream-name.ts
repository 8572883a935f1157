/** Where a variable stands: `{name}`, `{parent}` and `{path}` of a template. */
export interface Place {
	/** Browse names from the first one below the root on. */
	readonly path: readonly string[];
}

const BRACES = /\{([^{}]*)\}/g;
const KNOWN = ['name', 'parent', 'path'];

/** @returns why this cannot name streams, or undefined when it can */
export function streamFault(template: string, isBrowsed: boolean): string | undefined {
	for (const [braces, name = ''] of template.matchAll(BRACES)) {
		if (!KNOWN.includes(name)) return `${braces} is not known; there are {name}, {parent} and {path}`;
		if (!isBrowsed) return `${braces} is a browse name, and this node is not browsed; write the name itself`;
	}
	return undefined;
}

/** @returns the key; a slash inside of a browse name is no end of a segment of it */
export function fillTemplate(template: string, { path }: Place): string {
	const names = path.map((name) => name.replaceAll('/', '-'));
	const values: Readonly<Record<string, string>> = {
		name: names.at(-1) ?? '',
		parent: names.at(-2) ?? '',
		// All that is of interest is below it, and a stream's first name is that of its asset.
		path: (names[0] === 'Objects' ? names.slice(1) : names).join('/'),
	};
	return template.replace(BRACES, (braces, name: string) => values[name] ?? braces);
}
