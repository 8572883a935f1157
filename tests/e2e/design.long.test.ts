import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { axeFaults } from './axe.ts';
import { browserNote, launchWholeBrowser, noBrowser } from './browser.ts';
import { openDesign, takeSheets } from './design-pictures.ts';
import { servePages } from './pages-only.ts';
import { comparePicture } from './pictures.ts';

const update = process.env.UPDATE_PICTURES === '1';
const LOOKS = [
	{ theme: 'light', width: 1366 },
	{ theme: 'grey', width: 1366 },
	{ theme: 'contrast', width: 1366 },
	{ theme: 'light', width: 390 },
] as const;

describe.skipIf(noBrowser)(`the design page in every theme${browserNote}`, () => {
	let browser: Browser;
	let pages: Awaited<ReturnType<typeof servePages>>;
	beforeAll(async () => {
		[browser, pages] = await Promise.all([launchWholeBrowser(), servePages()]);
	});
	afterAll(async () => {
		await browser.close();
		await pages.stop();
	});

	for (const { theme, width } of LOOKS)
		it(`${theme}, ${width} pixels wide: looks as it is meant to, and keeps to WCAG`, async () => {
			const page = await openDesign(browser, { url: pages.url, theme, width });
			const sheets = await takeSheets(page);
			for (const sheet of ['charts', 'tiles'] as const) {
				const name = `design-${theme}-${width}/${sheet}`;
				const { isSame, words } = comparePicture(name, sheets.get(sheet), { update, isCoarse: true });
				expect(isSame, words).toBe(true);
			}
			expect(await axeFaults(page)).toEqual([]);
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
			await page.context().close();
		});
});
