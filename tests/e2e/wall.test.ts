import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { ApiList, ApiViolation } from '#contracts/api.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { browserNote, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const LIMITS = 'streams: [{ match: { key: "**" }, plan: { baseline: { centre: 50, sigma: 1 }, rules: [1] } }]';
const PRESS = `
title: "Press {asset}"
variables: { asset: press-1 }
sound: critical
tiles:
  - { type: chart, stream: "{asset}/force", width: 8, height: 3 }
  - { type: number, stream: "{asset}/force", width: 4, height: 3 }
  - { type: violations, width: 8, height: 3 }
  - { type: clock, width: 4, height: 3 }
`;
const TURN = 'playlist: [{ wall: press, for: 3s }, { wall: site, for: 3s }]';
/** 16 minutes of arc at five metres are 23.3 mm; full HD on 55 inches has 0.634 mm a pixel; capitals are 0.698 em. */
const LEAST_PX = 23.2 / 0.634 / 0.698;

describe.skipIf(noBrowser)(`walls${browserNote}`, { timeout: 60_000 }, () => {
	const folder = tempFolder('walls');
	const put = (file: string, text: string) => {
		mkdirSync(join(folder, file, '..'), { recursive: true });
		writeFileSync(join(folder, file), text);
	};
	let product: Product;
	let browser: Browser;
	let owner: Page;
	let screen: Page;
	const scripts = new Set<string>();
	const errors: string[] = [];
	let feeding: NodeJS.Timeout;
	let force = 50;

	const send = (points: readonly object[]) =>
		product.request('/api/v1/points', { method: 'POST', body: points.map((one) => JSON.stringify(one)).join('\n') });
	const beat = () =>
		send(
			['press-1/force', 'press-2/force'].map((stream) => ({
				stream,
				v: stream === 'press-1/force' ? force : 50.2,
				unit: 'kN',
			})),
		);
	const violations = async () => (await product.get<ApiList<ApiViolation>>('/api/v1/violations?active=true')).items;
	const tile = (page: Page, type: string) => page.locator(`[data-tile="${type}"]`);

	beforeAll(async () => {
		put('sigmascope.yaml', `site: hall-1\nownStreams: false\n${LIMITS}\n`);
		put('walls/press.yaml', PRESS);
		put('walls/turn.yaml', TURN);
		const env = { SIGMASCOPE_CONFIG: join(folder, 'sigmascope.yaml') };
		[product, browser] = await Promise.all([startProduct({ env }), launchBrowser()]);
		await beat();
		feeding = setInterval(() => void beat().catch(() => undefined), 250);
		const opened = await openPage(browser);
		owner = opened.page;
		errors.push(...opened.errors);
		await owner.goto(product.startLink);
	});
	afterAll(async () => {
		clearInterval(feeding);
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
		removeFolder(folder);
	});

	it('a screen opens without a login form: it shows a code, and the wall once somebody has typed it', async () => {
		const opened = await openPage(browser, { viewport: { width: 1920, height: 1080 } });
		screen = opened.page;
		screen.on('response', (one) => one.url().endsWith('.js') && scripts.add(new URL(one.url()).pathname));
		await screen.goto(`${product.url}/wall/press`);
		const code = await until(
			async () => /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(await screen.getByLabel('Code').innerText())?.[0],
		);
		expect(await screen.locator('input').count()).toBe(0);
		const body = JSON.stringify({ code, name: 'Wall of press 1', site: 'hall-1' });
		const headers = { 'content-type': 'application/json' };
		expect((await product.request('/api/v1/displays/approve', { method: 'POST', headers, body })).status).toBe(204);
		await shown(screen, 'press-1/force');
		await until(async () => (await screen.locator('footer').innerText()).includes('Press press-1'));
		await until(async () => (await tile(screen, 'number').innerText()).includes('50'));
		expect(new URL(screen.url()).pathname).toBe('/wall/press');
		await screen.evaluate(() => void Object.assign(window, { isSame: true }));
	});

	it('fits its tiles to the screen, in letters that are readable from five metres', async () => {
		const size = await screen.evaluate(() => [
			document.documentElement.scrollWidth,
			document.documentElement.scrollHeight,
		]);
		expect(size).toEqual([1920, 1080]);
		for (const part of ['number', 'chart'])
			expect(await tile(screen, part).locator('h2').evaluate(fontPx)).toBeGreaterThan(
				part === 'chart' ? LEAST_PX : 0.6 * LEAST_PX,
			);
		expect(await tile(screen, 'clock').locator('time').evaluate(fontPx)).toBeGreaterThan(LEAST_PX);
	});

	it('weighs little: a wall starts soon on a small computer, and over a thin line', () => {
		const gzipped = [...scripts].map((path) => gzipSync(readFileSync(join('build', path))).length);
		expect(gzipped.length).toBeGreaterThan(5);
		expect(gzipped.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(150_000);
	});

	it('a violation is a shape, a rule number, words and a colour, and calls until it is acknowledged', async () => {
		force = 60;
		const chart = tile(screen, 'chart').locator('section');
		await until(async () => (await chart.innerText()).includes('R1'));
		expect(await chart.getAttribute('class')).toContain('violating');
		expect(await chart.locator('svg path').first().getAttribute('d')).toBe('M8 .8 15.2 8 8 15.2.8 8z');
		await until(async () => /press-1\/force[^]*R1[^]*\+10\.0 σ/.test(await tile(screen, 'violations').innerText()));
		await screen.locator('section.calling').first().waitFor();
		expect(await screen.evaluate(msBetweenFlashes)).toBeGreaterThan(1000 / 3);
		const [violation] = await until(async () => (await violations()).length > 0 && violations());
		const headers = { 'content-type': 'application/json' };
		await product.request(`/api/v1/violations/${violation?.id}/acknowledge`, { method: 'POST', headers, body: '{}' });
		await until(async () => (await screen.locator('section.calling').count()) === 0);
		expect(await chart.innerText()).toContain('R1');
		force = 50;
		await until(async () => (await chart.getAttribute('class'))?.includes('in-control'));
	});

	it('follows its file without being loaded again, and keeps what it had while the file is wrong', async () => {
		put('walls/press.yaml', PRESS.replace('Press {asset}', 'Hall 1'));
		await until(async () => (await screen.locator('footer').innerText()).includes('Hall 1'));
		put('walls/press.yaml', 'tiles: [{ type: chart, strem: x }]');
		await owner.goto(`${product.url}/boards`);
		await shown(owner, 'walls/press.yaml');
		await shown(owner, /1:24.*strem: unknown key; did you mean "stream"\?/);
		await shown(owner, /is shown as it was/);
		expect(await screen.locator('footer').innerText()).toContain('Hall 1');
		put('walls/press.yaml', PRESS);
		await until(async () => !(await owner.getByText('Files with faults').isVisible()));
		await owner.getByRole('button', { name: 'Preview of Press press-1' }).click();
		await shown(owner, 'As on 55 inches, readable from 5 m');
	});

	it('says home how it is, and shows what somebody sends it', async () => {
		await owner.goto(`${product.url}/displays`);
		const row = owner.locator('li', { hasText: 'Wall of press 1' });
		await row.getByText(/Shows \/wall\/press/).waitFor();
		await row.getByText(/4 of 4 tiles fresh · 1920 × 1080/).waitFor();
		await screen.keyboard.press('a');
		await row.getByText(/sound armed/).waitFor();
		await row.getByLabel('What Wall of press 1 is to show').selectOption('turn');
		await row.getByRole('button', { name: 'Send it to Wall of press 1' }).click();
		await until(() => screen.url().endsWith('/wall/turn'));
		await row.getByText(/Shows \/wall\/turn/).waitFor();
	});

	it('a playlist turns by cross-fading, without being loaded again', async () => {
		await until(async () => (await screen.locator('footer').innerText()).includes('2 of 2'));
		await until(async () => (await screen.locator('.page').count()) === 1);
		await until(async () => (await screen.locator('footer').innerText()).includes('1 of 2'));
		expect(await screen.evaluate(() => 'isSame' in window)).toBe(true);
	});

	it('a dashboard has its variables in the address', async () => {
		await owner.goto(`${product.url}/boards/press?asset=press-2`);
		await shown(owner, 'press-2/force');
		await owner.getByLabel('Asset').selectOption('press-1');
		await shown(owner, 'press-1/force');
		expect(new URL(owner.url()).search).toBe('?asset=press-1');
		expect(errors).toEqual([]);
	});
});

function fontPx(element: Element): number {
	return parseFloat(getComputedStyle(element).fontSize);
}

/** Of what calls: from one time that it comes on to the next, once. */
function msBetweenFlashes(): Promise<number> {
	const wall = document.querySelector('.wall');
	const atMs: number[] = [];
	return new Promise((resolve) => {
		const observer = new MutationObserver(() => {
			if (!wall?.classList.contains('beat')) return;
			atMs.push(performance.now());
			if (atMs.length < 2) return;
			observer.disconnect();
			resolve((atMs[1] ?? 0) - (atMs[0] ?? 0));
		});
		if (wall) observer.observe(wall, { attributeFilter: ['class'] });
	});
}
