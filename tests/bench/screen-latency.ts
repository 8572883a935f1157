import { removeFolder, startProduct } from '../product.ts';
import { launchWholeBrowser, noBrowser, openPage } from '../e2e/browser.ts';
import { sharesMs, type Bench, type Figures, type Skipped } from './bench.ts';
import { feed, makeStreams, STEADY, STREAMS } from './feed.ts';

export const screenLatency: Bench = {
	name: 'screen-latency',
	workload:
		`1,000 points/s over ${STREAMS} streams for ${STEADY.seconds} s by HTTP, the page of one of them in headless ` +
		'Chromium on the same cores; from the moment before a point is posted to the animation frame after it was drawn',
	run,
};

async function run(): Promise<Figures | Skipped> {
	if (noBrowser) return { skipped: 'install the package chromium' };
	const product = await startProduct();
	const [id = ''] = await makeStreams(product);
	const browser = await launchWholeBrowser();
	const { page } = await openPage(browser);
	await page.addInitScript(watchFrames);
	await page.goto(product.startLink);
	await page.goto(`${product.url}/streams/${id}`);
	await page.locator('canvas').first().waitFor();
	await feed(product, STEADY);
	const latencies = await page.evaluate(() => (window as unknown as { latenciesMs: number[] }).latenciesMs);
	await browser.close();
	await product.stop();
	removeFolder(product.dataFolder);
	return sharesMs(latencies);
}

/** Runs in the page before its own scripts: every live frame's points, aged when the next but one picture begins. */
function watchFrames(): void {
	const latenciesMs: number[] = [];
	Object.assign(window, { latenciesMs });
	const Plain = window.WebSocket;
	window.WebSocket = class extends Plain {
		constructor(url: string | URL, protocols?: string | string[]) {
			super(url, protocols);
			this.addEventListener('message', ({ data }) => {
				if (!(data instanceof ArrayBuffer)) return;
				const view = new DataView(data);
				// Kind 1 = points; 16 bytes of header, 24 a point, its chart at 6 (0 = individuals) and its time at 8.
				if (view.getUint8(1) !== 1) return;
				const times: number[] = [];
				for (let at = 16; at < data.byteLength; at += 24)
					if (view.getUint16(at + 6, true) === 0) times.push(view.getFloat64(at + 8, true) / 1000);
				requestAnimationFrame(() =>
					requestAnimationFrame(() => {
						const nowMs = performance.timeOrigin + performance.now();
						for (const time of times) latenciesMs.push(nowMs - time);
					}),
				);
			});
		}
	};
}
