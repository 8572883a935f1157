import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import type { Product } from '../product.ts';

/** The bench's own pages, built in memory: what each is called is what it draws with. */
export const LIBRARIES = ['control', 'zones', 'uplot', 'echarts'] as const;

interface Built {
	readonly script: string;
	readonly style: string;
}

export async function buildPage(name: (typeof LIBRARIES)[number]): Promise<Built> {
	const output = await build({
		configFile: false,
		root: import.meta.dirname,
		logLevel: 'error',
		build: {
			write: false,
			target: 'esnext',
			rolldownOptions: { input: join(import.meta.dirname, 'pages', `${name}.ts`), output: { codeSplitting: false } },
		},
	});
	const files = (Array.isArray(output) ? output : [output]).flatMap((one) => ('output' in one ? one.output : []));
	const script = files.map((file) => (file.type === 'chunk' ? file.code : '')).join('\n');
	const style = files.map((file) => (file.type === 'asset' && file.fileName.endsWith('.css') ? file.source : ''));
	return { script, style: style.join('\n') };
}

/**
 * Puts the page into a plain document of the product's: it has the product's origin and session; its policy about scripts is passed by.
 * (Chromium lets no page of another server, or of none, connect to this machine.)
 */
export async function showPage(page: Page, product: Product, { script, style }: Built): Promise<void> {
	await page.goto(`${product.url}/robots.txt`);
	await page.setContent(`<!doctype html><html data-theme="light"><style>${style}</style><body></body></html>`);
	await page.addScriptTag({ content: script, type: 'module' });
}
