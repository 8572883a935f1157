import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '#tests/support/until.ts';
import { spawnEmbedded } from './embedded/spawn.ts';
import type { EmbeddedStore } from './embedded/spawn.ts';
import { clientOf, silent } from './embedded/testing.ts';
import { DATABASE, storeOf } from './testing/store.ts';
import type { SenderStart } from './testing/sender.ts';

const now = () => Date.now() * 1000;
const ROWS_PER_RECORD = 40;
const ROUNDS = 8;

let folder: string;
let server: EmbeddedStore;
let sender: ChildProcess | undefined;
let acknowledged = 0;
let isDone = false;

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'sigmascope-kill-'));
	server = await spawnEmbedded({ dataFolder: path.join(folder, 'store'), log: silent });
	const store = storeOf(server, now);
	await store.migrate();
	await store.close();
});
afterAll(async () => {
	sender?.kill('SIGKILL');
	await server.stop();
	await rm(folder, { recursive: true, force: true });
});

function startSender(): ChildProcess {
	const child = fork(path.join(import.meta.dirname, 'testing/sender.ts'), [], { execArgv: [] });
	child.on('message', (message: { acknowledged?: number; done?: true }) => {
		acknowledged = Math.max(acknowledged, message.acknowledged ?? 0);
		isDone = message.done ?? false;
	});
	const { url, username, password } = server;
	const start: SenderStart = {
		file: path.join(folder, 'journal.db'),
		server: { url, username, password },
		rowsPerRecord: ROWS_PER_RECORD,
	};
	child.send(start);
	return child;
}

const gone = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

it(
	'killed again and again, store and writer lose and double nothing, in points and in rollups',
	{ timeout: 120_000 },
	async () => {
		sender = startSender();
		for (let round = 0; round < ROUNDS; round += 1) {
			const goal = acknowledged + 300;
			await until(() => acknowledged >= goal);
			if (round % 2 === 0) {
				process.kill(server.pid, 'SIGKILL');
				await server.exited;
				server = await spawnEmbedded({ dataFolder: path.join(folder, 'store'), log: silent, at: server });
			} else {
				const ended = gone(sender);
				sender.kill('SIGKILL');
				await ended;
				sender = startSender();
			}
		}
		sender.send('finish');
		await until(() => isDone, 60_000);

		const client = clientOf(server, { database: DATABASE });
		const one = async (sql: string) =>
			Number((await (await client.query({ query: sql, format: 'JSONEachRow' })).json<{ n: string }>())[0]?.n);
		const expected = acknowledged * ROWS_PER_RECORD;
		expect(await one('SELECT uniqExact(stream_id, t) AS n FROM points')).toBe(expected);
		expect(await one('SELECT count() AS n FROM points')).toBe(expected);
		expect(await one('SELECT sum(points_1m.n) AS n FROM points_1m')).toBe(expected);
		expect(await one('SELECT sum(flags) AS n FROM points')).toBe(0);
		await client.close();
	},
);
