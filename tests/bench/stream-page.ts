import type { Page } from 'playwright-core';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import { createNormal } from '#rules/testing/random.ts';
import { launchWholeBrowser, noBrowser, openPage } from '../e2e/browser.ts';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import type { Bench, Figures, Skipped } from './bench.ts';

const POINTS = 100_000;
const AT_ONCE = 20_000;
const KEY = 'bench/values';
const SETTLE_MS = 900;

export const streamPage: Bench = {
	name: 'stream-page',
	workload:
		`the page of a stream with ${POINTS} points in view, in headless Chromium on the same cores; the longest duration of an ` +
		'event (Event Timing: input to next paint, by 8 ms) of each kind of interaction, and the longest task of them all',
	run,
};

async function run(): Promise<Figures | Skipped> {
	if (noBrowser) return { skipped: 'install the package chromium' };
	const product = await startProduct();
	const browser = await launchWholeBrowser();
	try {
		const address = await fill(product);
		const { page } = await openPage(browser, { viewport: { width: 1440, height: 900 } });
		await page.goto(product.startLink);
		await page.goto(address);
		await page.getByText(/Thinned: each step is/).waitFor();
		await page.waitForTimeout(SETTLE_MS);
		await page.evaluate(watchEvents);
		return await interactions(page);
	} finally {
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
	}
}

/** @returns the page with all of it in view */
async function fill(product: Product): Promise<string> {
	const startMs = Math.floor(Date.now() / 1000) * 1000 - POINTS * 1000;
	const normal = createNormal(3);
	const line = (i: number) => JSON.stringify({ stream: KEY, t: (startMs + i * 1000) * 1000, v: 50 + normal() });
	for (let from = 0; from < POINTS; from += AT_ONCE)
		await product.request('/api/v1/points', {
			method: 'POST',
			headers: { 'content-type': 'application/x-ndjson' },
			body: Array.from({ length: AT_ONCE }, (_, i) => line(from + i)).join('\n'),
		});
	const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams');
	const id = items[0]?.id ?? '';
	const endMs = startMs + POINTS * 1000;
	const path = `/api/v1/streams/${id}/points?from=${startMs * 1000}&to=${endMs * 1000}&maxPoints=1000`;
	await until(async () => {
		const { thinned } = await product.get<ApiPoints>(path).catch((): Partial<ApiPoints> => ({}));
		return (thinned?.count ?? []).reduce((sum, count) => sum + count, 0) >= POINTS;
	}, 60_000);
	const iso = (ms: number) => new Date(ms).toISOString();
	return `${product.url}/streams/${id}?from=${iso(startMs)}&to=${iso(endMs)}`;
}

interface Watched {
	durations: number[];
	tasks: number[];
}

/** Runs in the page. */
function watchEvents(): void {
	const watched: Watched = { durations: [], tasks: [] };
	Object.assign(window, { watched });
	const events = { type: 'event', durationThreshold: 16 } as PerformanceObserverInit;
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries())
			if ('interactionId' in entry && entry.interactionId) watched.durations.push(entry.duration);
	}).observe(events);
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) watched.tasks.push(entry.duration);
	}).observe({ type: 'longtask' });
}

async function interactions(page: Page): Promise<Figures> {
	const box = await page.locator('.u-over').first().boundingBox();
	if (!box) throw new Error('the chart has no size');
	const at = (share: number) => [box.x + box.width * share, box.y + 120] as const;
	const host = page.locator('.host').first();
	const press = async (key: string, times: number) => {
		for (let i = 0; i < times; i++) await host.press(key);
	};
	const button = (name: string) => page.getByRole('button', { name, exact: true }).click();
	const figures: Record<string, number> = {};
	let longestTask = 0;
	const measure = async (name: string, work: () => Promise<unknown>) => {
		await work();
		await page.waitForTimeout(SETTLE_MS);
		const { durations, tasks } = await page.evaluate(() => {
			const all = (window as unknown as { watched: Watched }).watched;
			return { durations: all.durations.splice(0), tasks: all.tasks.splice(0) };
		});
		figures[name] = Math.max(0, ...durations);
		longestTask = Math.max(longestTask, ...tasks);
	};
	await measure('clickMs', () => page.mouse.click(...at(0.4)));
	await measure('closeMs', () => page.keyboard.press('Escape'));
	await measure('selectMs', async () => {
		await page.keyboard.down('Shift');
		await page.mouse.move(...at(0.01));
		await page.mouse.down();
		await page.mouse.move(...at(0.99), { steps: 12 });
		await page.mouse.up();
		await page.keyboard.up('Shift');
		await page.getByText('Normal probability plot').waitFor();
	});
	await measure('plotMs', () => page.getByText('Normal probability plot').click());
	await host.focus();
	await measure('arrowKeysMs', () => press('ArrowRight', 20));
	await measure('nextSignalMs', () => press('n', 5));
	await measure('chooseMs', () => press('Enter', 1));
	await measure('zoomMs', () => press('+', 3));
	await measure('tableMs', () => button('Table'));
	await measure('olderMs', () => button('Older'));
	await measure('chartMs', () => button('Chart'));
	return { ...figures, longestTaskMs: Math.round(longestTask) };
}
