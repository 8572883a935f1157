import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { axeFaults } from './axe.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

describe.skipIf(noBrowser)(`a source is added on the page${browserNote}`, () => {
	let product: Product;
	let browser: Browser;
	let device: Server;
	let address: string;
	let count = 0;
	beforeAll(async () => {
		device = createServer((_, response) => response.end(JSON.stringify({ count: ++count, on: true, name: 'x' })));
		device.listen(0, '127.0.0.1');
		await once(device, 'listening');
		address = `127.0.0.1:${(device.address() as AddressInfo).port}`;
		const env = { SIGMASCOPE_DEMO: '1', SIGMASCOPE_ALLOW_ADDRESSES: address };
		product = await startProduct({ dataFolder: tempFolder('sources'), env });
		browser = await launchBrowser();
	}, 60_000);
	afterAll(async () => {
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
		device.close();
	});
	const search = async (page: Page, url: string) => {
		await page.getByLabel('Type').selectOption('http-poll');
		await page.getByLabel('Name', { exact: true }).fill('device');
		await page.getByLabel('Address').fill(url);
		await page.getByLabel('Every').fill('100ms');
		await page.getByRole('button', { name: 'Search what is there' }).click();
	};
	const isWithin = (page: Page) => page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth');

	it('found, chosen, read live and written down, for everybody', { timeout: 90_000 }, async () => {
		const { page, errors } = await openPage(browser);
		await page.goto(product.startLink);
		await page.goto(`${product.url}/collectors`);
		await shown(page, 'Reading');
		expect(await axeFaults(page)).toEqual([]);
		await page.getByRole('link', { name: 'Add a source' }).click();
		await search(page, `http://${address}/`);
		await page.getByRole('checkbox', { name: 'Take $.count' }).check();
		await page.getByRole('button', { name: 'Read it now' }).click();
		await shown(page, /A counter\./);
		expect(await axeFaults(page)).toEqual([]);
		expect(await page.locator('pre').textContent()).toContain('- { path: "$.count", stream: device/count }');
		await page.setViewportSize({ width: 390, height: 844 });
		await until(() => isWithin(page));
		expect(errors).toEqual([]);
	});
	it('not where the operator has not allowed it, with what to do', { timeout: 60_000 }, async () => {
		const { page } = await openPage(browser);
		await page.goto(product.startLink);
		await page.goto(`${product.url}/collectors/new`);
		await search(page, 'http://127.0.0.1:9/');
		await shown(page, /private network; an operator allows it with SIGMASCOPE_ALLOW_ADDRESSES/);
		await search(page, 'no address');
		await shown(page, /Write an address: http/);
	});
});
