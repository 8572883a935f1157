import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const OWNER = { name: 'Olga Owner', email: 'olga@plant.example', password: 'correct horse battery staple' };

describe.skipIf(noBrowser)(`people${browserNote}`, () => {
	let product: Product;
	let browser: Browser;
	let owner: Page;
	const errors: string[] = [];

	beforeAll(async () => {
		product = await startProduct({ dataFolder: tempFolder('identity') });
		browser = await launchBrowser();
		const opened = await openPage(browser);
		owner = opened.page;
		errors.push(...opened.errors);
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

	it('the start link leads to the first account, and opens nothing after it', async () => {
		await owner.goto(product.startLink);
		await menu(owner, 'Create the first account');
		await owner.getByLabel('Name').fill(OWNER.name);
		await owner.getByLabel('E-mail').fill(OWNER.email);
		await owner.getByLabel('Password', { exact: true }).fill('short');
		await owner.getByRole('button', { name: 'Create the account' }).click();
		await shown(owner, /Has 5 characters/);
		await owner.getByLabel('Password', { exact: true }).fill(OWNER.password);
		await owner.getByRole('button', { name: 'Create the account' }).click();
		await shown(owner, 'Who has a role here');
		const { page: late } = await openPage(browser);
		await late.goto(product.startLink);
		await shown(late, 'Sign in');
		expect(await late.getByText('press-1').count()).toBe(0);
	});

	it('an invitation is taken, and its taker sees what the role allows', async () => {
		await owner.goto(`${product.url}/people`);
		await owner.getByLabel('Name').fill('Vera Viewer');
		await owner.getByLabel('E-mail').fill('vera@plant.example');
		await owner.getByLabel('Role 1', { exact: true }).selectOption('viewer');
		await owner.getByRole('button', { name: 'Invite' }).click();
		const link = await owner.getByLabel('Link for Vera Viewer').last().inputValue();
		await shown(owner, 'Invited, has not come yet');
		const { page: vera } = await openPage(browser, { viewport: { width: 390, height: 844 } });
		await vera.goto(link);
		await shown(vera, 'Welcome, Vera Viewer');
		await vera.getByLabel('Password', { exact: true }).fill('four words that I know');
		await vera.getByRole('button', { name: 'Set the password and sign in' }).click();
		await shown(vera, 'temperature');
		expect(await vera.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
		await vera.getByRole('button', { name: /^Account:/ }).click();
		expect(await vera.locator('#account-menu').getByText('People').count()).toBe(0);
		await vera.goto(`${product.url}/people`);
		await shown(vera, /needs the right "admin"/);
		await vera.goto(link);
		await shown(vera, 'This link does not work');
	});

	it('signing in with a wrong password says nothing about which is wrong; with the right one it opens', async () => {
		const { page } = await openPage(browser);
		await page.goto(product.url);
		await page.getByLabel('E-mail').fill('nobody@plant.example');
		await page.getByLabel('Password', { exact: true }).fill('a wrong password');
		await page.keyboard.press('Enter');
		await shown(page, 'This address and password do not go together.');
		await page.getByLabel('E-mail').fill('VERA@plant.example');
		await page.getByLabel('Password', { exact: true }).fill('four words that I know');
		await page.keyboard.press('Enter');
		await shown(page, 'temperature');
	});

	it('who is shut out sees the sign-in page within seconds, without touching anything', async () => {
		const { page } = await openPage(browser);
		await page.goto(product.url);
		await page.getByLabel('E-mail').fill('vera@plant.example');
		await page.getByLabel('Password', { exact: true }).fill('four words that I know');
		await page.keyboard.press('Enter');
		await shown(page, 'Live');
		await owner.goto(`${product.url}/people`);
		const row = owner.locator('li', { hasText: 'vera@plant.example' });
		await row.getByRole('button', { name: 'Shut out' }).click();
		await shown(owner, /may not sign in/);
		await shown(page, 'No account, or the password forgotten?');
	});

	it('a key is made, works, and is removed', async () => {
		await menu(owner, 'Keys');
		await shown(owner, 'Create a key');
		await owner.getByLabel('Name', { exact: true }).fill('telegraf');
		await owner.getByRole('button', { name: 'Create the key' }).click();
		const key = await owner.getByLabel('The key telegraf').last().inputValue();
		const me = () => fetch(`${product.url}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } });
		expect((await me()).status).toBe(200);
		await owner.getByRole('button', { name: 'Remove telegraf', exact: true }).click();
		await owner.getByRole('button', { name: 'Remove telegraf for good' }).click();
		await until(async () => (await me()).status === 401);
	});

	it('a screen on the wall is let in by its code, shows charts, and is put out with its key', async () => {
		const { page: wall } = await openPage(browser, { viewport: { width: 1920, height: 1080 } });
		await wall.goto(product.url);
		await wall.getByRole('link', { name: 'This is a screen on the wall' }).click();
		const code = await until(async () => /^\w{3}-\w{3}$/.exec(await wall.getByLabel('Code').innerText())?.[0]);
		await owner.getByLabel('Code').fill(code);
		await owner.getByLabel('Name of the screen').fill('Wall of line 3');
		await owner.getByRole('button', { name: 'Let it in' }).click();
		await shown(owner, 'Wall of line 3 is let in.');
		await shown(wall, 'temperature');
		await wall.goto(`${product.url}/people`);
		await shown(wall, /needs the right "admin"/);
		await owner.getByRole('button', { name: 'Remove Wall of line 3', exact: true }).click();
		await owner.getByRole('button', { name: 'Remove Wall of line 3 for good' }).click();
		await shown(wall, 'This is a screen on the wall');
	});

	it('the audit says all of it, and that it is complete', async () => {
		await menu(owner, 'Audit');
		await shown(owner, 'Check that it is complete');
		for (const text of [
			'Created a key',
			'Removed a key',
			'Sign-in refused',
			'Changed a person',
			'mayEnter: true → false',
		])
			await shown(owner, text);
		await owner.getByRole('button', { name: 'Check that it is complete' }).click();
		await shown(owner, /follow from each other/);
	});

	it('signing out leads to the sign-in page, on every tab', async () => {
		const other = await owner.context().newPage();
		await other.goto(product.url);
		await shown(other, 'temperature');
		await menu(owner, 'Sign out');
		await shown(owner, 'No account, or the password forgotten?');
		await shown(other, 'No account, or the password forgotten?');
		expect(errors).toEqual([]);
	});
});
