import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const OWNER = { name: 'Olga Owner', email: 'olga@plant.example', password: 'correct horse battery staple' };
/** More presses of Tab than any page has stops before what is looked for. */
const MOST_STOPS = 120;

/** What is left besides the journeys of overview, stream, violations and search, which have their own files: no mouse is used. */
describe.skipIf(noBrowser)(`by keyboard alone${browserNote}`, { timeout: 120_000 }, () => {
	let product: Product;
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		[product, browser] = await Promise.all([startProduct(), launchBrowser()]);
		await product.request('/api/v1/points', { method: 'POST', body: '{"stream":"press-1/temperature","v":21.5}\n' });
		({ page } = await openPage(browser));
		await page.goto(product.startLink);
		await shown(page, 'temperature');
	});
	afterAll(async () => {
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
	});

	const focused = (by: 'words' | 'href' = 'words') =>
		page.evaluate((what) => {
			const { activeElement: at } = document;
			if (at === document.body) return '';
			if (what === 'href') return at?.getAttribute('href') ?? '';
			return (at?.getAttribute('aria-label') ?? at?.textContent ?? '').trim();
		}, by);

	/** Presses Tab until this has the focus. */
	async function tabTo(text: RegExp, by?: 'href'): Promise<void> {
		for (let i = 0; i < MOST_STOPS; i++) {
			if (text.test(await focused(by))) return;
			await page.keyboard.press('Tab');
		}
		throw new Error(`no press of Tab leads to ${text}`);
	}

	it('the first stop leads past the menu', async () => {
		await page.goto(`${product.url}/settings`);
		await page.locator('h1').first().waitFor();
		await page.keyboard.press('Tab');
		expect(await focused()).toBe('Skip to content');
		await page.keyboard.press('Enter');
		await until(() => new URL(page.url()).hash === '#main');
	});
	it('the menu opens, is walked through and leads somewhere', async () => {
		await page.goto(`${product.url}/`);
		await shown(page, 'temperature');
		await tabTo(/^More/);
		await page.keyboard.press('Enter');
		await page.locator('[role="menuitem"]:focus').waitFor();
		await page.keyboard.type('glo');
		await until(async () => (await focused()).startsWith('Glossary'));
		await page.keyboard.press('Enter');
		await page.waitForURL('**/glossary');
		expect(await page.evaluate(() => getComputedStyle(document.body).pointerEvents)).toBe('auto');
	});
	it('a menu that is left by Escape gives the focus back', async () => {
		await tabTo(/Account:/);
		await page.keyboard.press('Enter');
		await page.getByRole('menu').waitFor();
		await page.keyboard.press('Escape');
		await until(async () => (await focused()).includes('Account:'));
	});
	it('sources of the first steps are tabs, and what is pasted can be read', async () => {
		await page.goto(`${product.url}/start`);
		await page.getByRole('tab', { name: 'curl' }).waitFor();
		await tabTo(/^curl$/);
		await page.keyboard.press('ArrowRight');
		await page.keyboard.press('ArrowRight');
		await shown(page, 'mqtt://localhost:1883');
		await tabTo(/^Copy$/);
	});
	it('an account is made, left, and signed in to', async () => {
		await page.goto(`${product.url}/set-up`);
		await page.getByLabel('Name').focus();
		await page.keyboard.type(OWNER.name);
		await page.keyboard.press('Tab');
		await page.keyboard.type(OWNER.email);
		await page.keyboard.press('Tab');
		await page.keyboard.type(OWNER.password);
		await page.keyboard.press('Enter');
		await shown(page, 'Who has a role here');
		await tabTo(/Account:/);
		await page.keyboard.press('Enter');
		await page.locator('[role="menuitem"]:focus').waitFor();
		await page.keyboard.press('End');
		await until(async () => (await focused()) === 'Sign out');
		await page.keyboard.press('Enter');
		// The only field of the page has the focus.
		await page.getByLabel('E-mail').and(page.locator(':focus')).waitFor();
		await page.keyboard.type(OWNER.email);
		await page.keyboard.press('Tab');
		await page.keyboard.type(OWNER.password);
		await page.keyboard.press('Enter');
		await page.getByRole('button', { name: /^Account:/ }).waitFor();
	});
	it('a stream is opened from its tile, and its plan from there', async () => {
		await page.goto(`${product.url}/`);
		await shown(page, 'temperature');
		await tabTo(/^temperature/);
		await page.keyboard.press('Enter');
		await page.waitForURL('**/streams/*');
		await page.locator('.host').first().waitFor();
		await tabTo(/\/plan$/, 'href');
		await page.keyboard.press('Enter');
		await page.waitForURL('**/plan');
	});
});
