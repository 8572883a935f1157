import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { axeFaults } from './axe.ts';
import { browserNote, launchWholeBrowser, noBrowser } from './browser.ts';
import { openDesign, SHEETS, takeSheets } from './design-pictures.ts';
import { servePages } from './pages-only.ts';
import { comparePicture } from './pictures.ts';

const update = process.env.UPDATE_PICTURES === '1';

describe.skipIf(noBrowser)(`the design page${browserNote}`, () => {
	let browser: Browser;
	let pages: Awaited<ReturnType<typeof servePages>>;
	let page: Page;
	let sheets: Awaited<ReturnType<typeof takeSheets>>;
	beforeAll(async () => {
		[browser, pages] = await Promise.all([launchWholeBrowser(), servePages()]);
		page = await openDesign(browser, { url: pages.url, theme: 'dark', width: 1366 });
		sheets = await takeSheets(page);
	});
	afterAll(async () => {
		await browser.close();
		await pages.stop();
	});

	for (const sheet of SHEETS)
		it(`${sheet} look as they are meant to (UPDATE_PICTURES=1 after a change that is meant)`, () => {
			const { isSame, words } = comparePicture(`design/${sheet}`, sheets.get(sheet), { update });
			expect(isSame, words).toBe(true);
		});
	it('keeps to WCAG 2.1 A and AA', async () => expect(await axeFaults(page)).toEqual([]));
});
