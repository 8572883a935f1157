import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiViolation } from '#contracts/api.ts';
import { startReceiver, type Receiver } from '#server/alerts/testing/receiver.ts';
import { pointsOf } from '#server/http/testing/hub.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { axeFaults } from './axe.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe.skipIf(noBrowser)(`violations in a real browser${browserNote}`, { timeout: 60_000 }, () => {
	const folder = tempFolder('e2e-violations');
	let product: Product;
	let browser: Browser;
	let receiver: Receiver;
	let context: BrowserContext;
	let page: Page;
	let errors: string[];

	/** Moving ranges signal beside the values; they are not counted here. */
	const all = async (query = 'chart=i') =>
		(await product.get<ApiList<ApiViolation>>(`/api/v1/violations?${query}`)).items;
	const states = async (key: string) =>
		(await all()).filter(({ stream }) => stream.key === key).map(({ state }) => state);
	const done = () => page.getByRole('status').getByText(/Acknowledged|Resolved|Took back/);

	beforeAll(async () => {
		// Links in alerts need to know where the server is before it is there: a port that was free a moment ago.
		receiver = await startReceiver();
		const before = await startReceiver();
		const { port } = new URL(before.url);
		await before.stop();
		mkdirSync(folder, { recursive: true });
		const config = join(folder, 'sigmascope.yaml');
		writeFileSync(
			config,
			`url: http://127.0.0.1:${port}
alerts: { routes: { ops: { match: { asset: oven }, groupFor: 0s, channels: [{ type: webhook, url: "${receiver.url}" }] } } }
streams:
  - match: { key: "*" }
    plan: { rules: [1], baseline: { centre: 0, sigma: 1 }, reaction: [Stop the press, Call maintenance] }
`,
		);
		const env = { SIGMASCOPE_CONFIG: config, PORT: port };
		[product, browser] = await Promise.all([startProduct({ dataFolder: join(folder, 'data'), env }), launchBrowser()]);
		for (const key of ['press/a', 'press/b', 'oven/c']) {
			const body = JSON.stringify(pointsOf(key, [0, 9, 0, 0.1]));
			await product.request('/api/v1/points', {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body,
			});
		}
		await until(async () => (await all('rule=1')).length === 6);
		({ page, context, errors } = await openPage(browser));
		await page.goto(product.startLink);
	});
	afterAll(async () => {
		await browser.close();
		await product.stop();
		await receiver.stop();
		removeFolder(folder);
	});

	it('are chosen, acknowledged, taken back and resolved with a cause by keyboard alone', async () => {
		await page.goto(`${product.url}/violations?asset=press&rule=1`);
		await page
			.getByRole('link', { name: /press\/a/ })
			.first()
			.waitFor();
		for (const key of ['j', 'x', 'j', 'x', 'j', 'x', 'j', 'x', 'a']) await page.keyboard.press(key);
		await done().waitFor();
		await until(
			async () => (await states('press/a'))[0] === 'acknowledged' && (await states('press/b'))[0] === 'acknowledged',
		);
		await page.keyboard.press('u');
		await until(async () => (await states('press/a'))[0] === 'open' && (await states('press/b'))[0] === 'open');
		// Back on the list, and not only on the server.
		for (const name of [/press\/a/, /press\/b/]) await page.getByRole('link', { name }).first().waitFor();
		await page.keyboard.press('k');
		await page.keyboard.press('r');
		await page.getByRole('radio', { name: 'Tool wear drift' }).check();
		await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
		await until(async () => (await all('cause=tool-wear-drift')).length > 0);
	});

	it('on a phone their steps are ticked and they are acknowledged with a thumb', async () => {
		const { id } = (await all()).find(({ stream, state }) => stream.key.startsWith('press') && state === 'open') ?? {
			id: '',
		};
		const phone = await browser.newContext({ ...PHONE, storageState: await context.storageState() });
		const small = await phone.newPage();
		await small.goto(`${product.url}/violations/${id}`);
		await small.getByRole('checkbox', { name: /Stop the press/ }).check();
		await shown(small, /1 of 2 done/);
		const button = small.getByRole('button', { name: 'Acknowledge' });
		const box = await button.boundingBox();
		expect(box && box.y + box.height).toBeLessThanOrEqual(844);
		expect(box?.y).toBeGreaterThan(600);
		expect(box?.height).toBeGreaterThanOrEqual(44);
		await button.click();
		await until(async () => (await all()).find((one) => one.id === id)?.state === 'acknowledged');
		const wide = await small.evaluate(() => document.documentElement.scrollWidth);
		expect(wide).toBeLessThanOrEqual(390);
		await phone.close();
	});

	it('the link in an alert acknowledges, its picture is one', async () => {
		interface Told {
			readonly data: {
				readonly violation: ApiViolation;
				readonly links: { readonly acknowledge: string; readonly chartPng: string };
			};
		}
		// Of the values or of their moving range: whichever was told first.
		const { violation, links } = (JSON.parse(receiver.received[0]?.body ?? '{}') as Told).data;
		const here = (link: string) => product.url + new URL(link).pathname;
		const stranger = await browser.newContext();
		const open = await stranger.newPage();
		await open.goto(here(links.acknowledge));
		await open.getByRole('button', { name: 'Acknowledge' }).click();
		await shown(open, /It is acknowledged/);
		const now = await product.get<ApiViolation>(`/api/v1/violations/${violation.id}`);
		expect(now.state).toBe('acknowledged');
		await open.goto(here(links.chartPng));
		expect(await open.evaluate(() => document.images[0]?.naturalWidth)).toBe(1200);
		await stranger.close();
	});

	it('are dealt with as a group', async () => {
		await page.goto(`${product.url}/violations?show=unresolved&group=asset`);
		const oven = page.getByRole('listitem').filter({ hasText: 'oven' });
		await oven.getByRole('button', { name: 'Resolve all' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
		await until(async () => (await states('oven/c'))[0] === 'resolved');
	});

	it('are on pages that keep to WCAG 2.1 AA', async () => {
		const [first] = await all();
		const faults: string[] = [];
		const pages = [
			'/violations?show=all',
			`/violations/${first?.id}`,
			'/violations?show=all&group=rule',
			'/violations/figures',
			'/violations/causes',
			'/alerts',
		];
		for (const path of pages) {
			await page.goto(product.url + path);
			await page.getByRole('heading', { level: 1 }).waitFor();
			await page.locator('main li, main section').first().waitFor();
			faults.push(...(await axeFaults(page)).map((fault) => `${path} ${fault}`));
		}
		expect(faults).toEqual([]);
	});
	it('no page reports a fault', () => expect(errors).toEqual([]));
});
