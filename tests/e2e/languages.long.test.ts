import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { ApiList, ApiStream, ApiViolation } from '#contracts/api.ts';
import { placesFor } from '#lib/components/shell/places.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { pseudo } from '../support/pseudo.ts';
import { until } from '../support/until.ts';
import { browserNote, launchBrowser, noBrowser, openPage } from './browser.ts';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = [
	'package.json',
	'svelte.config.js',
	'vite.config.ts',
	'tsconfig.json',
	'src',
	'rules',
	'collectors',
	'static',
];
/** The demo, so far that something is wrong. */
const CONFIG = 'site: demo\ncollectors: [{ name: demo, type: simulator, site: demo, warmup: 865s }]\n';
const WALL =
	'language: de\ntiles: [{ type: overview, width: 9, height: 3 }, { type: violations, width: 3, height: 6 }]\n';
const WIDTHS = [1440, 390] as const;
const ALL = { mayRead: true, mayReadAll: true, mayAdminister: true, hasModels: true };

/** A copy of the product whose English is the pseudo-language, built like any other; its German is German. */
function copyOf(folder: string): void {
	for (const name of SOURCES) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
	symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
	const messages = join(folder, 'src/messages/en');
	for (const name of readdirSync(messages))
		writeFileSync(join(messages, name), pseudo(readFileSync(join(messages, name), 'utf8')));
	const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
	const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: folder, encoding: 'utf8' });
	if (built.status !== 0) throw new Error(`cannot build the pages: ${built.stderr}`);
}

async function pathsOf(product: Product): Promise<readonly string[]> {
	const violation = await until(
		async () => (await product.get<ApiList<ApiViolation>>('/api/v1/violations?site=demo')).items[0],
		300_000,
	);
	const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=2&site=demo');
	const stream = `/streams/${items[0]?.id}`;
	return [
		...placesFor(ALL)
			.map(({ href }) => href)
			.filter((href) => !href.startsWith('/api')),
		...[stream, `${stream}/plan`, `/violations/${violation.id}`, '/violations/causes', '/violations/figures'],
		`/explore?streams=${items.map(({ id }) => id).join(',')}`,
		...['/boards/assets', '/boards/site', '/wall/site', '/account', '/set-up', '/no-such-page'],
	];
}

interface Seen {
	readonly language: string;
	readonly texts: readonly string[];
	/** Pixels that the page is wider than its window. */
	readonly beyond: number;
}

/** What can be read or heard on the page, but for names, code, and what the server says in English. */
async function look(page: Page, url: string): Promise<Seen> {
	await page.goto(url);
	await page.locator('h1, h2, [data-tile]').first().waitFor({ state: 'attached' });
	await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined);
	return page.evaluate(() => {
		const apart = 'code, kbd, pre, script, style, noscript, svg, [lang="en"] [lang="en"], body [lang="en"]';
		const texts = new Set<string>();
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walker.nextNode())
			if (!walker.currentNode.parentElement?.closest(apart)) texts.add(walker.currentNode.nodeValue ?? '');
		for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
			for (const element of document.querySelectorAll(`[${name}]`))
				if (!element.closest(apart)) texts.add(element.getAttribute(name) ?? '');
		const root = document.documentElement;
		return {
			language: root.lang,
			texts: [...texts].map((text) => text.trim().replaceAll(/\s+/g, ' ')).filter((text) => text !== ''),
			beyond: root.scrollWidth - root.clientWidth,
		};
	});
}

function messagesOf(language: string): ReadonlyMap<string, string> {
	const folder = join(ROOT, 'src/messages', language);
	const all = readdirSync(folder).flatMap((name) =>
		Object.entries(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>),
	);
	return new Map(all.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

describe.skipIf(noBrowser)(`every page${browserNote}`, { timeout: 600_000 }, () => {
	const folder = tempFolder('languages');
	const root = tempFolder('pseudo');
	let browser: Browser;
	let product: Product;
	let paths: readonly string[];
	beforeAll(async () => {
		mkdirSync(join(folder, 'walls'));
		writeFileSync(join(folder, 'sigmascope.yaml'), CONFIG);
		writeFileSync(join(folder, 'walls/halle.yaml'), WALL);
		copyOf(root);
		const env = { SIGMASCOPE_CONFIG: join(folder, 'sigmascope.yaml') };
		[browser, product] = await Promise.all([launchBrowser(), startProduct({ env, root })]);
		paths = await pathsOf(product);
	}, 500_000);
	afterAll(async () => {
		await browser.close();
		await product.stop();
		for (const one of [product.dataFolder, folder, root]) removeFolder(one);
	});

	async function walk(locale: string, check: (seen: Seen) => readonly string[]): Promise<readonly string[]> {
		const faults: string[] = [];
		for (const width of WIDTHS) {
			const { page, context } = await openPage(browser, { locale, viewport: { width, height: 900 } });
			await page.goto(product.startLink);
			for (const path of paths) {
				const seen = await look(page, product.url + path);
				const beyond = seen.beyond > 0 ? [`${seen.beyond} pixels too wide`] : [];
				faults.push(...[...check(seen), ...beyond].map((fault) => `${path} at ${width}: ${fault}`));
			}
			await context.close();
		}
		return faults;
	}

	it('speaks German to who asks for it, with nothing left in English, and fits', async () => {
		const german = messagesOf('de');
		const english = new Map(
			[...messagesOf('en')]
				.filter(([key, text]) => german.get(key) !== text && /\p{L}{4}/u.test(text))
				.map(([key, text]) => [text, key]),
		);
		for (const text of german.values()) english.delete(text);
		const faults = await walk('de-AT', ({ language, texts }) => [
			...(language === 'de' ? [] : [`its language is ${language}`]),
			...texts.filter((text) => english.has(text)).map((text) => `"${text}" is English (${english.get(text)})`),
		]);
		expect(faults).toEqual([]);
	});

	it('has no words that are no messages, and fits when they are 40 % longer', async () => {
		const strange = (text: string) => /\p{L}{3,} \p{L}{3,} \p{L}{2,}/u.test(text) && !/[äëïöüÿçñšž]/i.test(text);
		const faults = await walk('en-GB', ({ texts }) => texts.filter(strange).map((text) => `"${text}" is no message`));
		expect(faults).toEqual([]);
	});

	it('is in the language that was chosen under Settings, from the first byte on', async () => {
		const { page, context } = await openPage(browser, { locale: 'en-GB' });
		await page.goto(product.startLink);
		await page.goto(`${product.url}/settings`);
		await page.getByLabel('Deutsch').check();
		await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
		expect(await (await page.request.get(`${product.url}/settings`)).text()).toContain('<html lang="de"');
		await page.reload();
		await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
		await context.close();
	});

	it('of a wall is in the language of its file, whatever the browser asks for', async () => {
		const { page, context } = await openPage(browser, { locale: 'en-GB' });
		await page.goto(product.startLink);
		await page.goto(`${product.url}/wall/halle`);
		await page.getByText('Wie alles steht').first().waitFor();
		expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
		await context.close();
	});
});
