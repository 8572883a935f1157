import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codeCache, descendants, removeFolder, startProduct, tempFolder } from '../product.ts';
import { until } from '../support/until.ts';

const folders: string[] = [];
afterAll(() => folders.forEach(removeFolder));

function fresh(): string {
	const folder = tempFolder('start');
	folders.push(folder);
	return folder;
}

/** Starts it where it cannot run. @returns exit code and what it said */
function start(env: Readonly<Record<string, string>>, args: readonly string[] = []) {
	const { status, stderr } = spawnSync(
		process.execPath,
		['--disable-warning=ExperimentalWarning', 'src/main.ts', ...args],
		{
			env: { PATH: process.env.PATH ?? '', ...codeCache(), PORT: '0', SIGMASCOPE_DEMO: '0', ...env },
			encoding: 'utf8',
			timeout: 30_000,
		},
	);
	return { status, lines: stderr.trim().split('\n') };
}

describe('a start that cannot work says why in one line and ends with 1', () => {
	const f = (result: ReturnType<typeof start>, line: RegExp) => {
		expect(result.lines.join('\n')).toMatch(line);
		expect(result.lines).toHaveLength(1);
		expect(result.status).toBe(1);
	};
	it('port taken', async () => {
		const taken = createServer().listen(0, '127.0.0.1');
		await until(() => taken.listening);
		const { port } = taken.address() as AddressInfo;
		f(
			start({ PORT: String(port), SIGMASCOPE_DATA: fresh() }),
			/^sigmascope: cannot listen on 127\.0\.0\.1:\d+: the port is taken; PORT/,
		);
		taken.close();
	});
	it('port that is none', () => f(start({ PORT: 'http', SIGMASCOPE_DATA: fresh() }), /^sigmascope: .*PORT.*http/));
	it('data folder that is a file', () => {
		const file = join(fresh(), 'data');
		writeFileSync(file, '');
		f(start({ SIGMASCOPE_DATA: file }), /^sigmascope: cannot use the data folder/);
	});
	it('configuration file that is not there', () =>
		f(
			start({ SIGMASCOPE_DATA: fresh(), SIGMASCOPE_CONFIG: '/nowhere/sigmascope.yaml' }),
			/^sigmascope: SIGMASCOPE_CONFIG: there is no file "\/nowhere/,
		));
	it('a fault in the configuration, with file, line and column', () => {
		const file = join(fresh(), 'sigmascope.yaml');
		writeFileSync(file, 'site: plant-a\ncolectors: []\n');
		f(start({ SIGMASCOPE_DATA: fresh(), SIGMASCOPE_CONFIG: file }), /sigmascope\.yaml:2:1 .*colectors.*collectors/);
	});
	it('a role that this version does not have', () =>
		f(start({ SIGMASCOPE_DATA: fresh() }, ['--role', 'web']), /role "web"/));
});

describe('a product that runs', () => {
	it('keeps its data folder to itself, and stops with 0 and without leaving a process behind', async () => {
		const product = await startProduct();
		const second = start({ SIGMASCOPE_DATA: product.dataFolder });
		expect(second.lines.join('\n')).toMatch(/another Sigmascope runs on it/);
		expect(second.status).toBe(1);
		await until(() => product.children('embedded/main.ts').length > 0);
		const all = descendants(product.pid);
		expect(await product.stop()).toBe(0);
		for (const pid of all) expect(() => process.kill(pid, 0)).toThrow();
		removeFolder(product.dataFolder);
	});
	it('prints no secret but the start link', async () => {
		const product = await startProduct();
		await product.request('/api/v1/streams?token=canary-in-a-query');
		await fetch(`${product.url}/api/v1/streams`, { headers: { authorization: 'Bearer canary-key' } });
		await product.stop();
		expect(product.output()).not.toMatch(/canary/);
		expect(product.output()).not.toContain(product.key);
		removeFolder(product.dataFolder);
	});
});
