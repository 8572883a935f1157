import { spawn } from 'node:child_process';
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiPoints, ApiStream, ApiViolation } from '#contracts/api.ts';
import { createRandom } from '#rules/testing/random.ts';
import { verifyBackup } from '#server/backup/manifest.ts';
import { readVersion } from '#server/version.ts';
import { codeCache, removeFolder, startProduct, tempFolder, TEST_KEY, type Product } from '../product.ts';
import { level } from '../support/level.ts';

const FIRST_MICROS = Date.UTC(2026, 0, 1) * 1000;
const BATCHES = 40;
const POINTS = 40;

/** Six more streams appear every ten batches, so that some are made while the backup is. */
const random = createRandom(7);
const batches = Array.from({ length: BATCHES }, (_, batch) =>
	Array.from({ length: 6 + 6 * Math.floor(batch / 10) }, (_, stream) =>
		Array.from({ length: POINTS }, (_, i) => {
			const nth = batch * POINTS + i;
			const v = Math.round((20 + 2 * random() + Math.sin(nth / 90) + (random() < 0.004 ? 8 : 0)) * 1000) / 1000;
			return JSON.stringify({ stream: `drill/s${stream}`, t: FIRST_MICROS + nth * 1_000_000, v });
		}).join('\n'),
	).join('\n'),
);

async function send(product: Product, index: number): Promise<void> {
	const answer = await product.request('/api/v1/points', {
		method: 'POST',
		headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': `drill-${index}` },
		body: batches[index] ?? '',
	});
	expect([answer.status, index]).toEqual([202, index]);
	await answer.body?.cancel();
}

interface Ran {
	readonly code: number | null;
	readonly output: string;
}

