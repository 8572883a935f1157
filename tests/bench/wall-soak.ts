import type { CDPSession } from 'playwright-core';
import { launchBrowser, noBrowser, openPage } from '../e2e/browser.ts';
import { removeFolder, startProduct } from '../product.ts';
import { type Bench, type Figures, rounded, type Skipped } from './bench.ts';
import { feed, makeStreams, STREAMS } from './feed.ts';

const MINUTES = 10;
const EVERY_SECONDS = 30;
/** The first minutes fill rings and compile code; what a wall does from then on is what it does for weeks. */
const SETTLED = 4;
/** Ten values a second of each stream, some of which violate. */
const PACE = { pointsPerPost: STREAMS, everyMs: 100, seconds: EVERY_SECONDS, values: 'noise' } as const;

export const wallSoak: Bench = {
	name: 'wall-soak',
	workload:
		`the overview in headless Chromium for ${MINUTES} minutes, ${STREAMS} streams of 10 points/s by HTTP on the same ` +
		`cores; every ${EVERY_SECONDS} s, after a collection of garbage, what the page holds; first = after ${SETTLED / 2} ` +
		'minutes, growth = last minus first',
	onRequest: true,
	run: () => soakWall(MINUTES),
};

const METRICS = { JSHeapUsedSize: 'heapMb', Nodes: 'nodes', JSEventListeners: 'listeners' } as const;
type Held = Record<(typeof METRICS)[keyof typeof METRICS], number>;

/** @param minutes at least three, so that there is something to compare */
export async function soakWall(minutes: number): Promise<Figures | Skipped> {
	if (noBrowser) return { skipped: 'install the package chromium' };
	const product = await startProduct();
	await makeStreams(product);
	const browser = await launchBrowser();
	const { page } = await openPage(browser, { viewport: { width: 1920, height: 1080 } });
	const session = await page.context().newCDPSession(page);
	await session.send('Performance.enable');
	await page.goto(product.startLink);
	const held: Held[] = [];
	while (held.length * EVERY_SECONDS < minutes * 60) {
		await feed(product, PACE);
		held.push(await heldBy(session));
		console.error(JSON.stringify({ second: held.length * EVERY_SECONDS, ...held.at(-1) }));
	}
	await browser.close();
	await product.stop();
	removeFolder(product.dataFolder);
	return figuresOf(held.slice(SETTLED - 1));
}

async function heldBy(session: CDPSession): Promise<Held> {
	await session.send('HeapProfiler.collectGarbage');
	const { metrics } = await session.send('Performance.getMetrics');
	const held: Held = { heapMb: 0, nodes: 0, listeners: 0 };
	for (const { name, value } of metrics)
		if (name in METRICS) held[METRICS[name as keyof typeof METRICS]] = name === 'JSHeapUsedSize' ? value / 1e6 : value;
	return held;
}

function figuresOf(held: readonly Held[]): Figures {
	const of = (name: keyof Held) => {
		const values = held.map((one) => one[name]);
		const [first = NaN, last = NaN] = [values[0], values.at(-1)];
		return { first: rounded(first), max: rounded(Math.max(...values)), growth: rounded(last - first) };
	};
	return { heapMb: of('heapMb'), nodes: of('nodes'), listeners: of('listeners') };
}
