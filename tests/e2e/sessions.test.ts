import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import type { ApiSession } from '#contracts/recording.ts';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { axeFaults } from './axe.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const COUNT = 150;

describe.skipIf(noBrowser)(`sessions in a real browser${browserNote}`, { timeout: 60_000 }, () => {
	let product: Product;
	let browser: Browser;
	let page: Page;
	let context: BrowserContext;
	let errors: string[];

	beforeAll(async () => {
		[product, browser] = await Promise.all([startProduct(), launchBrowser()]);
		const nowMs = Date.now();
		const lines = Array.from({ length: COUNT }, (_, i) => {
			const t = (nowMs - (COUNT - i) * 1000) * 1000;
			return JSON.stringify({ stream: 'press/force', t, v: 20 + (i % 7) / 10, unit: 'kN' });
		});
		const headers = { 'content-type': 'application/x-ndjson' };
		await product.request('/api/v1/points', { method: 'POST', headers, body: lines.join('\n') });
		await until(async () => {
			const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams');
			return items.find(({ key, state }) => key === 'press/force' && state !== 'learning');
		});
	});
	afterAll(async () => {
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
	});
	beforeEach(async () => {
		({ page, context, errors } = await openPage(browser));
		await page.goto(product.startLink);
	});
	afterEach(async () => {
		expect(errors).toEqual([]);
		await context.close();
	});

	const sessions = async () => (await product.get<ApiList<ApiSession>>('/api/v1/sessions')).items;

	it('are made, written about, taken along and ended', async () => {
		await page.goto(`${product.url}/sessions`);
		await page.getByRole('button', { name: 'New session' }).click();
		await page.getByLabel('Name', { exact: true }).fill('Warm-up');
		await page.getByText('Cut from history', { exact: true }).click();
		await page.getByLabel('press/force').check();
		expect(await axeFaults(page)).toEqual([]);
		await page.getByRole('button', { name: 'Make session' }).click();
		await shown(page, 'Take it with you');
		const chart = page.getByRole('img', { name: 'Control charts' });
		await until(() => chart.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0));
		await page.getByLabel('Notes').fill('New tool');
		await page.getByLabel('Notes').blur();
		await until(async () => (await sessions())[0]?.notes === 'New tool');
		expect(await axeFaults(page)).toEqual([]);
		const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
		expect(file.suggestedFilename()).toMatch(/^Warm-up-.*\.csv$/);
		expect((await readFile(await file.path(), 'utf8')).trimEnd().split('\n')).toHaveLength(COUNT + 1);
	});
	it('are recorded from the page of a stream until somebody ends them', async () => {
		await page.goto(`${product.url}/`);
		await page.getByText('force', { exact: true }).first().click();
		await page.locator('summary', { hasText: 'Export' }).click();
		await page.getByRole('link', { name: 'make a session' }).click();
		await page.getByLabel('Name', { exact: true }).fill('Live');
		await page.getByRole('button', { name: 'Start recording' }).click();
		await page.getByRole('button', { name: 'End recording' }).click();
		await until(async () => (await sessions()).find(({ name }) => name === 'Live')?.to);
	});
});
