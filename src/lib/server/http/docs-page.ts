import { createHash } from 'node:crypto';
import type { describeApi } from './openapi.ts';

type Document = ReturnType<typeof describeApi>;
interface Operation {
	readonly summary?: string;
	readonly tags?: readonly string[];
	readonly security?: readonly Record<string, readonly string[]>[];
	readonly parameters?: readonly { name: string; in: string; required?: boolean; description?: string }[];
	readonly requestBody?: { readonly content?: Readonly<Record<string, unknown>> };
	readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; font-size: 1.1rem; }
details { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .5rem 0; }
summary { cursor: pointer; display: flex; gap: .75rem; align-items: baseline; flex-wrap: wrap; }
code { font: 13px/1.5 ui-monospace, monospace; }
.method { display: inline-block; min-width: 3rem; font-weight: 600; }
.scope, dd { opacity: .7; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .75rem 0 .75rem 3.75rem; }
dd { margin: 0; overflow-wrap: anywhere; }
`;

/** Policy of the page: it has no script at all, and this one style. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`;

/** The API as one page to read: made from the same table that serves it. */
export function docsPage(document: Document): string {
	const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
		Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
	);
	const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? ''))];
	const sections = tags.map((tag) => {
		const rows = operations.filter(({ operation }) => operation.tags?.[0] === tag).map(row);
		return `<h2>${escape(tag)}</h2>\n${rows.join('\n')}`;
	});
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sigmascope API</title><style>${STYLE}</style></head>
<body><h1>Sigmascope API ${escape(document.info.version)}</h1>
<p>${escape(document.info.description ?? '')} The same for programs: <a href="/api/openapi.json">openapi.json</a>.</p>
${sections.join('\n')}
</body></html>
`;
}

function row({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
	const scope = operation.security?.[0]?.key?.[0] ?? 'open';
	const parameters = (operation.parameters ?? []).map((p) => [
		`${p.name}${p.required ? '' : '?'}`,
		p.description ?? `in the ${p.in}`,
	]);
	const bodies = Object.keys(operation.requestBody?.content ?? {}).map((type) => ['body', type]);
	const answers = Object.entries(operation.responses ?? {}).map(([status, { description }]) => [
		status,
		description ?? '',
	]);
	const list = [...parameters, ...bodies, ...answers]
		.map(([term = '', text = '']) => `<dt><code>${escape(term)}</code></dt><dd>${escape(text)}</dd>`)
		.join('');
	return `<details><summary><code class="method">${method.toUpperCase()}</code><code>${escape(path)}</code> <span>${escape(operation.summary ?? '')}</span> <span class="scope">${escape(scope)}</span></summary><dl>${list}</dl></details>`;
}

function escape(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
