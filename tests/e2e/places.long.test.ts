import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ApiList, ApiStream, ApiViolation } from '#contracts/api.ts';
import { placesFor } from '#lib/components/shell/places.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { axeFaults } from './axe.ts';
import { browserNote, launchBrowser, noBrowser, openPage } from './browser.ts';

const THEMES = ['light', 'dark', 'grey', 'contrast'] as const;
const ALL = { mayRead: true, mayReadAll: true, mayAdminister: true, hasModels: true };
const WALL = `
theme: THEME
sound: off
tiles:
  - { type: chart, stream: "*/*", most: 2, width: 6, height: 3 }
  - { type: number, stream: "*/*", most: 2, width: 3, height: 3 }
  - { type: asset, width: 3, height: 3 }
  - { type: violations, width: 5, height: 3 }
  - { type: overview, level: 1, width: 3, height: 3 }
  - { type: overview, level: 2, width: 3, height: 3 }
  - { type: overview, level: 3, width: 3, height: 3 }
  - { type: clock, width: 3, height: 2 }
`;
/** The demo, so far that something is wrong. */
const CONFIG = 'site: demo\ncollectors: [{ name: demo, type: simulator, site: demo, warmup: 865s }]\n';
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

/** Every page of the menu, of one stream, one violation, one board and one wall: in each theme, at a desk and on a phone. */
describe.skipIf(noBrowser)(`every page${browserNote}`, { timeout: 600_000 }, () => {
	const folder = tempFolder('places');
	let product: Product;
	let browser: Browser;
	let paths: readonly string[];

	beforeAll(async () => {
		for (const kind of ['walls', 'dashboards']) mkdirSync(join(folder, kind));
		writeFileSync(join(folder, 'sigmascope.yaml'), CONFIG);
		for (const theme of ['dark', 'grey'])
			writeFileSync(join(folder, `walls/${theme}.yaml`), WALL.replace('THEME', theme));
		writeFileSync(join(folder, 'dashboards/desk.yaml'), WALL.replace('theme: THEME\nsound: off\n', ''));
		const env = { SIGMASCOPE_CONFIG: join(folder, 'sigmascope.yaml') };
		[product, browser] = await Promise.all([startProduct({ env }), launchBrowser()]);
		const violation = await until(
			async () => (await product.get<ApiList<ApiViolation>>('/api/v1/violations?site=demo')).items[0],
			300_000,
		);
		const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1');
		const stream = `/streams/${items[0]?.id}`;
		const menu = placesFor(ALL).map(({ href }) => href);
		paths = [
			...menu.filter((href) => !href.startsWith('/api')),
			...[stream, `${stream}/plan`, `/violations/${violation.id}`, '/violations/causes', '/violations/figures'],
			...['/boards/desk', '/boards/assets', '/set-up', '/pair', '/welcome?link=none', '/no-such-page'],
		];
	}, 400_000);
	afterAll(async () => {
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
		removeFolder(folder);
	});

	async function open(theme: string, size: keyof typeof SIZES): Promise<{ page: Page; context: BrowserContext }> {
		const opened = await openPage(browser, { viewport: SIZES[size], reducedMotion: 'reduce' });
		await opened.page.addInitScript((name) => localStorage.setItem('sigmascope.theme', name), theme);
		await opened.page.goto(product.startLink);
		await opened.page.getByRole('button', { name: /^Account:/ }).waitFor();
		return opened;
	}

	/** When what it waits for has come. @returns what is on the page instead, where that is nothing of ours */
	async function settle(page: Page, path: string): Promise<string | undefined> {
		await page.goto(product.url + path);
		const heading = page.locator('h1, h2, [data-tile]').first();
		const isThere = await heading.waitFor({ state: 'attached' }).then(
			() => true,
			() => false,
		);
		await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined);
		return isThere ? undefined : `${path} has no heading: ${(await page.locator('body').innerText()).slice(0, 200)}`;
	}

	for (const theme of THEMES)
		it(`${theme}: keeps to WCAG 2.1 A and AA, and nothing is wider than the screen`, async () => {
			const faults: string[] = [];
			for (const size of ['desk', 'phone'] as const) {
				const { page, context } = await open(theme, size);
				for (const path of paths) {
					const nothing = await settle(page, path);
					if (nothing !== undefined) faults.push(nothing);
					// On a phone the colours are those of the desk: only what moves is looked at again.
					if (size === 'desk') faults.push(...(await axeFaults(page)).map((fault) => `${path} ${fault}`));
					const width = await page.evaluate(() => document.documentElement.scrollWidth);
					if (width > SIZES[size].width) faults.push(`${path} is ${width} wide on a ${size}`);
				}
				await context.close();
			}
			expect(faults).toEqual([]);
		});

	for (const theme of ['dark', 'grey'])
		it(`a ${theme} wall keeps to WCAG 2.1 A and AA`, async () => {
			const { page, context } = await open('dark', 'desk');
			await page.setViewportSize({ width: 1920, height: 1080 });
			await settle(page, `/wall/${theme}`);
			await page.locator('[data-tile="chart"] canvas').first().waitFor();
			expect(await axeFaults(page)).toEqual([]);
			await context.close();
		});
});
