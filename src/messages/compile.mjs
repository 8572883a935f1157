/**
 * node src/messages/compile.mjs: message files to functions, one module per subject, by Paraglide.
 * `fresh.mjs` starts it where something changed.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { GENERATED, STAMP, here, messageFiles, settings, stampOf } from './fresh.mjs';

const project = join(here, 'project.inlang');

/** Messages are looked up by what the page says (`overwriteGetLocale`), and in plain Node in the base language. */
const OPTIONS = {
	strategy: ['globalVariable', 'baseLocale'],
	disableAsyncLocalStorage: true,
	emitGitIgnore: false,
	emitPrettierIgnore: false,
	emitReadme: false,
	includeEslintDisableComment: false,
};

/** What Paraglide would pass over in silence: a file that no pattern names, and words without their reader. */
function faults(files, keysBySubject, compiled) {
	const named = settings()['plugin.inlang.messageFormat'].pathPattern;
	const unnamed = files.filter((file) => !named.includes(`./{locale}/${file.split('/')[1]}`));
	const strangers = [...keysBySubject].flatMap(([subject, keys]) =>
		keys.filter((key) => !key.startsWith(`${subject}_`)).map((key) => `${key} in en/${subject}.json`),
	);
	const missing = [...keysBySubject.values()].flat().filter((key) => !compiled.has(key));
	return [
		...unnamed.map((file) => `src/messages/${file} is not named in project.inlang/settings.json: add its pattern`),
		...strangers.map((key) => `${key} does not begin with its subject`),
		...(missing.length === 0
			? []
			: [`${missing.length} messages were not compiled (${missing[0]}): are there modules?`]),
	];
}

/** Reads as usual and writes nothing: the SDK would leave files of its own beside the settings. */
function readOnly() {
	const nothing = async () => undefined;
	return { ...fs, promises: { ...fs.promises, writeFile: nothing, mkdir: nothing, rm: nothing, unlink: nothing } };
}

/** @returns what Paraglide makes of the project: file name to text */
async function compiledOf() {
	const [{ loadProjectFromDirectory }, { compileProject }] = await Promise.all([
		import('@inlang/sdk'),
		import('@inlang/paraglide-js'),
	]);
	const loaded = await loadProjectFromDirectory({ path: project, fs: readOnly() });
	const [error] = await loaded.errors.get();
	if (error) throw error;
	const output = await compileProject({ project: loaded, compilerOptions: OPTIONS });
	await loaded.close();
	return output;
}

const HEADER =
	"import * as registry from './registry.js';\nimport { getLocale, experimentalStaticLocale } from './runtime.js';\n";

/** What a message with marks in it (`{#code}…{/code}`) is made of. */
const PARTS = `export type MessagePart =
	| { readonly type: 'text'; readonly value: string }
	| { readonly type: 'markup-start' | 'markup-end' | 'markup-standalone'; readonly name: string };
`;

/** One module per message would be a thousand files to load; one for all would be loaded whole by every page. */
function packed(subject, keys, output) {
	const bodies = keys.map((key) =>
		shortened(
			key,
			(output[`messages/${key.toLowerCase()}.js`] ?? output[`messages/${key}.js`] ?? '')
				.replace(/^import .*$/gm, '')
				.replace(/^\/\*\* @typedef .*$/gm, '')
				.replace(/\/\*\*[\s\S]*?\*\/ ?/g, '')
				.trim(),
		),
	);
	return { [`${subject}.js`]: HEADER + bodies.join('\n'), [`${subject}.d.ts`]: types(keys, output) };
}

/**
 * One function for what Paraglide makes a function per language and one that chooses: a third less for a page to load.
 * Plurals and messages with marks stay as they are.
 */
