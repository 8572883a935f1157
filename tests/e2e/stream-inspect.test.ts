import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnnotation } from '#contracts/annotation.ts';
import type { ApiLimits, ApiList, ApiStream } from '#contracts/api.ts';
import { createNormal } from '#rules/testing/random.ts';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { axeFaults } from './axe.ts';
import { browserNote, chartBox, launchBrowser, noBrowser, openPage, shown } from './browser.ts';

const KEY = 'press-1/temperature';
const COUNT = 200;
const START_MS = Math.floor(Date.now() / 1000) * 1000 - 600_000;
const normal = createNormal(5);
const iso = (nth: number) => new Date(START_MS + nth * 1000).toISOString();
const points = (from: number, to: number, level: number, wild: Readonly<Record<number, number>> = {}) =>
	Array.from({ length: to - from }, (_, i) => ({
		stream: KEY,
		t: (START_MS + (from + i) * 1000) * 1000,
		v: wild[from + i] ?? Number((level + normal()).toFixed(3)),
		unit: '°C',
	}));

describe.skipIf(noBrowser)(`looking into a stream in a real browser${browserNote}`, { timeout: 60_000 }, () => {
	let product: Product;
	let browser: Browser;
	let page: Page;
	let errors: string[];
	let path: string;

	beforeAll(async () => {
		[product, browser] = await Promise.all([startProduct(), launchBrowser()]);
		// The first one is in the baseline, and so many of them that no screening sets it aside by itself.
		await send(points(0, COUNT, 50, { 20: 54, 160: 60 }));
		const stream = await until(async () => {
			const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams');
			return items.find(({ key }) => key === KEY);
		});
		path = `/api/v1/streams/${stream.id}`;
		const plan = await product.get<object>(`${path}/plan`);
		await put(`${path}/plan`, { ...plan, spec: { lsl: 44, usl: 56 } }, 'PUT');
		await put('/api/v1/events', { kind: 'tool', from: iso(120), title: 'Tool changed', streams: [KEY] });
		const opened = await openPage(browser, { viewport: { width: 1440, height: 900 } });
		({ page, errors } = opened);
		await page.goto(product.startLink);
		await page.goto(`${product.url}/streams/${stream.id}?from=${iso(0)}&to=${iso(COUNT)}`);
		await page.locator('canvas').first().waitFor();
		await page.getByText('Loading').first().waitFor({ state: 'hidden' });
	}, 60_000);
	afterAll(async () => {
		await browser.close();
		await product.stop();
		removeFolder(product.dataFolder);
	});

	async function put(to: string, body: object, method = 'POST'): Promise<void> {
		const headers = { 'content-type': 'application/json' };
		const response = await product.request(to, { method, headers, body: JSON.stringify(body) });
		expect(response.ok, await response.text()).toBe(true);
	}
	const send = (all: readonly object[]) => put('/api/v1/points', all);
	const left = async () => (await product.get<ApiList<ApiAnnotation>>(`${path}/annotations`)).items;
	const versions = async () => (await product.get<ApiList<ApiLimits>>(`${path}/limits`)).items.length;
	const host = () => page.locator('.host').first();
	const card = (name: string) => page.locator('aside section').filter({ has: page.getByRole('heading', { name }) });
	const readout = () => page.locator('.readout').first().innerText();

	async function drag(from: number, to: number): Promise<void> {
		const box = await chartBox(page);
		const at = (nth: number) => box.x + (box.width * nth) / COUNT;
		await page.keyboard.down('Shift');
		await page.mouse.move(at(from), box.y + 60);
		await page.mouse.down();
		await page.mouse.move(at(to), box.y + 60, { steps: 4 });
		await page.mouse.up();
		await page.keyboard.up('Shift');
	}

	it('says of a dragged stretch what it is, with its distribution and capability', async () => {
		await drag(110.5, 150.5);
		const selected = card('Selected');
		await selected.getByText('40 points').waitFor();
		const text = await selected.innerText();
		for (const words of ['Mean', 'Sigma within', 'Sigma overall', 'Runs', 'Normal distribution', 'Cpk', 'Ppk'])
			expect(text).toContain(words);
		await selected.getByRole('img', { name: /Histogram of 40 points.*LSL 44/ }).waitFor();
		await selected.getByText('Normal probability plot').click();
		await selected.getByRole('img', { name: /Normal probability plot/ }).waitFor();
		expect(await axeFaults(page)).toEqual([]);
	});
	it('keeps a comment on it, shows it where it is read, and takes it back', async () => {
		await card('Selected').getByRole('button', { name: 'Comment' }).click();
		expect(await axeFaults(page)).toEqual([]);
		await page.keyboard.type('coolant pump replaced');
		await page.keyboard.press('Enter');
		await shown(page, 'Comment saved');
		expect((await left()).map(({ kind, text }) => `${kind} ${text}`)).toEqual(['comment coolant pump replaced']);
		await card('Notes').getByText('coolant pump replaced').waitFor();
		await page.getByRole('button', { name: 'Table', exact: true }).click();
		await page.getByRole('cell', { name: '“coolant pump replaced”' }).first().waitFor();
		expect(await axeFaults(page)).toEqual([]);
		await page.getByRole('button', { name: 'Chart', exact: true }).click();
		await page.getByRole('button', { name: 'Undo' }).click();
		await until(async () => (await left()).length === 0);
	});
	it('is used without a mouse: a signal is found, explained, pinned and excluded, and that is undone', async () => {
		await host().focus();
		await host().press('Escape');
		await until(async () => {
			await host().press('End');
			await host().press('Shift+N');
			for (let i = 0; i < 12 && !(await readout()).includes('60.'); i++) await host().press('Shift+N');
			return (await readout()).includes('60.');
		});
		expect(await readout()).toMatch(/UCL .*Rule 1/s);
		await host().press('Enter');
		await card('This point').getByText('One point beyond 3 sigma').waitFor();
		await card('This point').getByText('Look for a single cause at that moment').waitFor();
		await host().press('p');
		await shown(page, /^Pinned$/);
		await host().press('x');
		await page.keyboard.type('door was open');
		await page.keyboard.press('Enter');
		await card('This point').getByText('Taken out: door was open').waitFor();
		expect((await left()).map(({ kind }) => kind).sort()).toEqual(['exclusion', 'pin']);
		expect(await axeFaults(page)).toEqual([]);
		await page.getByRole('button', { name: 'Undo' }).press('Enter');
		await until(async () => (await left()).length === 1);
		await host().focus();
		await host().press('Escape');
		await host().press('?');
		await page.getByRole('dialog', { name: 'Keys on the chart' }).waitFor();
		expect(await axeFaults(page)).toEqual([]);
		await page.keyboard.press('Escape');
	});
	it('selects by keyboard from the point that is read to another, and zooms there', async () => {
		await host().focus();
		await host().press('Home');
		await host().press('[');
		for (let i = 0; i < 29; i++) await host().press('ArrowRight');
		await host().press(']');
		await card('Selected').getByText('30 points').waitFor();
		await host().press('z');
		await page.waitForURL((url) => Date.parse(url.searchParams.get('to') ?? '') <= START_MS + 29_000);
		await card('Selected').waitFor({ state: 'detached' });
	});
	it('freezes what was learnt and takes that back, and does nothing about a plan that another one changed', async () => {
		const plan = () => product.get<{ baseline: object; severity?: string }>(`${path}/plan`);
		const before = await plan();
		await page.getByRole('button', { name: 'Freeze' }).click();
		await until(async () => 'centre' in (await plan()).baseline);
		await page.getByRole('button', { name: 'Undo' }).click();
		await page.getByText('Taken back').waitFor();
		expect(await plan()).toEqual(before);
		await put(`${path}/plan`, { ...before, severity: 'critical' }, 'PUT');
		await page.getByRole('button', { name: 'Freeze' }).click();
		await page.getByText('Somebody changed the plan').waitFor();
		expect((await plan()).baseline).toEqual(before.baseline);
		// A refusal is a line on the console of its own.
		expect(errors.splice(0)).toEqual([expect.stringContaining('412')]);
	});
	it('learns limits again without a point of the baseline, and a phase is compared with the one before', async () => {
		const before = await until(async () => (await versions()) || undefined);
		await put(`${path}/baseline`, { action: 'exclude', from: iso(20), to: iso(20), reason: 'sensor' });
		await until(async () => (await versions()) > before);
		await page.getByRole('button', { name: 'Start a phase' }).click();
		await page.keyboard.type('new tool');
		await page.keyboard.press('Enter');
		await shown(page, /A phase begins/);
		await send(points(COUNT + 1, COUNT + 121, 53));
		await page.getByRole('button', { name: 'Phases' }).click();
		await page.getByLabel('Later').getByText('new tool').waitFor({ state: 'attached' });
		await shown(page, 'The later phase is higher');
		await page.getByRole('img', { name: /Earlier of \d+ points, Later of 120 points/ }).waitFor();
		await shown(page, 'Difference of the means');
		expect(await axeFaults(page)).toEqual([]);
		expect(errors).toEqual([]);
	});
});
