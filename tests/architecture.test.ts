import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The import table of ARCHITECTURE.md. The first room whose pattern fits a file is the file's; tests may import anything. */
const ROOMS: readonly { readonly room: RegExp; readonly may: readonly RegExp[] }[] = [
	room('rules/', [/^rules\//]),
	room('src/lib/contracts/', [/^src\/lib\/contracts\//, /^rules\//]),
	room('src/lib/(llm|signal)', [/^src\/lib\/(llm|signal|contracts)\//]),
	// A picture is geometry that the page's own charts have too: of theirs it takes what knows no canvas.
	room('src/lib/drawing/', [
		/^src\/lib\/(drawing|contracts)\//,
		/^src\/lib\/chart\/(clock|context-geometry|labels|line-path|palette|segments|series|steps|time-axis|y-range)\.ts$/,
		/^src\/lib\/(format\/(number|(chart|rule)-words)|live\/wire\/ring)\.ts$/,
		/^rules\//,
	]),
	room('collectors/kit/', [/^collectors\/(kit\/|messages\.ts)/, /^src\/lib\/(contracts|signal)\//]),
	room('collectors/(?<name>[^/]+)/', [/^collectors\/(kit|<name>)\//, /^src\/lib\/(contracts|llm|signal)\//]),
	room('collectors', [/^collectors\//, /^src\/lib\/contracts\//]),
	room('src/lib/server/(?<name>config|log|metrics)/', [/^src\/lib\/server\/<name>\//, /^src\/lib\/contracts\//]),
	room('src/lib/server/(?<name>store|metadata|journal)/', [
		/^src\/lib\/server\/<name>\//,
		/^src\/lib\/server\/(config|log|metrics)\//,
		/^src\/lib\/server\/journal\/port\.ts$/,
		/^src\/lib\/contracts\//,
	]),
	room('src/lib/server/engine/', [
		/^src\/lib\/server\/(engine\/|journal\/port\.ts)/,
		/^src\/lib\/(contracts|signal)\//,
		/^rules\//,
	]),
	room('src/lib/server/export/', [
		/^src\/lib\/server\/(export\/|(config|log|metrics)\/|[a-z]+\/port[a-z-]*\.ts$)/,
		/^src\/lib\/(contracts|drawing)\//,
		// Words and numbers of a report are those of the page.
		/^src\/lib\/format\/(number|stream-name|violation-words|time)\.ts$/,
		/^rules\//,
	]),
	room('src/lib/server/alerts/', [
		/^src\/lib\/server\/alerts\//,
		/^src\/lib\/server\/(config|log|metrics)\//,
		/^src\/lib\/server\/[a-z]+\/port(-[a-z]+)?\.ts$/,
		/^src\/lib\/(contracts|drawing)\//,
		// What a message says is said in the words of the page, in the language of the route.
		/^src\/lib\/format\/(analysis-words|in-language|number|rule-words|violation-words)\.ts$/,
		/^src\/messages\/generated\//,
	]),
	room('src/lib/server/(?<name>ingest|llm|live|cases|identity|dial|vault|knowledge|auth|proxy|backup|boards|doctor)/', [
		/^src\/lib\/server\/<name>\//,
		/^src\/lib\/server\/(config|log|metrics)\//,
		/^src\/lib\/server\/[a-z]+\/port(-[a-z]+)?\.ts$/,
		/^src\/lib\/(contracts|llm|drawing)\//,
	]),
	room('src/lib/server/rca/', [
		/^src\/lib\/server\/rca\//,
		/^src\/lib\/server\/(config|log|metrics)\//,
		/^src\/lib\/server\/[a-z]+\/port(-[a-z]+)?\.ts$/,
		/^src\/lib\/(contracts|llm)\//,
		/^rules\//,
	]),
	// What it does is beside it, as it stands between collectors and server.
	room('src/lib/server/demo/', [/^src\/lib\/contracts\//, /^src\/lib\/server\/metadata\/port/]),
	room('src/lib/server/trials/', [/^src\/lib\/contracts\//]),
	room('src/lib/server/http/', [
		/^src\/lib\/server\/http\//,
		/^src\/lib\/server\/(config|log|metrics)\//,
		/^src\/lib\/server\/[a-z]+\/port(-[a-z]+)?\.ts$/,
		/^src\/lib\/contracts\//,
		/^rules\//,
	]),
	room('src/lib/server/[^/]+\\.ts', [
		/^src\/lib\/(server|contracts)\//,
		/^collectors\/(run|registry|messages|main|try)\.ts$/,
	]),
	room('src/(main\\.ts|cli/)', [/^src\//, /^collectors\/(run|registry|messages|main|try)\.ts$/, /^rules\//]),
	room('src/messages/', [/^src\/messages\//]),
	room('src/service-worker/', [
		/^src\/lib\/(live\/offline|contracts)\//,
		/^src\/messages\/generated\//,
		/^src\/(app|themes)\.css/,
	]),
	room('src/(lib/(chart|live|components|format)|routes)', [
		/^src\/lib\/(chart|drawing|live|components|format|contracts)\//,
		/^src\/messages\/generated\//,
		/^src\/(routes\/|(app|themes)\.css)/,
		/^rules\//,
	]),
];

function room(path: string, may: readonly RegExp[]) {
	return { room: new RegExp(`^${path}`), may };
}

const imports: Record<string, string> = {
	'#rules': 'rules/index.ts',
	'#contracts/': 'src/lib/contracts/',
	'#server/': 'src/lib/server/',
	'#collectors/': 'collectors/',
	'#lib/': 'src/lib/',
	'#messages/': 'src/messages/',
};

function sourceFiles(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile() && /\.(ts|mjs|svelte)$/.test(entry.name))
		.map((entry) => join(entry.parentPath, entry.name))
		.filter((file) => !/node_modules|[\\/]generated[\\/]/.test(file) && !isTest(file));
}

const isTest = (file: string) => /(\.test|\.bench|contract|fake|bench)\.(ts|mjs)$|\/(testing|bench)\//.test(file);

/** Every file of ours that this one names, type imports included: a type is a dependency of the reader too. */
function importsOf(file: string): string[] {
	const text = readFileSync(file, 'utf8');
	const named = [...text.matchAll(/(?:\bfrom|\bimport|\bnew URL\()\s*\(?\s*['"]([#.][^'"]+)['"]/g)]
		.map((m) => m[1] ?? '')
		.filter((name) => name === '#rules' || /\.(ts|mjs|svelte|css)$/.test(name));
	return named.flatMap((name) => {
		if (name.startsWith('.')) return name.startsWith('./$') ? [] : [normalize(join(dirname(file), name))];
		const prefix = Object.keys(imports).find((key) => name === key || (key.endsWith('/') && name.startsWith(key)));
		return prefix ? [normalize((imports[prefix] ?? '') + name.slice(prefix.length))] : [`unknown alias ${name}`];
	});
}

/** @returns the imports of this file that its room may not make, as `file -> file` */
function forbidden(file: string, targets: readonly string[]): string[] {
	const found = ROOMS.map((r) => ({ match: r.room.exec(file), may: r.may })).find((r) => r.match);
	if (!found) return [`${file} stands in no room of the table`];
	const name = found.match?.groups?.name ?? '';
	const may = found.may.map((pattern) => new RegExp(pattern.source.replace('<name>', name)));
	return targets.filter((target) => !may.some((m) => m.test(target))).map((target) => `${file} -> ${target}`);
}

const files = ['rules', 'collectors', 'src'].flatMap(sourceFiles).map((file) => relative('.', file));

describe('the import table', () => {
	it('is kept by every source file', () =>
		expect(files.flatMap((file) => forbidden(file, importsOf(file)))).toEqual([]));
	it('has seen the code', () => expect(files.length).toBeGreaterThan(50));
	it('names both files of a forbidden import', () =>
		expect(forbidden('rules/bank.ts', ['src/lib/contracts/point.ts'])).toEqual([
			'rules/bank.ts -> src/lib/contracts/point.ts',
		]));
	it('keeps collectors from their siblings', () =>
		expect(forbidden('collectors/mqtt/index.ts', ['collectors/replay/csv.ts', 'collectors/kit/spool.ts'])).toEqual([
			'collectors/mqtt/index.ts -> collectors/replay/csv.ts',
		]));
	it('keeps parts of the server from each other but for their ports', () =>
		expect(
			forbidden('src/lib/server/live/server.ts', ['src/lib/server/cases/cases.ts', 'src/lib/server/cases/port.ts']),
		).toEqual(['src/lib/server/live/server.ts -> src/lib/server/cases/cases.ts']));
	it('keeps the page from the server', () =>
		expect(forbidden('src/routes/+page.svelte', ['src/lib/server/store/port.ts'])).toHaveLength(1));
});

describe('the code', () => {
	const texts = files.map((file) => [file, readFileSync(file, 'utf8')] as const);
	const f = (pattern: RegExp, allowed: RegExp) =>
		expect(texts.filter(([file, text]) => !allowed.test(file) && pattern.test(text)).map(([file]) => file)).toEqual([]);
	it('has SQL in the store, the journal, the spool and metadata only', () =>
		f(
			/\b(INSERT INTO|CREATE TABLE|ALTER TABLE|SELECT [^.;]+ FROM)\b/,
			/server\/(store|journal|metadata)\/|^collectors\/kit\/|server\/data-folder/,
		));
	it('reads the environment in config and at the doors only', () =>
		f(
			/process\.env\b/,
			/server\/config\/|^src\/(main\.ts|cli\/)|store\/embedded\/(spawn|main)\.ts|^collectors\/main\.ts/,
		));
	it('has no default export', () => f(/^export default/m, /\.svelte$/));
});
