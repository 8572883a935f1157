import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiStream, ApiViolation } from '#contracts/api.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

describe.skipIf(noBrowser)(`an empty product with a configuration${browserNote}`, () => {
	let product: Product;
	let browser: Browser;
	const dataFolder = tempFolder('demo');

	beforeAll(async () => {
		const file = join(dataFolder, 'sigmascope.yaml');
		writeFileSync(file, 'site: plant\n');
		[product, browser] = await Promise.all([
			startProduct({ dataFolder: join(dataFolder, 'data'), env: { SIGMASCOPE_CONFIG: file } }),
			launchBrowser(),
		]);
	}, 60_000);
	afterAll(async () => {
		await browser.close();
		await product.stop();
		removeFolder(dataFolder);
	});

	const ofDemo = async () =>
		(await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000')).items.filter(({ site }) => site === 'demo');

	it('shows a plant after one click, and nothing of it after another one', async () => {
		const { page, errors, context } = await openPage(browser);
		await page.goto(product.startLink);
		await page.getByRole('button', { name: 'Start the demo' }).click();
		await page.locator('canvas').first().waitFor();
		expect((await ofDemo()).length).toBeGreaterThan(20);
		await page.goto(`${product.url}/start`);
		await page.getByRole('button', { name: 'End it and remove its streams' }).click();
		await shown(page, 'The demo has ended, its streams are removed.');
		expect(await ofDemo()).toEqual([]);
		const { items } = await product.get<ApiList<ApiViolation>>('/api/v1/violations');
		expect(items.filter(({ stream }) => stream.site === 'demo')).toEqual([]);
		expect(errors).toEqual([]);
		await context.close();
	});
});
