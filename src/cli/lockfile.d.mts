export function missingEntries(lock: {
	packages: Record<string, unknown>;
}): [path: string, entry: { version: string; optional: true; os?: string[]; cpu?: string[] }][];
