import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { until } from '../support/until.ts';

const found = (paths: readonly string[]) => paths.find((path) => existsSync(path));
/** Debian's Chromium; without it the tests that need a browser skip and name the package. */
const WHOLE = found(['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']);
/** The same without a window around its pages, from a package of its own: a page takes half of the processor's time. */
const SHELL = found(['/usr/lib/chromium/chromium-headless-shell']);
/** Below that of a test: what is waited for in vain is named. */
const WITHIN_MS = 20_000;
export const noBrowser = WHOLE === undefined;
export const browserNote = noBrowser ? ' (skipped: install the package chromium)' : '';

const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export function launchBrowser(): Promise<Browser> {
	return launch(SHELL ?? WHOLE);
}

/** As people have it: letters are drawn as on their screens, and figures are theirs. */
export function launchWholeBrowser(): Promise<Browser> {
	return launch(WHOLE);
}

function launch(executablePath = ''): Promise<Browser> {
	return chromium.launch({ executablePath, args: QUIET });
}

/** A page and everything that went wrong on it: console errors, uncaught exceptions, CSP reports. */
export async function openPage(
	browser: Browser,
	options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ page: Page; context: BrowserContext; errors: string[] }> {
	const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, colorScheme: 'dark', ...options });
	context.setDefaultTimeout(WITHIN_MS);
	const page = await context.newPage();
	const errors: string[] = [];
	page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
	page.on('pageerror', (error) => errors.push(error.message));
	return { page, context, errors };
}

/** Where the first chart of the page is, on the screen; charts are made anew when the fonts have come. */
export function chartBox(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
	return until(async () => (await page.locator('.u-over').first().boundingBox()) ?? undefined);
}

/** Waits until this text can be seen; an option of a closed list cannot. */
export function shown(page: Page, text: string | RegExp): Promise<void> {
	return page.getByText(text).locator('visible=true').first().waitFor();
}

/** Pixels of the alarm colour on all canvases of the page: markers are drawn, not in the document. */
export function alarmPixels(page: Page): Promise<number> {
	return page.evaluate(() => {
		let count = 0;
		for (const canvas of document.querySelectorAll('canvas')) {
			const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
			for (let i = 0; i < data.length; i += 4) {
				const [r = 0, g = 0, b = 0] = [data[i], data[i + 1], data[i + 2]];
				if (r > 200 && g < 150 && b < 110 && r - b > 100) count++;
			}
		}
		return count;
	});
}
