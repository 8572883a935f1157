import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import type {} from '#lib/live/inspect.ts';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

/**
 * A page that stays open while the server goes and comes back holds exactly the points that the API has: none missing,
 * none twice. Points flow in all the time, as from a collector that spools: what is not acknowledged is sent again.
 */
describe.skipIf(noBrowser)(`an open page and its server${browserNote}`, { timeout: 120_000 }, () => {
	let product: Product;
	let browser: Browser;
	let source: Source;

	beforeAll(async () => {
		[product, browser] = await Promise.all([startProduct(), launchBrowser()]);
		source = startSource(() => product);
		await until(() => source.acknowledged() > 20);
	});
	afterAll(async () => {
		await source.stop();
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
	});

	const idOf = async () => {
		const { items } = await product.get<ApiList<ApiStream>>(`/api/v1/streams?key=${KEY}`);
		return items[0]?.id;
	};

	/** Opens the stream's page and waits for points on it that came after it was opened. */
	async function watch(): Promise<{ page: Page; id: string; close: () => Promise<void> }> {
		const id = await until(idOf);
		const { page, context } = await openPage(browser);
		await page.goto(product.startLink);
		await page.goto(`${product.url}/streams/${id}`);
		await page.locator('canvas').first().waitFor();
		const before = source.acknowledged();
		await until(() => source.acknowledged() > before + 10);
		return { page, id, close: () => context.close() };
	}

	const restart = async () => {
		const port = Number(new URL(product.url).port);
		product = await startProduct({ dataFolder: product.dataFolder, port });
	};

	/** After the source has stopped for a moment: what the page holds, against what the API has. */
	async function compare(page: Page, id: string): Promise<void> {
		await source.pause();
		const sent = source.acknowledged();
		const api = await until(async () => {
			const points = await product.get<ApiPoints>(`/api/v1/streams/${id}/points?last=2000`);
			return points.t.length === sent && points;
		});
		const held = await until(async () => {
			const seen = await page.evaluate((of) => window.sigmascope.points(of), id);
			return seen.t.at(-1) === api.t.at(-1) && seen;
		});
		// A page opens with what the store brings in time; from its first point on it holds all of them.
		const from = api.t.indexOf(held.t[0] ?? NaN);
		expect(api.t.length - from).toBeGreaterThanOrEqual(SURELY_HELD);
		expect(new Set(api.t).size).toBe(api.t.length);
		expect(held.t).toEqual(api.t.slice(from));
		expect(held.v).toEqual(api.v.slice(from));
		source.resume();
	}

	for (const [how, end] of [
		['killed', () => product.kill()],
		['stopped', async () => void (await product.stop())],
	] as const)
		it(`misses nothing and shows nothing twice after the server was ${how} and started again`, async () => {
			const { page, id, close } = await watch();
			await end();
			await shown(page, BANNER);
			await restart();
			await until(async () => !(await page.getByText(BANNER).isVisible()));
			const before = source.acknowledged();
			await until(() => source.acknowledged() > before + 10);
			await compare(page, id);
			await close();
		});

	it('notices a server that holds its sockets and answers nothing', async () => {
		const { page, id, close } = await watch();
		process.kill(product.pid, 'SIGSTOP');
		await shown(page, BANNER);
		process.kill(product.pid, 'SIGCONT');
		await until(async () => !(await page.getByText(BANNER).isVisible()));
		await compare(page, id);
		await close();
	});
});

const KEY = 'press-1/temperature';
/** Slow enough that all of it fits into the two thousand points that a page keeps. */
const EVERY_MS = 60;
/** So many came while the page was open, before anything happened to its server. */
const SURELY_HELD = 10;
const BANNER = 'No answer from the server';

interface Source {
	/** Points that the server has taken, each once. */
	acknowledged(): number;
	/** Resolves once nothing is under way. */
	pause(): Promise<void>;
	resume(): void;
	stop(): Promise<void>;
}

/** Sends a point after the other and repeats each, with the same key, until it is acknowledged. */
function startSource(product: () => Product): Source {
	const startMicros = Date.now() * 1000 - 60_000_000;
	let nth = 0;
	let isPaused = false;
	let isStopped = false;
	let isIdle = false;

	async function sendNext(): Promise<void> {
		const v = 50 + Math.sin(nth * 2.1) * 0.6 + Math.sin(nth * 1.3 + 1) * 0.3;
		const body = JSON.stringify({ stream: KEY, t: startMicros + nth * 10_000, v });
		const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': `point-${nth}` };
		const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(2_000) };
		const response = await product().request('/api/v1/points', init);
		await response.body?.cancel();
		if (response.status === 202) nth++;
	}

	async function run(): Promise<void> {
		while (!isStopped) {
			isIdle = isPaused;
			// A server that is gone refuses at once: the next try comes soon enough.
			if (!isPaused) await sendNext().catch(() => undefined);
			await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
		}
	}

	const running = run();
	return {
		acknowledged: () => nth,
		async pause() {
			isPaused = true;
			await until(() => isIdle);
		},
		resume: () => void (isPaused = false),
		async stop() {
			isStopped = true;
			await running;
		},
	};
}
