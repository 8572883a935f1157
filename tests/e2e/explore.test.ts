import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import { createNormal } from '#rules/testing/random.ts';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { axeFaults } from './axe.ts';
import { browserNote, chartBox, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const SECOND = 1_000_000;
const END = Date.now() * 1000 - 60 * SECOND;
const normal = createNormal(3);
const KEYS = ['line-1/force', 'line-2/force', 'line-2/heat'];
const COUNT = 200;

describe.skipIf(noBrowser)(`finding one's way in a real browser${browserNote}`, { timeout: 60_000 }, () => {
	let product: Product;
	let browser: Browser;
	let page: Page;
	let context: BrowserContext;
	let errors: string[];
	let ids: string[];

	beforeAll(async () => {
		[product, browser] = await Promise.all([startProduct(), launchBrowser()]);
		const points = KEYS.flatMap((stream, s) =>
			Array.from({ length: COUNT }, (_, i) => ({
				...{ stream, t: END - (COUNT - i) * SECOND, unit: s === 2 ? '°C' : 'kN' },
				v: 50 + 10 * s + normal() + (s === 0 && i === COUNT - 5 ? 12 : 0),
			})),
		);
		const body = points.map((point) => JSON.stringify(point)).join('\n');
		const headers = { 'content-type': 'application/x-ndjson' };
		await product.request('/api/v1/points', { method: 'POST', headers, body });
		ids = await until(async () => {
			const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams');
			const judged = KEYS.map((key) => items.find((stream) => stream.key === key && stream.state !== 'learning')?.id);
			return judged.every((id) => id !== undefined) ? (judged as string[]) : undefined;
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

	const explore = (query: string) => page.goto(`${product.url}/explore?${query}`);

	it('puts streams that are chosen on one time axis, with all of it in the address', async () => {
		await explore('');
		await shown(page, 'Several streams on one time axis');
		await page.getByLabel('Find streams').fill('force');
		await page.getByRole('button', { name: 'Add 2' }).click();
		await page.getByRole('img', { name: /^line-1\/force from/ }).waitFor();
		await page.getByRole('button', { name: '15m', exact: true }).click();
		const row = page.getByRole('row', { name: /line-1\/force/ });
		await until(async () => (await row.innerText()).includes(`\t${COUNT}\t`));
		await until(() => new URL(page.url()).search === `?streams=${ids[0]},${ids[1]}&last=15m`);
		// Points with a signal: the last column of numbers.
		expect(Number((await row.getByRole('cell').allInnerTexts()).at(-2))).toBeGreaterThan(0);
		await page.getByRole('button', { name: 'Remove line-2/force' }).click();
		await until(() => new URL(page.url()).searchParams.get('streams') === ids[0]);
	});
	it('draws them in sigmas, where units differ, and as bands', async () => {
		await explore(`streams=${ids.join(',')}&last=15m&view=overlay`);
		await shown(page, /share one scale here/);
		await page.getByLabel('Scale').selectOption('In sigmas');
		await shown(page, /σ from each stream/);
		await page.getByLabel('Show').selectOption('Percentile bands');
		await shown(page, /four fifths of the streams/);
		expect(await axeFaults(page)).toEqual([]);
	});
	it('looks closer where somebody drags', async () => {
		await explore(`streams=${ids[0]}&last=15m`);
		await page.getByRole('row', { name: /line-1\/force/ }).waitFor();
		const box = await chartBox(page);
		await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
		await page.mouse.down();
		await page.mouse.move(box.x + box.width * 0.9, box.y + 40, { steps: 4 });
		await page.mouse.up();
		const span = await until(() => {
			const { searchParams } = new URL(page.url());
			const [from, to] = [searchParams.get('from'), searchParams.get('to')];
			return from && to ? Date.parse(to) - Date.parse(from) : undefined;
		});
		expect(span / 900_000).toBeCloseTo(0.4, 1);
	});
	it('is kept under a name, and found again', async () => {
		await explore(`streams=${ids[0]}&last=15m&view=overlay`);
		await page.getByLabel('Name of the view').fill('Force at night');
		await page.getByRole('button', { name: 'Keep', exact: true }).click();
		await page.getByRole('button', { name: 'Force at night', exact: true }).waitFor();
		await explore('');
		await page.getByRole('button', { name: 'Force at night', exact: true }).click();
		await until(() => new URL(page.url()).search === `?streams=${ids[0]}&last=15m&view=overlay`);
	});
	it('says of a stream that there is none', async () => {
		await explore('streams=4000000');
		await shown(page, /Stream 4000000 does not exist/);
		errors = errors.filter((line) => !line.includes('404'));
	});
	it('finds streams, pages and words by keyboard alone', async () => {
		await page.getByRole('heading', { name: /./ }).first().waitFor();
		await page.keyboard.press('Control+k');
		await page.getByRole('combobox', { name: 'Find' }).fill('heat');
		await page.getByRole('option', { name: /line-2\/heat/ }).waitFor();
		expect(await axeFaults(page)).toEqual([]);
		await page.keyboard.press('Enter');
		await page.waitForURL(`**/streams/${ids[2]}`);
		await page.keyboard.press('Control+k');
		await page.getByRole('combobox', { name: 'Find' }).fill('cpk');
		await page.keyboard.press('Enter');
		await page.waitForURL('**/glossary#capability');
		expect(await axeFaults(page)).toEqual([]);
	});
	it('keeps how the pages look, on another device too', async () => {
		await page.goto(`${product.url}/settings`);
		const kept = page.waitForResponse((response) => response.request().method() === 'PUT');
		await page.getByLabel('Grey').check();
		expect((await kept).status()).toBe(200);
		expect(await axeFaults(page)).toEqual([]);
		const other = await openPage(browser);
		await other.page.goto(product.startLink);
		await until(async () => (await other.page.locator('html').getAttribute('data-theme')) === 'grey');
		await other.context.close();
	});
});
