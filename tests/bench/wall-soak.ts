import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { launchWholeBrowser, noBrowser, openPage } from '../e2e/browser.ts';
import { removeFolder, startProduct, tempFolder } from '../product.ts';
import { type Bench, type Figures, rounded, type Skipped } from './bench.ts';
import { feed, makeStreams, STREAMS } from './feed.ts';

const MINUTES = 10;
const EVERY_SECONDS = 30;
/** The first minutes fill rings and compile code; what a wall does from then on is what it does for weeks. */
const SETTLED = 4;
/** Ten values a second of each stream, some of which violate. */
const PACE = { pointsPerPost: STREAMS, everyMs: 100, values: 'noise' } as const;

export const wallSoak: Bench = {
	name: 'wall-soak',
	workload:
		`a wall of ${STREAMS} charts of 1,000 points that fades every 20 s to another of as many numbers and back, in headless ` +
		`Chromium for ${MINUTES} minutes, ${STREAMS} streams of 10 points/s by HTTP on the same ` +
		`cores; every ${EVERY_SECONDS} s, after a collection of garbage, what the page holds; first = after ${SETTLED / 2} ` +
		'minutes, growth = last minus first, slope = of the line through all of them',
	onRequest: true,
	run: () => soakWall(MINUTES),
};

const METRICS = { JSHeapUsedSize: 'heapMb', Nodes: 'nodes', JSEventListeners: 'listeners' } as const;
type Held = Record<(typeof METRICS)[keyof typeof METRICS], number>;

/** @param minutes at least three, so that there is something to compare */
export async function soakWall(minutes: number): Promise<Figures | Skipped> {
	if (noBrowser) return { skipped: 'install the package chromium' };
	const folder = wallFiles();
	const product = await startProduct({ env: { SIGMASCOPE_CONFIG: join(folder, 'sigmascope.yaml') } });
	await makeStreams(product);
	const browser = await launchWholeBrowser();
	const { page } = await openPage(browser, { viewport: { width: 1920, height: 1080 } });
	const session = await page.context().newCDPSession(page);
	await session.send('Performance.enable');
	await page.goto(product.startLink);
	await page.goto(`${product.url}/wall/soak`);
	const held: Held[] = [];
	const end = new AbortController();
	const feeding = feed(product, { ...PACE, seconds: Infinity, signal: end.signal });
	while (held.length * EVERY_SECONDS < minutes * 60) {
		await delay(EVERY_SECONDS * 1000);
		await chartsAlone(page);
		held.push(await heldBy(session));
		console.error(JSON.stringify({ second: held.length * EVERY_SECONDS, ...held.at(-1) }));
	}
	end.abort();
	await feeding;
	await browser.close();
	await product.stop();
	removeFolder(product.dataFolder);
	removeFolder(folder);
	return figuresOf(held.slice(SETTLED - 1));
}

/** Whoever leaks, leaks where tiles come and go: the pages of a playlist do. */
function wallFiles(): string {
	const folder = tempFolder('wall-soak');
	mkdirSync(join(folder, 'walls'));
	const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
	const tile = `most: ${STREAMS}, width: 1, height: 1`;
	// Near enough that the charts are whole ones, with axes and labels.
	const screen = 'columns: 8\nscreen: { inches: 55, metres: 2 }\nsound: off';
	put('sigmascope.yaml', 'ownStreams: false\n');
	put('walls/charts.yaml', `${screen}\ntiles: [{ type: chart, points: 1000, ${tile} }]\n`);
	put('walls/numbers.yaml', `${screen}\ntiles: [{ type: number, ${tile} }]\n`);
	put(
		'walls/soak.yaml',
		'playlist: [{ wall: charts, for: 20s }, { wall: numbers, for: 20s }]\nscreen: { metres: 2 }\n',
	);
	return folder;
}

/** Like is compared with like: always the page of charts, and nothing of the one before. */
async function chartsAlone(page: Page): Promise<void> {
	await page.waitForFunction(
		() => document.querySelector('[data-tile="chart"]') && !document.querySelector('[data-tile="number"]'),
		undefined,
		{ timeout: 60_000 },
	);
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
		const slopePerHour = (slopeOf(values) * 3600) / EVERY_SECONDS;
		const [max, growth] = [Math.max(...values), last - first];
		return { first: rounded(first), max: rounded(max), growth: rounded(growth), slopePerHour: rounded(slopePerHour) };
	};
	return { heapMb: of('heapMb'), nodes: of('nodes'), listeners: of('listeners') };
}

/** Of the straight line of least squares through them, per step. */
function slopeOf(values: readonly number[]): number {
	const middle = (values.length - 1) / 2;
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const along = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
	const spread = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
	return spread === 0 ? NaN : along / spread;
}
