import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import type {} from '#lib/live/inspect.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const KEY = 'press-1/force';
const BANNER = 'No answer from the server';
const EVERY_MS = 60;
const TILES = [
	'{ type: chart, stream: "press-1/force", points: 2000, width: 8, height: 3 }',
	'{ type: number, stream: "press-1/force", width: 4, height: 3 }',
	'{ type: asset, width: 3, height: 3 }',
	'{ type: violations, width: 5, height: 3 }',
	'{ type: overview, level: 2, width: 4, height: 3 }',
].join(', ');
const wall = (theme: string) => `theme: ${theme}\nsound: off\ntiles: [${TILES}]\n`;

/** A wall whose server goes and comes back holds exactly the points that the API has: none missing, none twice. */
describe.skipIf(noBrowser)(`a wall and its server${browserNote}`, { timeout: 180_000 }, () => {
	const folder = tempFolder('wall-long');
	const env = { SIGMASCOPE_CONFIG: join(folder, 'sigmascope.yaml') };
	let product: Product;
	let browser: Browser;
	let sent = 0;
	let isSending = true;
	let sending: Promise<void>;
	const startMicros = Date.now() * 1000 - 60_000_000;

	/** A point after the other, each again with the same key until it is acknowledged. */
	async function send(): Promise<void> {
		const body = JSON.stringify({ stream: KEY, t: startMicros + sent * 10_000, v: 50 + Math.sin(sent * 2.1) });
		const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': `point-${sent}` };
		const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(2_000) };
		const response = await product.request('/api/v1/points', init);
		await response.body?.cancel();
		if (response.status === 202) sent++;
	}
	async function run(): Promise<void> {
		while (isSending) {
			await send().catch(() => undefined);
			await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
		}
	}

	beforeAll(async () => {
		mkdirSync(join(folder, 'walls'));
		writeFileSync(join(folder, 'sigmascope.yaml'), 'ownStreams: false\n');
		for (const theme of ['dark', 'grey']) writeFileSync(join(folder, `walls/${theme}.yaml`), wall(theme));
		[product, browser] = await Promise.all([startProduct({ env }), launchBrowser()]);
		sending = run();
		await until(() => sent > 20);
	});
	afterAll(async () => {
		isSending = false;
		await sending;
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
		removeFolder(folder);
	});

	const idOf = () =>
		until(async () => (await product.get<ApiList<ApiStream>>(`/api/v1/streams?key=${KEY}`)).items[0]?.id);
	const restart = async () => {
		const port = Number(new URL(product.url).port);
		product = await startProduct({ dataFolder: product.dataFolder, port, env });
	};
	async function open(theme: string, size = { width: 1920, height: 1080 }): Promise<Page> {
		const { page } = await openPage(browser, { viewport: size });
		await page.goto(product.startLink);
		await page.goto(`${product.url}/wall/${theme}`);
		await page.locator('[data-tile="chart"] canvas').first().waitFor();
		return page;
	}

	it('a server that is killed is missed, and none of its points is missing or twice after it', async () => {
		const page = await open('dark');
		const id = await idOf();
		const before = sent;
		await until(() => sent > before + 20);
		await product.kill();
		await shown(page, BANNER);
		expect(await page.locator('main.wall').getAttribute('class')).toContain('lost');
		await restart();
		await until(async () => !(await page.getByText(BANNER).isVisible()), 60_000);
		const back = sent;
		await until(() => sent > back + 20);
		isSending = false;
		await sending;
		const api = await until(async () => {
			const points = await product.get<ApiPoints>(`/api/v1/streams/${id}/points?last=2000`);
			return points.t.length === sent && points;
		});
		const held = await until(async () => {
			const seen = await page.evaluate((of) => window.sigmascope.points(of), id);
			return seen.t.at(-1) === api.t.at(-1) && seen;
		});
		const from = api.t.indexOf(held.t[0] ?? NaN);
		expect(from).toBeGreaterThanOrEqual(0);
		expect(held.t).toEqual(api.t.slice(from));
		expect(held.v).toEqual(api.v.slice(from));
		isSending = true;
		sending = run();
	});

	for (const theme of ['dark', 'grey'])
		for (const size of [
			{ width: 3840, height: 2160 },
			{ width: 1920, height: 1080 },
			{ width: 1280, height: 800 },
		])
			it(`a ${theme} wall fits ${size.width} by ${size.height}: nothing scrolls, and no tile is cut off`, async () => {
				const page = await open(theme, size);
				await until(async () => (await page.evaluate(() => document.documentElement.dataset.theme)) === theme);
				const faults = await page.evaluate(() => {
					const { scrollWidth, scrollHeight } = document.documentElement;
					const cut = [...document.querySelectorAll('[data-tile]')].filter((tile) => {
						const { left, top, right, bottom } = tile.getBoundingClientRect();
						return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight || right - left < 20;
					});
					return [scrollWidth > innerWidth, scrollHeight > innerHeight, cut.length];
				});
				expect(faults).toEqual([false, false, 0]);
				await page.context().close();
			});

	for (const theme of ['dark', 'grey'])
		it(`a ${theme} wall in a hand is one column: nothing scrolls sideways, and every tile is as wide as the screen`, async () => {
			const page = await open(theme, { width: 390, height: 844 });
			await until(async () => (await page.evaluate(() => document.documentElement.dataset.theme)) === theme);
			const faults = await page.evaluate(() => {
				const { scrollWidth } = document.documentElement;
				const tiles = [...document.querySelectorAll('[data-tile]')].map((tile) => tile.getBoundingClientRect());
				const odd = tiles.filter(
					({ left, right, height }) => left < 0 || right > innerWidth || right - left < 300 || height < 20,
				);
				const beside = tiles.filter(({ top }, i) => top < (tiles[i - 1]?.bottom ?? -Infinity));
				return [scrollWidth > innerWidth, odd.length, beside.length, tiles.length > 1];
			});
			expect(faults).toEqual([false, 0, 0, true]);
			await page.context().close();
		});
});