function cli(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
	const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/cli/main.ts', ...args], {
		env: { PATH: process.env.PATH ?? '', ...codeCache(), SIGMASCOPE_API_KEY: TEST_KEY, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
	return new Promise((resolve) => child.once('exit', (code) => resolve({ code, output })));
}

interface Content {
	readonly points: Record<string, Pick<ApiPoints, 't' | 'v' | 'flags'>>;
	readonly thinned: Record<string, unknown>;
	readonly plans: Record<string, unknown>;
	readonly violations: Record<string, unknown>;
}

/** By names: everything that a restored system has to have as the original has it. */
async function contentOf(product: Product): Promise<Content> {
	await level(product);
	const content: Content = { points: {}, thinned: {}, plans: {}, violations: {} };
	const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000');
	for (const { id, key } of items) {
		const range = `from=${FIRST_MICROS}&to=${FIRST_MICROS + 1e12}`;
		const { t, v, flags } = await product.get<ApiPoints>(`/api/v1/streams/${id}/points?${range}`);
		content.points[key] = { t, v, flags };
		content.thinned[key] = (await product.get<ApiPoints>(`/api/v1/streams/${id}/points?${range}&maxPoints=20`)).thinned;
		content.plans[key] = await product.get(`/api/v1/streams/${id}/plan`);
	}
	for (let cursor: string | null = ''; cursor !== null;) {
		const page: ApiList<ApiViolation> = await product.get(
			`/api/v1/violations?limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
		);
		for (const {
			stream,
			chart,
			rule,
			side,
			firstAt,
			lastAt,
			endedAt,
			active,
			points,
			value,
			centre,
			sigma,
			state,
			context,
		} of page.items)
			content.violations[[stream.key, chart, rule, side, firstAt].join(' ')] = {
				lastAt,
				endedAt,
				active,
				points,
				value,
				centre,
				sigma,
				state,
				context,
			};
		cursor = page.cursor;
	}
	return content;
}

describe('a backup that is made while points come in', () => {
	const folder = tempFolder('backup');
	const [backup, restored] = [join(folder, 'backup'), join(folder, 'restored')];
	let original: Product;
	let taken: Ran;
	let acknowledgedBefore = 0;

	beforeAll(async () => {
		writeFileSync(
			join(folder, 'sigmascope.yaml'),
			'ownStreams: false\nstreams:\n  - { match: { key: "drill/s1" }, plan: { rules: [1] } }\n',
		);
		original = await startProduct({
			dataFolder: join(folder, 'data'),
			env: { SIGMASCOPE_CONFIG: join(folder, 'sigmascope.yaml') },
		});
		let next = 0;
		for (; next < 10; next++) await send(original, next);
		await level(original);
		const { items } = await original.get<ApiList<ApiViolation>>('/api/v1/violations?limit=1');
		await original.request(`/api/v1/violations/${items[0]?.id}/acknowledge`, { method: 'POST' });
		let done = false;
		acknowledgedBefore = next;
		const making = cli(['backup', backup, '--url', original.url], { SIGMASCOPE_DATA: original.dataFolder });
		void making.then(() => (done = true));
		while (!done && next < BATCHES - 10) await send(original, next++);
		taken = await making;
		for (; next < BATCHES; next++) await send(original, next);
	}, 240_000);

	afterAll(async () => {
		await original.stop();
		removeFolder(folder);
	});

	it('is there under its name, complete, and for its owner only', () => {
		expect(taken).toMatchObject({ code: 0, output: expect.stringContaining('everything as of') as string });
		const names = readdirSync(backup).sort();
		expect(names).toEqual(['clickhouse.tar', 'journal.db', 'manifest.json', 'metadata.db', 'sigmascope.yaml']);
		expect(names.map((name) => statSync(join(backup, name)).mode & 0o777)).toEqual(names.map(() => 0o600));
		expect(statSync(backup).mode & 0o777).toBe(0o700);
	});
	it('leaves nothing behind in the data folder', () => {
		expect(readdirSync(join(original.dataFolder, 'backups'))).toEqual([]);
		expect(readdirSync(join(original.dataFolder, 'clickhouse', 'backups'))).toEqual([]);
	});
	it('is not written over', async () => {
		const again = await cli(['backup', backup, '--url', original.url], { SIGMASCOPE_DATA: original.dataFolder });
		expect(again).toMatchObject({ code: 2, output: expect.stringMatching(/there is something already/) as string });
	});
	it('is not restored into a folder that has something', async () => {
		const ran = await cli(['restore', backup], { SIGMASCOPE_DATA: original.dataFolder });
		expect(ran).toMatchObject({ code: 2, output: expect.stringMatching(/is not empty/) as string });
	});

	it(
		'restored, it has every point acknowledged before it once, and goes on to what a straight run comes to',
		{ timeout: 240_000 },
		async () => {
			const ran = await cli(['restore', backup, '--config', join(folder, 'restored.yaml')], {
				SIGMASCOPE_DATA: restored,
			});
			expect(ran).toMatchObject({ code: 0, output: expect.stringContaining('restored') as string });
			expect(readFileSync(join(folder, 'restored.yaml'), 'utf8')).toContain('drill/s1');
			const product = await startProduct({
				dataFolder: restored,
				env: { SIGMASCOPE_CONFIG: join(folder, 'sigmascope.yaml') },
			});
			try {
				const before = await contentOf(product);
				const acknowledged = Array.from(
					{ length: acknowledgedBefore * POINTS },
					(_, i) => FIRST_MICROS + i * 1_000_000,
				);
				for (let i = 0; i < 6; i++) {
					const { t } = before.points[`drill/s${i}`] ?? { t: [] };
					expect(t.slice(0, acknowledged.length)).toEqual(acknowledged);
					expect(new Set(t).size).toBe(t.length);
				}
				for (let index = 0; index < BATCHES; index++) await send(product, index);
				const [got, wanted] = [await contentOf(product), await contentOf(original)];
				// One after the other, so that a difference is short enough to be shown.
				for (const part of ['points', 'thinned', 'plans', 'violations'] as const)
					for (const key of Object.keys({ ...wanted[part], ...got[part] }))
						expect([part, key, got[part][key]]).toEqual([part, key, wanted[part][key]]);
			} finally {
				await product.stop();
			}
		},
	);

	const damages: readonly (readonly [name: string, damage: (folder: string) => void, word: RegExp])[] = [
		['a flipped byte in the store', (at) => flip(join(at, 'clickhouse.tar')), /clickhouse\.tar has changed/],
		['a flipped byte in the journal', (at) => flip(join(at, 'journal.db')), /journal\.db has changed/],
		['a cut file', (at) => truncateSync(join(at, 'metadata.db'), 100), /metadata\.db has 100 bytes/],
		[
			'a changed manifest',
			(at) => edit(join(at, 'manifest.json'), /"takenAt": "20/, '"takenAt": "19'),
			/manifest\.json has been changed/,
		],
		['a manifest that is cut', (at) => truncateSync(join(at, 'manifest.json'), 50), /cannot be read/],
		['no manifest', (at) => removeFolder(join(at, 'manifest.json')), /no backup, or an unfinished one/],
		['a missing file', (at) => removeFolder(join(at, 'clickhouse.tar')), /clickhouse\.tar is missing/],
	];
	it.each(damages)('%s is recognised', async (_, damage, word) => {
		const copy = join(tempFolder('damaged'), 'backup');
		mkdirSync(copy);
		for (const name of readdirSync(backup)) writeFileSync(join(copy, name), readFileSync(join(backup, name)));
		damage(copy);
		await expect(verifyBackup(copy, { version: readVersion() })).rejects.toThrow(word);
		removeFolder(join(copy, '..'));
	});
	it('a damaged backup leaves the folder that it was to fill as it was', async () => {
		flip(join(backup, 'clickhouse.tar'));
		const ran = await cli(['restore', backup], { SIGMASCOPE_DATA: join(folder, 'untouched') });
		expect(ran).toMatchObject({ code: 2, output: expect.stringMatching(/Nothing was written/) as string });
		expect(existsSync(join(folder, 'untouched'))).toBe(false);
	});
	it('one of a newer version is refused by name', async () => {
		await expect(verifyBackup(backup, { version: '0.0.0' })).rejects.toThrow(/made by Sigmascope/);
	});
	it('a folder in which a restore was cut short is not started on', async () => {
		const cut = join(folder, 'cut');
		mkdirSync(cut);
		appendFileSync(join(cut, 'restoring'), '');
		await expect(startProduct({ dataFolder: cut })).rejects.toThrow(/a restore into it was cut short/);
	});
});

function flip(file: string): void {
	const bytes = readFileSync(file);
	const at = Math.floor(bytes.length / 2);
	bytes[at] = (bytes[at] ?? 0) ^ 1;
	writeFileSync(file, bytes);
}

function edit(file: string, what: RegExp, by: string): void {
	writeFileSync(file, readFileSync(file, 'utf8').replace(what, by));
}
