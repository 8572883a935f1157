import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;
const nowMicros = () => Date.now() * 1000;
/** Fixed noise without outliers: a sum of waves whose periods share nothing. */
const calm = (nth: number) => 50 + Math.sin(nth * 2.1) * 0.6 + Math.sin(nth * 1.3 + 1) * 0.3;

interface Point {
	readonly stream: string;
	readonly t: number;
	readonly v: number;
	readonly quality?: number;
}

/** @param endMicros of the newest; they are a second apart */
function series(stream: string, count: number, endMicros: number, valueAt = calm): Point[] {
	return Array.from({ length: count }, (_, i) => ({
		stream,
		t: endMicros - (count - 1 - i) * SECOND,
		v: valueAt(i),
	}));
}

describe.skipIf(noBrowser)(`the overview in a real browser${browserNote}`, { timeout: 60_000 }, () => {
	let config: string;
	let product: Product;
	let browser: Browser;
	let page: Page;
	let context: BrowserContext;

	async function send(points: readonly Point[]): Promise<void> {
		const body = points.map((point) => JSON.stringify(point)).join('\n');
		const headers = { 'content-type': 'application/x-ndjson' };
		const response = await product.request('/api/v1/points', { method: 'POST', headers, body });
		expect(response.status, await response.text()).toBe(202);
	}

	/** How often this count stands at this number. */
	const count = (words: string) => page.getByRole('button', { name: words }).locator('.count').innerText();
	const counted = (words: string, number: number) => until(async () => (await count(words)) === String(number));
	const tile = (name: string) =>
		page.getByRole('region', { name: 'All streams' }).locator('a').filter({ hasText: name });
	const board = () => page.getByRole('region', { name: 'What is wrong now' });

	beforeAll(async () => {
		// Its own health would be in control whatever becomes of the plant.
		config = tempFolder('overview');
		writeFileSync(join(config, 'sigmascope.yaml'), 'ownStreams: false\n');
		const env = { SIGMASCOPE_CONFIG: join(config, 'sigmascope.yaml') };
		[product, browser] = await Promise.all([startProduct({ env }), launchBrowser()]);
		const now = nowMicros();
		await send([
			...series('archive/temperature', 130, now - 4657 * DAY),
			...series('press-1/new', 37, now),
			...series('press-1/stuck', 130, now, () => 5),
			...series('press-2/force', 130, now),
			...series('press-2/oil', 130, now),
			...series('zz-mill/load', 130, now),
		]);
	});
	afterAll(async () => {
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
		removeFolder(config);
	});
	beforeEach(async () => {
		({ page, context } = await openPage(browser, { viewport: { width: 1920, height: 1080 } }));
		await page.goto(product.startLink);
		await shown(page, 'archive');
	});
	afterEach(() => context.close());

	/** Streams that are there have a value of this second. */
	const beat = (more: readonly Point[] = []) =>
		send([
			...['press-1/new', 'press-2/force', 'press-2/oil', 'zz-mill/load'].map((stream, i) => ({
				stream,
				t: nowMicros(),
				v: calm(Math.floor(Date.now() / 1000) + i),
			})),
			{ stream: 'press-1/stuck', t: nowMicros(), v: 5 },
			...more,
		]);

	it('an import of years ago is no data, and says how old it is', async () => {
		await until(async () => /4\d{3} d old/.test(await tile('temperature').innerText()));
		expect(await tile('temperature').innerText()).not.toContain('In control');
		expect(await board().innerText()).not.toContain('archive');
	});

	it('what learns, or has limits without variation, is not judged and says why', async () => {
		await beat();
		await until(async () => /Learning \d+ of 100/.test(await tile('new').innerText()));
		await until(async () => /Not judged no variation/.test(await tile('stuck').innerText()));
	});

	it('a value of bad quality counts as not judged', async () => {
		await send([{ stream: 'zz-mill/bad', t: nowMicros(), v: 3, quality: 0 }]);
		await until(async () => (await tile('bad').innerText()).includes('Bad quality'));
		await until(async () => (await board().innerText()).includes('Bad quality'));
	});

	it('what falls silent is stale within seconds and is no longer in control', async () => {
		await beat();
		await until(async () => (await tile('load').innerText()).includes('In control'));
		await until(async () => (await tile('load').innerText()).includes('Stale'));
		await counted('In control', 0);
		expect(await tile('load').innerText()).toMatch(/\d+ s old/);
	});

	it('a violation is said first, with place, rule, distance and age, in letters for five metres', async () => {
		await beat();
		await counted('Violating', 0);
		const card = board().locator('li').first();
		// What is silent for seconds is stale instead, so it goes on as long as somebody looks.
		const goesOn = (seen: () => Promise<boolean>) =>
			until(async () => {
				await send([{ stream: 'zz-mill/load', t: nowMicros() + 1000, v: 60 }]);
				return seen();
			});
		await goesOn(async () => (await board().innerText()).includes('zz-mill/load'));
		await goesOn(async () => /R1[^]*\+\d+(\.\d)? σ[^]*\d+ s/.test(await card.innerText()));
		await goesOn(async () => (await count('Violating')) === '1');
		// 16 minutes of arc at five metres are 23.3 mm; full HD on 55 inches has 0.634 mm a pixel; capitals of IBM Plex
		// Sans are 0.698 em high.
		const leastPx = 23.3 / 0.634 / 0.698;
		for (const part of ['.name', '.facts', '.lasted'])
			expect(await fontPx(card.locator(part))).toBeGreaterThan(leastPx);
		expect(await fontPx(page.locator('.counts .words').first())).toBeGreaterThan(leastPx);
	});

	it('tiles stand where they stand, whatever happens in them', async () => {
		await beat();
		const places = () =>
			page.evaluate(() =>
				[...document.querySelectorAll('[data-stream]')].map((cell) => {
					const { x, y, width, height } = cell.getBoundingClientRect();
					return [cell.getAttribute('data-stream'), x, y, width, height].join(' ');
				}),
			);
		const before = await until(async () => {
			const now = await places();
			return now.length > 6 && now;
		});
		await until(async () => {
			await send([{ stream: 'press-2/oil', t: nowMicros() + 1000, v: 70 }]);
			return (await board().innerText()).includes('press-2/oil');
		});
		expect(await places()).toEqual(before);
	});

	it('is worked by keys alone', async () => {
		await page.getByRole('button', { name: 'No data' }).focus();
		await page.keyboard.press('Enter');
		await shown(page, /of \d+, no data/);
		await page.getByRole('searchbox').focus();
		await page.keyboard.type('archive');
		await shown(page, /^1 of \d+, no data/);
		await page.getByRole('button', { name: 'Show all' }).press('Enter');
		await shown(page, /^\d+ streams/);
	});

	it('a thousand streams are all counted, each is a mark on a map, and of tiles only those in view are drawn', async () => {
		const now = nowMicros();
		await send(
			Array.from({ length: 1000 }, (_, i) => ({ stream: `hall-${i % 20}/s${Math.floor(i / 20)}`, t: now, v: i })),
		);
		await shown(page, /^10\d\d streams/);
		await until(async () => Number(await count('Not judged')) + Number(await count('Stale')) >= 1000);
		expect(await page.getByRole('region', { name: 'All streams' }).locator('a').count()).toBeGreaterThan(1000);
		await page.getByRole('button', { name: 'Tiles' }).click();
		await page.locator('canvas').first().waitFor();
		expect(await page.locator('canvas').count()).toBeLessThan(200);
		await page.getByRole('searchbox').fill('hall-7 s49');
		await until(async () => (await tile('s49').count()) === 1);
	});
});

function fontPx(element: ReturnType<Page['locator']>): Promise<number> {
	return element.evaluate((of) => parseFloat(getComputedStyle(of).fontSize));
}
