import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @returns what breaks WCAG 2.1 A or AA on the page as it stands: `rule: selector`, one line each */
export async function axeFaults(page: Page): Promise<string[]> {
	// Not as a script element: the page's policy allows none.
	await page.evaluate(source);
	const { violations } = (await page.evaluate(
		`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })`,
	)) as AxeResults;
	return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}
