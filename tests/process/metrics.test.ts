import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiSystem } from '#contracts/system.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';

const CANARY = 'canary-4711-canary-4711';
let product: Product;

beforeAll(async () => {
	product = await startProduct({
		dataFolder: tempFolder('metrics'),
		env: { SIGMASCOPE_DEMO: '1', SIGMASCOPE_LOG_LEVEL: 'trace' },
	});
	await until(async () => (await system()).rates.stored > 0, 60_000);
}, 90_000);
afterAll(async () => {
	await product.stop();
	removeFolder(product.dataFolder);
});

const system = () => product.get<ApiSystem>('/api/v1/system');
const text = async () => (await product.request('/metrics')).text();

describe('the metrics', () => {
	it('are those that docs/operating.md lists, and no others', async () => {
		const listed = [...readFileSync('docs/operating.md', 'utf8').matchAll(/^\| `(sigmascope_\w+)` \| (\w+) \|/gm)];
		const exposed = [...(await text()).matchAll(/^# TYPE (sigmascope_\w+) (\w+)$/gm)];
		const names = (found: RegExpExecArray[]) => found.map(([, name, type]) => `${name} ${type}`).sort();
		expect(names(exposed)).toEqual(names(listed));
	});
	it('follow the conventions: counters end in _total, units are base units', async () => {
		for (const [, name = '', type] of (await text()).matchAll(/^# TYPE (sigmascope_\w+) (\w+)$/gm)) {
			expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
			expect(name).not.toMatch(/_(ms|millis|micros|kb|mb|percent)(_|$)/);
		}
	});
	it('say of each reader of the journal how far behind it is', async () => {
		for (const reader of ['engine', 'store', 'cases'])
			expect(await text()).toMatch(new RegExp(`^sigmascope_reader_lag_seconds\\{reader="${reader}"\\} \\d`, 'm'));
	});
	it('say what each process takes', async () => {
		for (const name of ['hub', 'store', 'collectors'])
			expect(await text()).toMatch(new RegExp(`^sigmascope_process_memory_bytes\\{process="${name}"\\} \\d{7,}`, 'm'));
	});
});

describe('the system report', () => {
	it('has rates, queues and processes', async () => {
		const report = await until(async () => {
			const now = await system();
			return now.store !== null && now.processes.every(({ corePercent }) => corePercent !== null) && now;
		});
		expect(report.rates.accepted).toBeGreaterThan(0);
		expect(report.meanMs.commit).toBeGreaterThan(0);
		expect(report.store?.parts).toBeGreaterThan(0);
		expect(report.disk?.freeBytes).toBeGreaterThan(0);
		expect(report.collectors.map(({ name, state }) => [name, state])).toEqual([['demo', 'up']]);
	});
	it('names a process that was killed, and counts its new start', async () => {
		const [pid] = product.children('embedded/main.ts');
		process.kill(pid!, 'SIGKILL');
		const report = await until(async () => {
			const now = await system();
			return (now.restarts['store'] ?? 0) > 0 && now;
		});
		// On a busy machine something else may have been warned of since.
		expect(report.troubles).toContainEqual(
			expect.objectContaining({
				level: 'warn',
				part: 'store',
				message: expect.stringMatching(/store ended/) as string,
			}),
		);
		await until(async () => (await system()).parts['store'] === 'up', 30_000);
	});
});

describe('the log at its most talkative', () => {
	it('has no secret that came with a request, wherever it stood', async () => {
		const attempts: readonly [path: string, init: RequestInit][] = [
			[`/?token=${CANARY}`, {}],
			[`/api/v1/streams?key=${CANARY}`, {}],
			['/api/v1/streams', { headers: { authorization: `Bearer ${CANARY}` } }],
			['/api/v1/streams', { headers: { authorization: `Token ${CANARY}` } }],
			['/api/v1/streams', { headers: { cookie: `sigmascope=${CANARY}` } }],
			['/api/v2/write?token=' + CANARY, { method: 'POST', body: 'x' }],
			['/api/v1/points', { method: 'POST', body: `{"password":"${CANARY}"}`, headers: { 'x-sigmascope-key': CANARY } }],
			[`/%zz?api_key=${CANARY}`, {}],
		];
		for (const [path, init] of attempts) await (await product.request(path, init)).body?.cancel();
		const created = await product.request('/api/v1/keys', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ name: 'canary', site: 'default', scopes: ['write'] }),
		});
		const { key } = (await created.json()) as { key: string };
		await until(() => product.output().includes('/api/v1/keys'));
		// The greeting shows the start link, which is meant to be read.
		const lines = product
			.output()
			.split('\n')
			.filter((line) => line.startsWith('{'));
		expect(lines.length).toBeGreaterThan(attempts.length);
		const log = lines.join('\n');
		for (const secret of [CANARY, key, product.key, new URL(product.startLink).searchParams.get('token')!])
			expect(log.includes(secret)).toBe(false);
		expect(await text()).not.toContain(CANARY);
		expect(JSON.stringify(await system())).not.toContain(CANARY);
	});
	it('names each request by a number that its answer has, too', async () => {
		const answer = await product.request('/api/v1/streams?limit=1');
		const id = answer.headers.get('x-request-id') ?? '';
		expect(id).toMatch(/^[\w-]{8,}$/);
		await until(() => product.output().includes(`"request":"${id}"`));
	});
});
