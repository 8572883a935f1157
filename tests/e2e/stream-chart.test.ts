import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import type { ToCollector } from '#contracts/collect.ts';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { alarmPixels, browserNote, chartBox, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const KEY = 'press-1/temperature';
const LONG_KEY = 'press-2/temperature';
const LONG = 12_000;
const START_MS = Math.floor(Date.now() / 1000) * 1000 - 600_000;
const LONG_START_MS = START_MS - LONG * 1000;

/** Fixed noise without outliers: a sum of waves whose periods share nothing, so that neighbours are not alike. */
const calm = (nth: number) => 50 + Math.sin(nth * 2.1) * 0.6 + Math.sin(nth * 1.3 + 1) * 0.3;
const micros = (nth: number) => (START_MS + nth * 1000) * 1000;
const iso = (ms: number) => new Date(ms).toISOString();

describe.skipIf(noBrowser)(`the chart pair in a real browser${browserNote}`, () => {
	let product: Product;
	let browser: Browser;
	let nth = 170;

	beforeAll(async () => {
		[product, browser] = await Promise.all([startProduct(), launchBrowser()]);
		const early = Array.from({ length: 130 }, (_, i) => i).filter((i) => i !== 125);
		await send(early.map((i) => ({ stream: KEY, t: micros(i), v: calm(i), unit: '°C' })));
		await sendGap(131, 149, 'sensor unplugged');
		const later = Array.from({ length: 20 }, (_, i) => 150 + i);
		await send(later.map((i) => ({ stream: KEY, t: micros(i), v: i === 160 ? 58.25 : calm(i), unit: '°C' })));
		await send([{ stream: KEY, t: micros(125), v: 49.5, unit: '°C' }]);
		await send(
			Array.from({ length: LONG }, (_, i) => ({
				stream: LONG_KEY,
				t: (LONG_START_MS + i * 1000) * 1000,
				v: i === 7000 ? 58 : calm(i),
			})),
		);
		await until(async () => (await pointsOf(KEY)).flags.some((flag) => (flag & 1) === 1));
	}, 60_000);
	afterAll(async () => {
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
	});

	async function send(points: readonly object[]): Promise<void> {
		const response = await product.request('/api/v1/points', {
			method: 'POST',
			headers: { 'content-type': 'application/x-ndjson' },
			body: points.map((point) => JSON.stringify(point)).join('\n'),
		});
		expect(response.status, await response.text()).toBe(202);
	}

	async function sendGap(from: number, to: number, reason: string): Promise<void> {
		const socket = new WebSocket(`${product.url.replace('http', 'ws')}/api/v1/collect`, {
			headers: { authorization: `Bearer ${product.key}` },
		});
		await new Promise<void>((resolve, reject) => {
			socket.on('error', reject);
			socket.on('open', () =>
				socket.send(
					JSON.stringify({ hello: { collector: 'test', epoch: 'one', streams: [{ key: KEY, unit: '°C' }] } }),
				),
			);
			socket.on('message', (data: Buffer) => {
				const message = JSON.parse(data.toString()) as ToCollector;
				if ('welcome' in message)
					socket.send(JSON.stringify({ seq: 1, gap: { stream: 0, from: micros(from), to: micros(to), reason } }));
				if ('ack' in message && message.ack === 1) resolve();
			});
		});
		socket.close();
	}

	async function idOf(key: string): Promise<string> {
		return until(async () => {
			const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams');
			return items.find((one) => one.key === key)?.id;
		});
	}

	const pointsOf = async (key: string) => product.get<ApiPoints>(`/api/v1/streams/${await idOf(key)}/points?last=1000`);

	async function open(key: string, query = ''): Promise<{ page: Page; errors: string[]; close(): Promise<void> }> {
		const { page, context, errors } = await openPage(browser, { timezoneId: 'Europe/Berlin' });
		await page.goto(product.startLink);
		await page.goto(`${product.url}/streams/${await idOf(key)}${query}`);
		await page.locator('canvas').first().waitFor();
		await page.getByText('Loading').first().waitFor({ state: 'hidden' });
		return { page, errors, close: () => context.close() };
	}

	async function overChart(page: Page): Promise<void> {
		const box = await chartBox(page);
		await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
	}

	const readout = (page: Page) => page.locator('.readout').first().innerText();
	const whole = `?from=${iso(START_MS)}&to=${iso(START_MS + 175_000)}`;

	it('stands still while points come in, counts them, and jumps to now', async () => {
		const { page, errors, close } = await open(KEY);
		await page.getByRole('button', { name: 'Pause' }).click();
		await page.waitForURL(/from=/);
		const address = page.url();
		await send([0, 1, 2].map(() => ({ stream: KEY, t: micros(++nth), v: calm(nth), unit: '°C' })));
		await shown(page, 'Paused, 3 new points');
		expect(page.url()).toBe(address);
		await page.getByRole('button', { name: 'Jump to now' }).click();
		await shown(page, /^Live$/);
		await page.waitForURL((url) => url.search === '');
		expect(errors).toEqual([]);
		await close();
	});

	it('zooms at the pointer, moves by dragging, and its address opens the same stretch', async () => {
		const { page, close } = await open(KEY, whole);
		await overChart(page);
		await page.mouse.wheel(0, -200);
		await page.waitForURL((url) => url.search !== whole && url.search.includes('from='));
		const zoomed = new URL(page.url()).searchParams;
		const [from, to] = [Date.parse(zoomed.get('from') ?? ''), Date.parse(zoomed.get('to') ?? '')];
		expect(to - from).toBeLessThan(175_000);
		expect(Math.abs((from + to) / 2 - (START_MS + 87_500))).toBeLessThan(2_000);
		await overChart(page);
		await page.mouse.down();
		await page.mouse.move(10, 400, { steps: 4 });
		await page.mouse.up();
		await page.waitForURL((url) => Date.parse(url.searchParams.get('from') ?? '') > from + 1000);
		await page.locator('.host').first().press('l');
		await page.waitForURL((url) => url.search === '');
		await close();
	});

	it('is read by keyboard: value, zone, rule in words, time with its zone', async () => {
		const { page, close } = await open(KEY, `?from=${iso(START_MS + 150_000)}&to=${iso(START_MS + 160_500)}`);
		await page.locator('.host').first().press('End');
		await shown(page, /58\.25.°C/);
		const text = await readout(page);
		expect(text).toContain('beyond the limit');
		expect(text).toContain('Rule 1: One point beyond 3 sigma');
		expect(text).toMatch(/UTC\+[12]/);
		await page.getByLabel('Time zone').selectOption('utc');
		await shown(page, `${iso(START_MS + 160_000).slice(11, 19)}\u00a0UTC`);
		await page.locator('.host').first().press('Home');
		await shown(page, `${iso(START_MS + 150_000).slice(11, 19)}\u00a0UTC`);
		await close();
	});

	it('says the same as a table, with gap and late point, and as a file', async () => {
		const { page, close } = await open(KEY, whole);
		await page.getByRole('button', { name: 'Table' }).click();
		await shown(page, 'sensor unplugged');
		await page.getByRole('button', { name: 'Older' }).waitFor();
		await shown(page, 'came late, not judged');
		const [file] = await Promise.all([
			page.waitForEvent('download'),
			page.getByRole('button', { name: 'Download CSV' }).click(),
		]);
		const lines = readFileSync(await file.path(), 'utf8')
			.trim()
			.split('\r\n');
		expect(lines[0]).toContain('value (°C)');
		expect(lines).toContainEqual(expect.stringContaining(`${iso(START_MS + 160_000).slice(0, 19)}.000000Z,58.25,`));
		await close();
	});

	it('a single violation among thousands is seen when they are thinned, and zooming in shows its point', async () => {
		const at = LONG_START_MS + 7_000_000;
		const { page, errors, close } = await open(
			LONG_KEY,
			`?from=${iso(LONG_START_MS + 1_000_000)}&to=${iso(LONG_START_MS + LONG * 1000)}`,
		);
		await shown(page, /Thinned: each step is/);
		await until(async () => (await alarmPixels(page)) > 20);
		await page.getByRole('button', { name: 'Table' }).click();
		await page.getByText(/thinned: each row stands for/).waitFor();
		await page.goto(`${product.url}${new URL(page.url()).pathname}?from=${iso(at - 30_000)}&to=${iso(at + 500)}`);
		await page.locator('.host').first().press('End');
		await until(async () => (await readout(page)).includes('58'));
		expect(errors).toEqual([]);
		await close();
	});
});
