import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { messageFiles, settings } from '#messages/fresh.mjs';
import { literalWords } from './support/literal-words.ts';

const MESSAGES = join(import.meta.dirname, '../src/messages');
const { locales, baseLocale } = settings();
type Message = string | readonly { readonly declarations: readonly string[]; readonly match: Record<string, string> }[];

function messagesOf(locale: string): ReadonlyMap<string, Message> {
	const files = messageFiles().filter((file) => file.startsWith(`${locale}/`));
	return new Map(
		files.flatMap((file) =>
			Object.entries(JSON.parse(readFileSync(join(MESSAGES, file), 'utf8')) as Record<string, Message>),
		),
	);
}

function filesOf(folder: string, end: RegExp): readonly string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && end.test(entry.name) && !/\.test\.ts$/.test(entry.name))
		.map((entry) => join(entry.parentPath, entry.name));
}

/** Placeholders and marks that a message has in any of its texts. */
function partsOf(message: Message): readonly string[] {
	const texts = typeof message === 'string' ? [message] : message.flatMap(({ match }) => Object.values(match));
	return [
		...new Set(texts.flatMap((text) => [...text.matchAll(/(?<!\\)\{([#/]?\w+)\}/g)].map(([, name]) => name ?? ''))),
	].sort();
}

const texts = new Map(locales.map((locale) => [locale, messagesOf(locale)]));
const base = texts.get(baseLocale) ?? new Map<string, Message>();
const others = locales.filter((locale) => locale !== baseLocale);
const components = ['src/lib/components', 'src/routes'].flatMap((folder) => filesOf(folder, /\.svelte$/));
const modules = filesOf('src/lib', /\.ts$/).filter((file) => readFileSync(file, 'utf8').includes("from '#messages"));

/** Names that no language changes, examples of what may be typed, and what is only looked at by who changes the pages. */
const NAMES =
	/^(Sigmascope|English|Deutsch|UTC|USD|CSV|PDF|PNG|SVG|JSON|Parquet|ISO|EWMA|CUSUM|Cpk?|Ppk?|Esc|Enter|Tab|API|YAML|HTTP|MQTT|OPC UA|Modbus TCP|Sparkplug B|Prometheus|Node|[·\s/.,:;()\d–…]|kB|MB|ms)+$/;
const EXAMPLES = ['7KD-P9Q', 'slack-line-3', 'cell-7'];
const FOR_DEVELOPERS = /components[\\/]design[\\/]|routes[\\/]design[\\/]/;

describe('messages', () => {
	it.each(others)('are there in %s as in the base language', (locale) =>
		expect([...(texts.get(locale)?.keys() ?? [])].sort()).toEqual([...base.keys()].sort()),
	);
	it.each(others)('have the same placeholders and marks in %s', (locale) => {
		const differing = [...base].filter(([key, message]) => {
			const other = texts.get(locale)?.get(key);
			return other !== undefined && partsOf(other).join() !== partsOf(message).join();
		});
		expect(differing.map(([key]) => key)).toEqual([]);
	});
	it('say something in every language', () =>
		expect(
			[...texts].flatMap(([locale, all]) =>
				[...all].filter(([, text]) => text === '').map(([key]) => `${locale} ${key}`),
			),
		).toEqual([]));
	it('are all used', () => {
		const used = new Set(
			[...components, ...modules].flatMap((file) =>
				[...readFileSync(file, 'utf8').matchAll(/\bm\.(\w+)/g)].map(([, key]) => key),
			),
		);
		expect([...base.keys()].filter((key) => !used.has(key))).toEqual([]);
	});
	it('are asked for when they are shown, not when a module is loaded', () =>
		expect(modules.flatMap((file) => loadedOnce(file))).toEqual([]));
});

/** Calls of messages outside of any function: they would keep the language of that moment. */
function loadedOnce(file: string): readonly string[] {
	const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
	const found: string[] = [];
	(function visit(node: ts.Node): void {
		if (ts.isFunctionLike(node)) return;
		if (ts.isCallExpression(node) && /^m\.\w+$/.test(node.expression.getText(source)))
			found.push(`${file}: ${node.expression.getText(source)}`);
		ts.forEachChild(node, visit);
	})(source);
	return found;
}

describe('components', () => {
	it('hold no words of their own', () => {
		const own = components
			.filter((file) => !FOR_DEVELOPERS.test(file))
			.flatMap((file) => literalWords(readFileSync(file, 'utf8')).map((words) => `${file}:${words}`))
			.filter((line) => {
				const words = line.replace(/^.*?\.svelte:\d+: /, '');
				return !NAMES.test(words) && !EXAMPLES.includes(words);
			});
		expect(own).toEqual([]);
	});
	const f = (source: string, found: readonly string[]) => expect(literalWords(source)).toEqual(found);
	it('are found out by text', () => f('<p>Save it</p>', ['1: Save it']));
	it('are found out by what is read aloud', () => f('<button aria-label="close">×</button>', ['1: close']));
	it('are found out by a string in an expression', () => f("<p>{a ? 'Not yet' : ''}</p>", ['1: Not yet']));
	it('are found out by a template', () => f('<p title={`${n} points left`}></p>', ['1: … points left']));
	it('may hold code', () => f('<code>POST /x</code><p class="Big one">{a === \'Not yet\'}</p>', []));
	it('may compare, look up and import', () =>
		f("<script lang=\"ts\">import a from 'A b';\nconst b = { 'A b': 1 }['A b'];</script>", []));
});

/** Left and right belong to geometry; where text goes is said by start and end, so that it may go the other way. */
const PHYSICAL =
	/(?:^|[\s;{])((?:margin|padding|border)-(?:left|right)(?:-(?:color|width|style))?|border-(?:top|bottom)-(?:left|right)-radius|left|right|float|clear)\s*:|text-align\s*:\s*(?:left|right)/;

describe('styles', () => {
	const f = (css: string, is: boolean) => expect(PHYSICAL.test(css)).toBe(is);
	it('say start and end', () => {
		const styles = [...components, 'src/app.css'].map((file) => {
			const text = readFileSync(file, 'utf8');
			return [file, file.endsWith('.css') ? text : (/<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '')] as const;
		});
		const physical = styles.flatMap(([file, css]) =>
			css
				.split('\n')
				.filter((line) => PHYSICAL.test(line) && !line.includes('/* left to right: '))
				.map((line) => `${file}: ${line.trim()}`),
		);
		expect(physical).toEqual([]);
	});
	it('are found out by a margin', () => f('margin-left: auto;', true));
	it('are found out by a place', () => f('{ left: 0; }', true));
	it('may say logical things', () => f('margin-inline-start: auto; inset-inline-end: 0;', false));
});
