import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '#rules';
import { collectorIssues } from '#collectors/run.ts';
import { parseConfig } from '#server/config/parse.ts';

const pages = [
	'README.md',
	'ARCHITECTURE.md',
	'CONTRIBUTING.md',
	'CHANGELOG.md',
	'rules/README.md',
	...readdirSync('docs').map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));

const blocks = (page: string, language: string) =>
	[...readFileSync(page, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
		(m) => m[1] ?? '',
	);

describe('the documentation', () => {
	it.each(pages)('%s links to files that exist', (page) => {
		const targets = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#]+?)(#[^)]*)?\)/g)].map((m) => m[1] ?? '');
		const local = targets.filter((target) => !/^[a-z]+:/.test(target));
		expect(local.filter((target) => !existsSync(join(dirname(page), target)))).toEqual([]);
	});
	it.each(pages.flatMap((page) => blocks(page, 'yaml').map((block, nth) => [page, nth + 1, block] as const)))(
		'%s: configuration %i is valid',
		(page, _, block) => expect(parseConfig(block, { file: page, env: {}, collectorIssues }).faults).toEqual([]),
	);
	it('docs/analyze.md shows a document that is analysed', () => {
		const [example = ''] = blocks('docs/analyze.md', 'sh');
		const document = JSON.parse(/'(\{.*\})'/.exec(example)?.[1] ?? '') as unknown;
		expect(analyze(document).charts.i?.ucl[0]).toBeCloseTo(55.8041, 4);
	});
	it('README.md names commands that package.json has', () => {
		const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
		const text = pages.map((page) => readFileSync(page, 'utf8')).join('\n');
		const named = [...text.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((m) => m[1] ?? '');
		expect(named.filter((name) => !(name in scripts))).toEqual([]);
	});
});