function shortened(key, body) {
	const texts = settings().locales.map((locale) => {
		const found = new RegExp(
			`^const ${locale}_${key} = \\((?:i)?\\) => \\{\\n\\treturn \\((\`.*\`)\\)\\n\\};$`,
			'm',
		).exec(body);
		return [locale, found?.[1]];
	});
	if (texts.some(([, text]) => text === undefined) || body.includes('parts:')) return body;
	const [[, base], ...others] = texts;
	const choice = others.map(([locale, text]) => `getLocale() === '${locale}' ? ${text} : `).join('');
	return `export const ${key} = (i) => ${choice}${base};`;
}

function types(keys, output) {
	const declared = keys
		.map((key) => {
			const text = output[`messages/${key.toLowerCase()}.js`] ?? output[`messages/${key}.js`] ?? '';
			const inputs = /@typedef \{\{ (.*) \}\} \w+Inputs/
				.exec(text)?.[1]
				?.replaceAll('NonNullable<unknown>', 'string | number');
			const given = inputs ? `inputs: { ${inputs} }` : 'inputs?: Record<string, never>';
			const parts = text.includes('parts:') ? ` & { parts(${given}): MessagePart[] }` : '';
			return `export const ${key}: ((${given}) => string)${parts};`;
		})
		.join('\n');
	return `import type { MessagePart } from './parts.js';\n${declared}`;
}

function modulesOf(keysBySubject, output) {
	const subjects = [...keysBySubject.keys()];
	const all = subjects.map((subject) => `export * from './${subject}.js';`).join('\n');
	const union = settings()
		.locales.map((locale) => `'${locale}'`)
		.join(' | ');
	return {
		// Else every page would load the words of all: a bundler that may not leave a module out keeps the index whole.
		'package.json': '{ "type": "module", "sideEffects": false }\n',
		'runtime.js': output['runtime.js'],
		'runtime.d.ts': `export function getLocale(): ${union};\nexport function overwriteGetLocale(locale: () => ${union}): void;\n`,
		'registry.js': output['registry.js'],
		'parts.d.ts': PARTS,
		'index.js': all,
		'index.d.ts': `${all}\nexport type { MessagePart } from './parts.js';`,
		...Object.assign({}, ...[...keysBySubject].map(([subject, keys]) => packed(subject, keys, output))),
	};
}

/** Whole or not at all, and only what changed: others read these files while we write them. */
function write(folder, files) {
	mkdirSync(folder, { recursive: true });
	for (const [name, text] of Object.entries(files)) {
		const file = join(folder, name);
		if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
		writeFileSync(`${file}.${process.pid}`, text);
		renameSync(`${file}.${process.pid}`, file);
	}
	for (const name of readdirSync(folder)) if (!(name in files) && !/\.\d+$/.test(name)) rmSync(join(folder, name));
}

/** @throws with the name of the file: the SDK would say only what is wrong in it */
function keysOf(file) {
	try {
		return Object.keys(JSON.parse(readFileSync(join(here, file), 'utf8')));
	} catch (error) {
		throw new Error(`cannot read src/messages/${file}: ${error.message}`, { cause: error });
	}
}

function keysBySubjectOf(files) {
	const keys = new Map(files.map((file) => [file, keysOf(file)]));
	const base = files.filter((file) => file.startsWith(`${settings().baseLocale}/`));
	return new Map(base.map((file) => [file.slice(3, -'.json'.length), keys.get(file)]));
}

async function compile() {
	const files = messageFiles();
	const wanted = stampOf(files);
	const keysBySubject = keysBySubjectOf(files);
	const output = await compiledOf();
	const compiled = new Set(
		[...(output['messages/_index.js'] ?? '').matchAll(/'\.\/(\w+)\.js'/g)].map(([, key]) => key),
	);
	const wrong = faults(files, keysBySubject, compiled);
	if (wrong.length > 0) throw new Error(`cannot compile messages:\n${wrong.join('\n')}`);
	write(GENERATED, { ...modulesOf(keysBySubject, output), [STAMP]: wanted });
}

await compile().catch((error) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
// The SDK keeps a worker for half a minute.
process.exit();
