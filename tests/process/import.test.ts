import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiLimits, ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import { codeCache, removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';

const NAB = '../shared/data/nab/machine_temperature_system_failure.csv';
const note = existsSync(NAB) ? '' : ` (skipped: ${NAB} is not there)`;

let product: Product;
beforeAll(async () => (product = await startProduct()));
afterAll(async () => {
	await product.stop();
	removeFolder(product.dataFolder);
});

function run(...args: string[]) {
	return runWith({}, ...args);
}

function runWith(env: Readonly<Record<string, string>>, ...args: string[]) {
	const node = [process.execPath, '--disable-warning=ExperimentalWarning', 'src/cli/main.ts', 'import'] as const;
	const { status, stdout, stderr } = spawnSync(node[0], [...node.slice(1), ...args, '--url', product.url], {
		env: {
			PATH: process.env.PATH ?? '',
			...codeCache(),
			SIGMASCOPE_API_KEY: product.key,
			SIGMASCOPE_DATA: product.dataFolder,
			...env,
		},
		timeout: 20_000,
		encoding: 'utf8',
	});
	return { status, stdout, stderr };
}

async function streamOf(key: string): Promise<ApiStream> {
	return until(async () => {
		const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000');
		return items.find((stream) => stream.key === key && stream.last);
	});
}

async function pointsOf(key: string, count: number): Promise<ApiPoints> {
	const { id } = await streamOf(key);
	return until(async () => {
		const points = await product.get<ApiPoints>(`/api/v1/streams/${id}/points?from=0&to=${Date.now() * 1000}`);
		return points.t.length === count && points;
	});
}

describe('sigmascope import', () => {
	it('brings a file in with its own times and names the rows that it cannot read', async () => {
		const file = join(product.dataFolder, 'lab.csv');
		writeFileSync(
			file,
			'when,°C\n2013-12-02 21:15:00,1.5\n2013-12-02 21:20:00,\n2013-12-02 21:25:00,many\n2013-12-02 21:30:00,2.5\n',
		);
		const { status, stdout } = run(file, '--stream', 'lab/t', '--time', 'when', '--value', '°C', '--unit', '°C');
		expect(stdout).toMatch(/2 points/);
		expect(stdout).toMatch(/lab\.csv:4/);
		expect(status).toBe(3);
		const points = await pointsOf('lab/t', 2);
		expect(points.t).toEqual([Date.UTC(2013, 11, 2, 21, 15) * 1000, Date.UTC(2013, 11, 2, 21, 30) * 1000]);
		expect(points.v).toEqual([1.5, 2.5]);
		// The engine has the points before the store has the gap.
		await until(async () => (await pointsOf('lab/t', 2)).gaps.length > 0);
	});
	it('sends nothing twice when it is run again', async () => {
		const file = join(product.dataFolder, 'again.csv');
		writeFileSync(file, 'timestamp,value\n2013-12-02 21:15:00,1\n2013-12-02 21:20:00,2\n');
		expect(run(file, '--stream', 'lab/again').stdout).toMatch(/^2 points/);
		expect(run(file, '--stream', 'lab/again').stdout).toMatch(/imported before/);
		await pointsOf('lab/again', 2);
	});
	it('brings line protocol and Parquet in, and knows without its notes what the hub has', async () => {
		const file = join(product.dataFolder, 'press.lp');
		writeFileSync(file, 'press,line=a t=1.5,p=2 1700000000\npress,line=b t=3 1700000001\n');
		expect(run(file, '--precision', 's').stdout).toMatch(/^3 points/);
		removeFolder(join(product.dataFolder, 'imports'));
		expect(run(file, '--precision', 's').stdout).toMatch(/imported before/);
		const parquet = 'src/cli/import/testing/zstd.parquet';
		expect(run(parquet, '--time', 'at', '--value', 'temperature').stdout).toMatch(/^9 points and 1 gaps/);
		await pointsOf('import/zstd', 9);
	});
	it('says what is wrong with a file that it cannot import', () => {
		expect(run('/nowhere.csv').stderr).toMatch(/cannot import \/nowhere\.csv: there is no such file/);
		const file = join(product.dataFolder, 'columns.csv');
		writeFileSync(file, 'a,b\n1,2\n');
		const { status, stderr } = run(file);
		expect([status, stderr]).toEqual([2, expect.stringMatching(/columns\.csv.*"timestamp"/)]);
	});
	it('ends at once with a file that has no header, or is none', () => {
		const file = join(product.dataFolder, 'empty.csv');
		writeFileSync(file, '');
		expect(run(file)).toMatchObject({ status: 2, stderr: expect.stringMatching(/empty\.csv.*must name the columns/) });
		expect(run(product.dataFolder)).toMatchObject({ status: 2, stderr: expect.stringMatching(/it is no file/) });
	});
	it('ends at once with a key that the hub does not know, or a site that is none', () => {
		const file = join(product.dataFolder, 'key.csv');
		writeFileSync(file, 'timestamp,value\n2013-12-02 21:15:00,1\n');
		const wrong = { SIGMASCOPE_API_KEY: 'not-a-key' };
		expect(runWith(wrong, file)).toMatchObject({ status: 2, stderr: expect.stringMatching(/does not know the key/) });
		expect(run(file, '--site', '../x')).toMatchObject({
			status: 2,
			stderr: expect.stringMatching(/a site is letters/),
		});
	});
	it.skipIf(!existsSync(NAB))(
		`stores and judges a real machine series from 2013${note}`,
		{ timeout: 60_000 },
		async () => {
			const { status } = run(NAB, '--stream', 'nab/temperature', '--unit', '°F');
			expect(status).toBe(0);
			// Twelve of its 22,695 times stand there twice.
			const points = await pointsOf('nab/temperature', 22_683);
			expect(points.t[0]).toBe(Date.UTC(2013, 11, 2, 21, 15) * 1000);
			const { id, openViolations } = await streamOf('nab/temperature');
			const limits = await product.get<ApiList<ApiLimits>>(`/api/v1/streams/${id}/limits`);
			expect(limits.items.find(({ chart }) => chart === 'i')).toMatchObject({
				rules: [1],
				method: 'overall-deviation',
				notes: ['provisional: autocorrelated'],
			});
			const { items } = await product.get<ApiList<unknown>>(`/api/v1/violations?stream=${id}&limit=500`);
			expect(items.length).toBeGreaterThan(100);
			expect(openViolations, 'history alerts nobody').toBe(0);
		},
	);
});
