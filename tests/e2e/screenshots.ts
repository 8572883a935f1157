import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { ApiList, ApiStream, ApiViolation } from '#contracts/api.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { launchWholeBrowser, openPage } from './browser.ts';

/**
 * Takes the pictures of the documentation from a product that runs the demo: `npm run build`, then
 * `node tests/e2e/screenshots.ts [machine_temperature_system_failure.csv]`. The file of the Numenta Anomaly Benchmark is for
 * one of them; without it that one stays as it is.
 */
const IMAGES = join(import.meta.dirname, '../../docs/images');
/** The demo, so far into its programme that a bearing of the pump has begun to shake. */
const DEMO = 'collectors: [{ name: demo, type: simulator, site: demo, warmup: 865s }]\n';
const PATIENCE_MS = 5 * 60_000;
const [csv] = process.argv.slice(2);

async function main(): Promise<void> {
	const folder = tempFolder('screenshots');
	const config = join(folder, 'sigmascope.yaml');
	writeFileSync(config, DEMO);
	const product = await startProduct({ dataFolder: join(folder, 'data'), env: { SIGMASCOPE_CONFIG: config } });
	const browser = await launchWholeBrowser();
	try {
		const { page } = await openPage(browser, { viewport: { width: 1600, height: 960 } });
		await page.goto(product.startLink);
		await until(() => violatingNow(product), PATIENCE_MS);
		await picture(page, 'overview');
		await page.setViewportSize({ width: 1366, height: 768 });
		const { id, stream } = await until(() => someViolation(product), PATIENCE_MS);
		await page.goto(`${product.url}/streams/${stream.id}`);
		await picture(page, 'stream');
		await page.goto(`${product.url}/violations/${id}`);
		await picture(page, 'violation');
		await press(product);
		await page.goto(`${product.url}/streams/${await idOf(product, 'press/temperature')}`);
		await picture(page, 'line-protocol');
		if (csv === undefined) return;
		importFile(product, csv);
		await page.goto(`${product.url}/streams/${await idOf(product, 'nab/machine_temperature')}`);
		await picture(page, 'import');
	} finally {
		await browser.close();
		await product.stop();
		removeFolder(folder);
	}
}

/** When the fonts are there and the charts have been drawn. */
async function picture(page: Page, name: string): Promise<void> {
	await page.locator('main').waitFor();
	await page.evaluate(() => document.fonts.ready.then(() => undefined));
	await page.waitForTimeout(3000);
	await page.screenshot({ path: join(IMAGES, `${name}.png`) });
}

async function violatingNow(product: Product): Promise<boolean> {
	const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=100');
	return items.some(({ state }) => state === 'violating');
}

/** One with its ten points on both sides. */
async function someViolation(product: Product): Promise<ApiViolation | undefined> {
	const { items } = await product.get<ApiList<ApiViolation>>('/api/v1/violations');
	return items.find(({ context, chart, rule }) => context.complete && chart === 'i' && rule !== 1) ?? items[0];
}

async function idOf(product: Product, key: string): Promise<string> {
	return until(async () => {
		const { items } = await product.get<ApiList<ApiStream>>(`/api/v1/streams?key=${encodeURIComponent(key)}`);
		return items[0]?.id;
	});
}

/** What somebody does who tries it with curl: a hundred and twenty readings, and one that stands out. */
async function press(product: Product): Promise<void> {
	const first = Math.floor(Date.now() / 1000) - 130;
	const value = (i: number) => (i === 125 ? 23.4 : 21.5 + Math.sin(i * 2.1) * 0.12 + Math.sin(i * 1.3 + 1) * 0.07);
	const lines = Array.from({ length: 131 }, (_, i) => `press,line=a temperature=${value(i).toFixed(3)} ${first + i}`);
	const answer = await product.request('/api/v2/write?precision=s', { method: 'POST', body: lines.join('\n') });
	if (answer.status !== 204) throw new Error(`cannot write: ${answer.status} ${await answer.text()}`);
}

function importFile({ url, key, dataFolder }: Product, file: string): void {
	const args = ['src/cli/main.ts', 'import', file, '--stream', 'nab/machine_temperature', '--unit', '°F', '--url', url];
	const env = { ...process.env, SIGMASCOPE_API_KEY: key, SIGMASCOPE_DATA: dataFolder };
	const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
	if (status !== 0) throw new Error(`cannot import ${file}: ${stderr}`);
}

await main();
