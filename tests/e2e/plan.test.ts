import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiLimits, ApiList, ApiStream } from '#contracts/api.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { createNormal } from '#rules/testing/random.ts';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const KEY = 'openai/ttft';
const MINUTE = 60_000_000;
const END = Date.now() * 1000 - 600 * MINUTE;
/** Latencies: their logarithms are normal, so that three sigma on both sides do not hold. */
const normal = createNormal(7);
const latencies = (count: number, fromMicros: number) =>
	Array.from({ length: count }, (_, i) => ({
		stream: KEY,
		t: fromMicros + i * MINUTE,
		v: Math.round(300 * Math.exp(0.5 * normal())),
		unit: 'ms',
	}));

describe.skipIf(noBrowser)(`the plan of a stream in a real browser${browserNote}`, { timeout: 60_000 }, () => {
	let product: Product;
	let browser: Browser;
	let page: Page;
	let context: BrowserContext;
	let errors: string[];
	let id: string;

	async function send(points: readonly object[]): Promise<void> {
		const body = points.map((point) => JSON.stringify(point)).join('\n');
		const headers = { 'content-type': 'application/x-ndjson' };
		const response = await product.request('/api/v1/points', { method: 'POST', headers, body });
		expect(response.status, await response.text()).toBe(202);
	}

	const planNow = () => product.get<PlanInput>(`/api/v1/streams/${id}/plan`);
	const apply = () => page.getByRole('button', { name: 'Apply the recommended plan' });

	beforeAll(async () => {
		[product, browser] = await Promise.all([startProduct(), launchBrowser()]);
		await send(latencies(1000, END - 1000 * MINUTE));
		id = await until(async () => {
			const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams');
			return items.find(({ key, state }) => key === KEY && state !== 'learning')?.id;
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
		await page.goto(`${product.url}/streams/${id}`);
		await page.getByRole('link', { name: /change the plan/ }).click();
		await apply().waitFor();
	});
	afterEach(async () => {
		await context.close();
	});

	it('says what is charted, what that costs, and what would suit the values better and why', async () => {
		await shown(page, 'Individuals and moving range');
		await shown(page, '13 a day');
		await shown(page, /one in 370 points/);
		await shown(page, /logarithm/);
		const row = page.getByRole('row', { name: /Alarms in these points/ });
		const [now = 0, then = 0] = (await row.getByRole('cell').allInnerTexts()).map(Number);
		expect(now).toBeGreaterThan(then + 10);
		expect(errors).toEqual([]);
	});

	it('names the fault of what was typed at its field, and changes nothing', async () => {
		const before = await planNow();
		await page.getByLabel('Points to learn from').fill('7');
		await page.getByRole('button', { name: 'Save the plan' }).click();
		await page.getByRole('alert').first().waitFor();
		expect(await planNow()).toEqual(before);
		await page.getByLabel('Specification, low').fill('9');
		await page.getByLabel('Points to learn from').fill('100');
		await page.getByLabel('Specification, high').fill('2');
		await page.getByRole('button', { name: 'Save the plan' }).click();
		await page.locator('label', { hasText: 'Specification, high' }).getByRole('alert').waitFor();
		expect(await planNow()).toEqual(before);
	});

	it('of two who change it the second is told, and sees what the first one did', async () => {
		const plan = await planNow();
		const headers = { 'content-type': 'application/json' };
		const body = JSON.stringify({ ...plan, severity: 'critical' });
		await product.request(`/api/v1/streams/${id}/plan`, { method: 'PUT', headers, body });
		await apply().click();
		await shown(page, /Nothing was changed/);
		await shown(page, 'Critical');
		expect(await planNow()).toMatchObject({ chart: 'i-mr', severity: 'critical' });
	});

	it('is changed by one click on the advice: a new phase learns, and the chart becomes another', async () => {
		await shown(page, /A new phase begins: limits are learnt from the next 300 points, in about 5 h/);
		await apply().click();
		await shown(page, /Applied/);
		expect(await planNow()).toMatchObject({ chart: 'auto', severity: 'critical' });
		await send(latencies(320, END + MINUTE));
		const limits = await until(async () => {
			const { items } = await product.get<ApiList<ApiLimits>>(`/api/v1/streams/${id}/limits`);
			return items.filter(({ method }) => method === 'recommended').length > 1 && items;
		});
		expect(limits.filter(({ method }) => method === 'recommended').map(({ chart }) => chart)).toContain('ewma');
		await shown(page, 'Phases');
		await shown(page, /distribution of the baseline/);
		await page.getByRole('link', { name: 'Open the chart' }).click();
		await page.locator('figcaption', { hasText: 'EWMA' }).first().waitFor();
		await until(async () => (await page.locator('figure canvas').count()) === 3);
		expect(await page.locator('figcaption', { hasText: 'Moving range' }).count()).toBe(0);
	});
});
