import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '#contracts/error.ts';
import { until } from '#tests/support/until.ts';
import { spawnEmbedded } from './spawn.ts';
import type { EmbeddedStore } from './spawn.ts';
import { clientOf, isAlive, silent } from './testing.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function newFolder(): Promise<string> {
	const folder = await mkdtemp(path.join(tmpdir(), 'sigmascope-spawn-'));
	cleanups.push(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

async function start(dataFolder: string, at?: { port: number; password: string }): Promise<EmbeddedStore> {
	const server = await spawnEmbedded({ dataFolder, log: silent, ...(at ? { at } : {}) });
	cleanups.push(() => server.stop());
	return server;
}

async function one<T>(server: EmbeddedStore, query: string): Promise<T[]> {
	const client = clientOf(server);
	try {
		return await (await client.query({ query, format: 'JSONEachRow' })).json<T>();
	} finally {
		await client.close();
	}
}

describe('the embedded server as a process', () => {
	it('SIGTERM ends it with code 0, and what runs then is finished first', async () => {
		const server = await start(await newFolder());
		const running = one(server, 'SELECT sleep(1) AS x');
		await until(async () => {
			const query = "SELECT count() AS n FROM system.processes WHERE query LIKE 'SELECT sleep%'";
			return (await one<{ n: number }>(server, query))[0]?.n === 1;
		});
		process.kill(server.pid, 'SIGTERM');
		expect(await running).toEqual([{ x: 0 }]);
		expect(await server.exited).toEqual({ code: 0, signal: null });
	});

	it('the engine is in that process and not in ours: the end of any worker thread here would close it', async () => {
		const server = await start(await newFolder());
		expect(await readFile(`/proc/${server.pid}/maps`, 'utf8')).toContain('libchdb');
		expect(await readFile('/proc/self/maps', 'utf8')).not.toContain('libchdb');
	});

	it('a restart is found at the same address with the same password, and has everything', async () => {
		const folder = await newFolder();
		const first = await start(folder);
		const client = clientOf(first);
		await client.command({ query: 'CREATE DATABASE kept ENGINE = Atomic' });
		process.kill(first.pid, 'SIGKILL');
		await first.exited;
		await start(folder, first);
		const result = await client.query({
			query: "SELECT name FROM system.databases WHERE name = 'kept'",
			format: 'JSONEachRow',
		});
		expect(await result.json()).toEqual([{ name: 'kept' }]);
		await client.close();
	});

	it('a second one on the same folder is told so in one line, and the first is unharmed', async () => {
		const folder = await newFolder();
		const first = await start(folder);
		const second = spawnEmbedded({ dataFolder: folder, log: silent });
		await expect(second).rejects.toThrow(ConfigError);
		await expect(second).rejects.toThrow(`cannot open data folder "${folder}": process ${first.pid} is using it`);
		expect(await one(first, 'SELECT 1 AS x')).toEqual([{ x: 1 }]);
	});

	it('a folder that cannot be written is told', async () => {
		const file = path.join(await newFolder(), 'file');
		await writeFile(file, '');
		await expect(spawnEmbedded({ dataFolder: file, log: silent })).rejects.toThrow(/cannot start the store/);
	});

	it('a port that is taken is told', async () => {
		const first = await start(await newFolder());
		const second = spawnEmbedded({
			dataFolder: await newFolder(),
			log: silent,
			at: { port: first.port, password: 'x' },
		});
		await expect(second).rejects.toThrow(/EADDRINUSE/);
	});

	it('it ends when its parent was killed, also in the midst of queries', async () => {
		const { parent, pid } = await startParent(await newFolder());
		expect(isAlive(pid)).toBe(true);
		process.kill(parent, 'SIGKILL');
		await until(() => !isAlive(pid), 5_000);
	});

	it('started by hand it says whose child it is', async () => {
		const main = fileURLToPath(new URL('./main.ts', import.meta.url));
		const child = spawn(process.execPath, [main], { stdio: ['ignore', 'ignore', 'pipe'] });
		const lines: string[] = [];
		createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
		const code = await new Promise((resolve) => child.once('close', resolve));
		expect(code).toBe(2);
		expect(lines).toEqual(['sigmascope store: this is a child process; `sigmascope start` starts it']);
	});
});

/** A process of its own that starts the server and keeps it busy with a query that takes longer than the grace. */
async function startParent(dataFolder: string): Promise<{ parent: number; pid: number }> {
	const script = `
		import { spawnEmbedded } from ${JSON.stringify(new URL('./spawn.ts', import.meta.url).href)};
		const log = { warn() {} };
		const server = await spawnEmbedded({ dataFolder: ${JSON.stringify(dataFolder)}, log });
		const headers = { 'X-ClickHouse-User': server.username, 'X-ClickHouse-Key': server.password };
		fetch(server.url, { method: 'POST', body: 'SELECT sleep(3)', headers });
		setTimeout(() => console.log(server.pid), 200);`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	cleanups.push(async () => void child.kill('SIGKILL'));
	const pid = await new Promise<number>((resolve) => {
		createInterface({ input: child.stdout }).once('line', (line) => resolve(Number(line)));
	});
	return { parent: child.pid ?? 0, pid };
}
