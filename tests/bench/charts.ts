import { readFileSync } from 'node:fs';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchWholeBrowser, noBrowser, openPage } from '../e2e/browser.ts';
import { descendants, removeFolder, startProduct, type Product } from '../product.ts';
import { rounded, type Bench, type Figures, type Skipped } from './bench.ts';
import { cpuOf } from './cpu.ts';
import { feed, makeStreams, STREAMS } from './feed.ts';
import { buildPage, LIBRARIES, showPage } from './pages.ts';

const SECONDS = 15;
const WARM_UP_MS = 4000;
const HISTORY = 1100;
const PACE = { pointsPerPost: STREAMS, everyMs: 100, seconds: 600, values: 'noise' } as const;
const SIZE = { width: 1920, height: 1080 };

export const charts: Bench = {
	name: 'charts',
	workload:
		`${STREAMS} charts of 1,000 points each at ${SIZE.width}x${SIZE.height} in headless Chromium, which draws in software, on the ` +
		`same cores; one point of each every 100 ms, one in fifty a signal; one page after the other for ${SECONDS} s: the ` +
		'overview as the product shows it, its whole control charts, uPlot with zones, limits and signals in its hooks, bare uPlot (a line ' +
		'and axes), ECharts (line, zones and limits); ' +
		'processor time of the main thread by kind and of all of Chromium in percent of a core, and tasks of 50 ms and more',
	run,
};

async function run(): Promise<Figures | Skipped> {
	if (noBrowser) return { skipped: 'install the package chromium' };
	const product = await startProduct();
	const browser = await launchWholeBrowser();
	const done = new AbortController();
	try {
		await makeStreams(product, HISTORY);
		const feeding = feed(product, { ...PACE, signal: done.signal });
		const figures: Record<string, Figures> = {};
		figures.overview = await measure(product, browser, async (page) => void (await page.goto(product.url)));
		for (const name of LIBRARIES) {
			const built = await buildPage(name);
			figures[name] = await measure(product, browser, (page) => showPage(page, product, built));
		}
		done.abort();
		await feeding;
		return figures;
	} finally {
		done.abort();
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
	}
}

async function measure(product: Product, browser: Browser, show: (page: Page) => Promise<void>): Promise<Figures> {
	const { page, context, errors } = await openPage(browser, { viewport: SIZE, bypassCSP: true });
	await page.addInitScript(watchTasks);
	await page.goto(product.startLink);
	await show(page);
	await page.waitForFunction((count) => document.querySelectorAll('canvas').length >= count, STREAMS);
	await page.waitForTimeout(WARM_UP_MS);
	const session = await context.newCDPSession(page);
	// What the main thread computes, and not how long it waits for a core that others use.
	await session.send('Performance.enable', { timeDomain: 'threadTicks' });
	const before = await look(session, page);
	await page.waitForTimeout(SECONDS * 1000);
	const after = await look(session, page);
	if (process.env.BENCH_PICTURES) await page.screenshot({ path: `${process.env.BENCH_PICTURES}/${Date.now()}.png` });
	await context.close();
	// A text document has no icon.
	const faults = errors.filter((text) => !text.includes('404'));
	if (faults.length > 0) throw new Error(`the page has errors: ${faults.join('\n')}`);
	return between(before, after);
}

interface Look {
	readonly at: number;
	readonly metrics: ReadonlyMap<string, number>;
	readonly cpuMs: number;
	readonly long: readonly number[];
	readonly pictures: number;
	/** Drawn so far; NaN on the product's own page, which does not count them. */
	readonly charts: number;
}

async function look(session: CDPSession, page: Page): Promise<Look> {
	const { metrics } = await session.send('Performance.getMetrics');
	const { long, pictures, charts } = await page.evaluate(() => {
		const { tasks, charts = NaN } = window as unknown as { tasks: Tasks; charts?: number };
		return { ...tasks, charts };
	});
	const cpuMs = Object.values(cpuOf(chromium())).reduce((sum, ms) => sum + ms, 0);
	return {
		at: performance.now(),
		metrics: new Map(metrics.map(({ name, value }) => [name, value])),
		cpuMs,
		long,
		pictures,
		charts,
	};
}

function between(before: Look, after: Look): Figures {
	const seconds = (name: string) => (after.metrics.get(name) ?? 0) - (before.metrics.get(name) ?? 0);
	const all = (after.at - before.at) / 1000;
	const percent = (of: number) => rounded((of / all) * 100);
	const [task, script, layout] = [
		seconds('TaskDuration'),
		seconds('ScriptDuration'),
		seconds('LayoutDuration') + seconds('RecalcStyleDuration'),
	];
	const long = after.long.slice(before.long.length);
	return {
		mainThreadPercent: percent(task),
		scriptPercent: percent(script),
		layoutPercent: percent(layout),
		paintAndRestPercent: percent(task - script - layout),
		chromiumCorePercent: percent((after.cpuMs - before.cpuMs) / 1000),
		picturesPerSecond: rounded((after.pictures - before.pictures) / all),
		...(Number.isNaN(after.charts) ? {} : { chartsPerSecond: rounded((after.charts - before.charts) / all) }),
		longTasks: long.length,
		longestTaskMs: Math.max(0, ...long),
	};
}

/** The process that began all others of the browser. */
function chromium(): number {
	const pids = descendants(process.pid).filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('chrom'));
	return Math.min(...pids);
}

interface Tasks {
	readonly long: number[];
	pictures: number;
}

/** Runs in the page before its own scripts. */
function watchTasks(): void {
	const tasks: Tasks = { long: [], pictures: 0 };
	Object.assign(window, { tasks });
	const observer = new PerformanceObserver((list) =>
		tasks.long.push(...list.getEntries().map((task) => task.duration)),
	);
	observer.observe({ type: 'longtask' });
	const request = window.requestAnimationFrame.bind(window);
	let last = 0;
	window.requestAnimationFrame = (callback) =>
		request((time) => {
			if (time !== last) tasks.pictures++;
			last = time;
			callback(time);
		});
}
