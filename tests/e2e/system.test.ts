import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

describe.skipIf(noBrowser)(`the System page${browserNote}`, () => {
	let product: Product;
	let browser: Browser;
	beforeAll(async () => {
		product = await startProduct({ dataFolder: tempFolder('system'), env: { SIGMASCOPE_DEMO: '1' } });
		browser = await launchBrowser();
	}, 60_000);
	afterAll(async () => {
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
	});

	it(
		'says that everything runs, and when it does not, what that does and what to do',
		{ timeout: 60_000 },
		async () => {
			const { page, errors } = await openPage(browser);
			await page.goto(product.startLink);
			await page.getByRole('button', { name: 'More' }).click();
			await page.getByRole('menuitem', { name: /^System/ }).click();
			await shown(page, 'Everything runs');
			expect(await page.getByText('Reading').count()).toBe(1);
			const before = await until(() => product.children('embedded/main.ts')[0]);
			process.kill(before, 'SIGKILL');
			await shown(page, /store ended \(SIGKILL\); starting it again/);
			await shown(page, 'Everything runs');
			await shown(page, 'Store started again');
			expect(errors).toEqual([]);
		},
	);
	it('says in words to everybody whether it works, and leads on from an address that is none', async () => {
		const { page } = await openPage(browser);
		await page.goto(product.startLink);
		await page.goto(`${product.url}/status`);
		await shown(page, 'Everything works');
		// Of the process that was killed above: since then it works again.
		await shown(page, /^since \d\d:\d\d:\d\d$/);
		await page.goto(`${product.url}/start`);
		await page.getByRole('listitem').filter({ hasText: 'A first point comes in' }).getByText('done').waitFor();
		expect(await page.getByRole('listitem').filter({ hasText: 'Invite a colleague' }).getByText('done').count()).toBe(
			0,
		);
		await page.getByRole('tab', { name: 'MQTT' }).click();
		await shown(page, 'mqtt://localhost:1883');
		await page.goto(`${product.url}/no-such-page`);
		await shown(page, 'Nothing is at /no-such-page.');
		await page.getByRole('link', { name: 'To the overview' }).click();
		await page.waitForURL(`${product.url}/`);
	});
	it('fits a telephone', async () => {
		const { page } = await openPage(browser, { viewport: { width: 390, height: 844 } });
		await page.goto(product.startLink);
		await page.goto(`${product.url}/system`);
		await shown(page, 'Latest warnings');
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
	});
	it('speaks and writes as somebody chose, at once and after a reload', async () => {
		const { page, errors } = await openPage(browser, { timezoneId: 'Asia/Tokyo' });
		await page.goto(product.startLink);
		await page.goto(`${product.url}/settings`);
		await page.getByLabel('Deutsch').check();
		await page.getByLabel('12 Stunden').check();
		await page.getByLabel('UTC').check();
		await page.getByLabel('Mit Punkt').check();
		for (const visit of [() => page.goto(`${product.url}/system`), () => page.reload()]) {
			await visit();
			await shown(page, 'Alles läuft');
			await shown(page, /^0\.0\/s$/);
			const clock = await page.getByRole('banner').getByRole('time').innerText();
			const hours = new Date().getUTCHours();
			expect(clock).toMatch(new RegExp(`\\b${hours % 12 || 12}:\\d\\d:\\d\\d\\s${hours < 12 ? 'AM' : 'PM'}\\s+UTC`));
		}
		expect(errors).toEqual([]);
	});
	it('tells who sees one site only that it is about the server', async () => {
		const answer = await product.request('/api/v1/keys', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ name: 'reader', site: 'demo', scopes: ['read'] }),
		});
		const { key } = (await answer.json()) as { key: string };
		const refused = await fetch(`${product.url}/api/v1/system`, { headers: { authorization: `Bearer ${key}` } });
		expect(refused.status).toBe(403);
	});
});
