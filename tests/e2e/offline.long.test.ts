import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

describe.skipIf(noBrowser)(`without a server${browserNote}`, () => {
	let product: Product;
	let browser: Browser;

	beforeAll(async () => {
		product = await startProduct({ dataFolder: tempFolder('offline') });
		browser = await launchBrowser();
		await product.request('/api/v1/points', { method: 'POST', body: '{"stream":"press-1/temperature","v":21.5}\n' });
	}, 60_000);
	afterAll(async () => {
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
	});

	async function menu(page: Page, item: string): Promise<void> {
		await page.getByRole('button', { name: /^Account:/ }).click();
		await page.locator('#account-menu').getByText(item, { exact: true }).click();
	}

	it('a visit shows what was known last and how old it is; after signing out nothing', async () => {
		const { page } = await openPage(browser, { locale: 'en-GB' });
		await page.goto(product.startLink);
		await menu(page, 'Create the first account');
		await page.getByLabel('Name').fill('Olga Owner');
		await page.getByLabel('E-mail').fill('olga@plant.example');
		await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple');
		await page.getByRole('button', { name: 'Create the account' }).click();
		await shown(page, 'Who has a role here');
		await page.goto(product.url);
		await shown(page, 'temperature');
		const kept = () => page.evaluate(async () => (await caches.match('/last-state'))?.text());
		await until(async () => (await kept())?.includes('press-1/temperature'));
		await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
		const port = Number(new URL(product.url).port);
		await product.stop();

		await page.reload();
		await shown(page, /As of \d\d:\d\d:\d\d, .+ ago\. Nothing here is newer\./);
		await shown(page, 'press-1/temperature');
		product = await startProduct({ dataFolder: product.dataFolder, port });
		await page.getByRole('link', { name: 'Try now' }).click();
		await page.getByRole('button', { name: /^Account:/ }).waitFor();

		await menu(page, 'Sign out');
		await shown(page, 'Sign in');
		expect(await kept()).toBeUndefined();
		await product.stop();
		await page.reload();
		await shown(page, /Nothing is kept in this browser/);
		expect(await page.getByText('press-1').count()).toBe(0);
	});
});
