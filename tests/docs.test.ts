import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '#rules';
import { collectorIssues } from '#collectors/run.ts';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import { channelSchemas } from '#server/alerts/channels/registry.ts';
import { parseConfig } from '#server/config/parse.ts';
import { removeFolder, startProduct, type Product } from './product.ts';
import { until } from './support/until.ts';

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
		(page, _, block) => {
			const options = { file: page, env: {}, collectorIssues, channelSchemas: channelSchemas() };
			expect(parseConfig(block, options).faults).toEqual([]);
		},
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

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const commands = pages
	.flatMap((page) => blocks(page, 'sh').map((block, nth) => [page, nth + 1, block] as const))
	.filter(([, , block]) => block.includes('curl '));

describe('a running product', () => {
	let product: Product;
	beforeAll(async () => (product = await startProduct()));
	afterAll(async () => {
		await product.stop();
		removeFolder(product.dataFolder);
	});

	describe.skipIf(!hasCurl)(
		`does what the curl commands say${hasCurl ? '' : ' (skipped: install the package curl)'}`,
		() => {
			it.each(commands)('%s: block %i', (_, __, block) => {
				const script = block
					.replaceAll('http://127.0.0.1:3000', product.url)
					.replaceAll(/\bcurl /g, 'curl -sS --fail-with-body ');
				const env = { PATH: process.env.PATH, KEY: product.key, LC_ALL: 'C.UTF-8' };
				const { status, stdout, stderr } = spawnSync('bash', ['-e'], { input: script, env, encoding: 'utf8' });
				expect([status, stderr], stdout).toEqual([0, '']);
			});
			it('and has the points afterwards', async () => {
				const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams');
				expect(items.map(({ key }) => key)).toEqual(
					expect.arrayContaining(['press/temperature', 'press-1/temperature', 'press-1/pressure']),
				);
			});
		},
	);

	describe('takes what the influxdb_v2 output of docs/telegraf.conf sends', () => {
		const { urls, token, organization, bucket } = telegrafOutput();
		/** As plugins/outputs/influxdb_v2 does: gzip, nanoseconds, `Token`, and no precision in the address. */
		const write = (lines: readonly string[]) => {
			const url = new URL('/api/v2/write', product.url);
			url.search = new URLSearchParams({ bucket, org: organization }).toString();
			return fetch(url, {
				method: 'POST',
				headers: {
					authorization: `Token ${token.replace('${SIGMASCOPE_KEY}', product.key)}`,
					'content-encoding': 'gzip',
					'content-type': 'text/plain; charset=utf-8',
					'user-agent': 'Telegraf/1.38.0 Go/1.26.0',
				},
				body: gzipSync(lines.join('')),
			});
		};
		const startMs = Date.now() - 600_000;
		const lines = Array.from(
			{ length: 30 },
			(_, i) =>
				`cpu,cpu=cpu-total,host=edge-1 usage_user=${10 + i / 8},usage_idle=${90 - i / 8} ${startMs + i * 10_000}000000\n` +
				`mem,host=edge-1 available=${2_000_000_000 + i}i,used_percent=71.25,kernel="6.1" ${startMs + i * 10_000}000000\n`,
		);
		it('and which the quick start shows', () => {
			const [shown = ''] = blocks('docs/quick-start.md', 'toml');
			const whole = readFileSync('docs/telegraf.conf', 'utf8').replaceAll(/^\s*#.*\n/gm, '');
			expect(whole.endsWith(shown)).toBe(true);
		});
		it('to the address of a product that was just started', () => expect(urls).toEqual(['http://127.0.0.1:3000']));
		it('with 204, also when Telegraf sends it again', async () => {
			expect([(await write(lines)).status, (await write(lines)).status]).toEqual([204, 204]);
			const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams');
			const found = items.filter(({ labels }) => labels.host === 'edge-1');
			expect(found.map(({ key }) => key).sort()).toEqual([
				'cpu/usage_idle',
				'cpu/usage_user',
				'mem/available',
				'mem/used_percent',
			]);
			const user = found.find(({ key }) => key === 'cpu/usage_user');
			expect(user?.labels).toEqual({ cpu: 'cpu-total', host: 'edge-1' });
			const { t, v } = await until(async () => {
				const points = await product.get<ApiPoints>(`/api/v1/streams/${user?.id}/points?last=500`);
				return points.t.length >= 30 && points;
			});
			expect(v).toEqual(lines.map((_, i) => 10 + i / 8));
			expect(t).toEqual(lines.map((_, i) => (startMs + i * 10_000) * 1000));
		});
		it('with the words that Telegraf logs when a line is bad', async () => {
			const answer = await write([
				`cpu,host=edge-2 usage_user=1 ${Date.now()}000000\n`,
				'cpu,host=edge-2 usage_user=\n',
			]);
			expect([answer.status, await answer.json()]).toEqual([
				400,
				{ code: 'invalid', message: expect.stringMatching(/^partial write: line 2: /) as string },
			]);
		});
		it('with 401 for a wrong token, after which Telegraf keeps what it has', async () => {
			const answer = await fetch(new URL('/api/v2/write', product.url), {
				method: 'POST',
				headers: { authorization: 'Token wrong' },
				body: lines[0] ?? '',
			});
			expect(answer.status).toBe(401);
		});
	});
});

/** The output's table, from the little of TOML that the file uses; anything else in it fails here. */
function telegrafOutput() {
	const text = readFileSync('docs/telegraf.conf', 'utf8');
	const tables = new Map<string, Record<string, unknown>>();
	let table: Record<string, unknown> = {};
	for (const line of text.split('\n').map((one) => one.trim())) {
		const name = /^\[(?:\[([\w.]+)\]|(\w+))\]$/.exec(line);
		const entry = /^(\w+) = (".*"|\d+|true|false|\[".*"\])$/.exec(line);
		if (name) tables.set(name[1] ?? name[2] ?? '', (table = {}));
		else if (entry) table[entry[1] ?? ''] = JSON.parse(entry[2] ?? '') as unknown;
		else if (line !== '' && !line.startsWith('#')) throw new Error(`docs/telegraf.conf: ${line}`);
	}
	return tables.get('outputs.influxdb_v2') as {
		readonly urls: readonly string[];
		readonly token: string;
		readonly organization: string;
		readonly bucket: string;
	};
}
