import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { alarmPixels, browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const KEY = 'press-1/temperature';
const START_MICROS = Date.now() * 1000 - 600_000_000;
const at = (nth: number) => START_MICROS + nth * 1_000_000;

/** Fixed noise without outliers: a sum of waves whose periods share nothing, so that neighbours are not alike. */
const calm = (nth: number) => 50 + Math.sin(nth * 2.1) * 0.6 + Math.sin(nth * 1.3 + 1) * 0.3;

describe.skipIf(noBrowser)(`a stream in a real browser${browserNote}`, () => {
	let product: Product;
	let browser: Browser;

	beforeAll(async () => {
		[product, browser] = await Promise.all([startProduct(), launchBrowser()]);
		await send(Array.from({ length: 130 }, (_, nth) => ({ stream: KEY, t: at(nth), v: calm(nth), unit: '°C' })));
	});
	afterAll(async () => {
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
	});

	async function send(points: readonly object[]): Promise<void> {
		const body = points.map((point) => JSON.stringify(point)).join('\n');
		const response = await product.request('/api/v1/points', {
			method: 'POST',
			headers: { 'content-type': 'application/x-ndjson' },
			body,
		});
		expect(response.status, await response.text()).toBe(202);
	}

	async function stream(): Promise<ApiStream> {
		return until(async () => {
			const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams');
			return items.find((one) => one.key === KEY && one.state !== 'learning');
		});
	}

	it('opens by the start link, which does not stay in the address', async () => {
		const { page, context, errors } = await openPage(browser);
		await page.goto(product.startLink);
		await shown(page, 'temperature');
		expect(page.url()).toBe(`${product.url}/`);
		expect(errors).toEqual([]);
		await context.close();
	});

	it('shows nobody anything without the link', async () => {
		const { page, context } = await openPage(browser);
		await page.goto(product.url);
		await page
			.getByText(/start link/i)
			.first()
			.waitFor();
		expect(await page.content()).not.toContain(KEY);
		await context.close();
	});

	it('shows an outlier as a mark on the chart and as an entry in the list while the page is open', async () => {
		const { page, context, errors } = await openPage(browser);
		await page.goto(product.startLink);
		await page.goto(`${product.url}/streams/${(await stream()).id}`);
		await shown(page, 'Upper limit');
		await page.locator('canvas').first().waitFor();
		expect(await alarmPixels(page)).toBe(0);

		await send([{ stream: KEY, t: at(131), v: 58, unit: '°C' }]);
		await shown(page, 'One point beyond 3 sigma');
		await until(async () => (await alarmPixels(page)) > 20);

		await page.goto(`${product.url}/violations`);
		await shown(page, KEY);
		await shown(page, 'One point beyond 3 sigma');
		expect(errors).toEqual([]);
		await context.close();
	});

	it('shows a line of line protocol sent by hand on the open page', async () => {
		const { page, context } = await openPage(browser);
		await page.goto(product.startLink);
		await shown(page, 'temperature');
		const response = await product.request('/api/v2/write?precision=ns', {
			method: 'POST',
			body: `boiler,line=a level=42.5 ${Date.now()}000000\n`,
		});
		expect(response.status).toBe(204);
		await shown(page, '42.5');
		await context.close();
	});

	it('says that the server is gone, and goes on without a reload when it is back', { timeout: 90_000 }, async () => {
		const { page, context } = await openPage(browser);
		const { id } = await stream();
		await page.goto(product.startLink);
		await page.goto(`${product.url}/streams/${id}`);
		await page.locator('canvas').first().waitFor();
		const port = Number(new URL(product.url).port);
		await product.kill();
		await shown(page, 'No answer from the server');
		product = await startProduct({ dataFolder: product.dataFolder, port });
		await send([{ stream: KEY, t: at(140), v: 51.234, unit: '°C' }]);
		await shown(page, '51.23');
		await context.close();
	});
});
