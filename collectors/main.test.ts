import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestHub, type TestHub } from './kit/testing/hub.ts';
import { until } from '#tests/support/until.ts';
import type { CollectorsStatus, FromCollectors } from './messages.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
let folder: string;
let hub: TestHub;
let child: ChildProcess | undefined;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'main-'));
	hub = await createTestHub();
});
afterEach(async () => {
	child?.kill('SIGKILL');
	await hub.close();
	rmSync(folder, { recursive: true });
});

const setup = () => ({
	hubUrl: hub.url,
	key: 'key',
	spoolFolder: folder,
	collectors: [{ name: 'demo', type: 'simulator', warmup: '10s', isolate: false }],
});

function start() {
	const started = fork(MAIN, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
	child = started;
	const statuses: CollectorsStatus[] = [];
	started.on('message', (message: FromCollectors) => statuses.push(message.status));
	return { child: started, statuses, exited: once(started, 'exit') };
}

describe('the process of the collectors', () => {
	it('does what its parent says, and tells it how it goes', async () => {
		const { child: collectors, statuses } = start();
		collectors.send({ configure: setup() });
		await until(() => hub.points.length > 100);
		await until(() => (statuses.at(-1)?.collectors[0]?.points ?? 0) > 100);
		expect(statuses.at(-1)?.collectors[0]).toMatchObject({ name: 'demo', state: 'running', connected: true });
	});

	it('ends cleanly on SIGTERM', async () => {
		const { child: collectors, exited } = start();
		collectors.send({ configure: setup() });
		await until(() => hub.points.length > 100);
		collectors.kill('SIGTERM');
		expect(await exited).toEqual([0, null]);
	});

	it('ends when the channel to its parent closes', async () => {
		const { child: collectors, exited } = start();
		collectors.send({ configure: setup() });
		await until(() => hub.points.length > 100);
		collectors.disconnect();
		expect(await exited).toEqual([0, null]);
	});

	it('does not take a setup that is none', async () => {
		const { child: collectors, exited } = start();
		collectors.send({ configure: { ...setup(), hubUrl: 'nowhere' } });
		expect(await exited).toEqual([1, null]);
	});

	it('runs by hand from a file', async () => {
		const file = join(folder, 'setup.json');
		writeFileSync(file, JSON.stringify(setup()));
		child = spawn(process.execPath, [MAIN, file], { stdio: 'ignore' });
		await until(() => hub.points.length > 100);
		const exited = once(child, 'exit');
		child.kill('SIGTERM');
		expect(await exited).toEqual([0, null]);
	});

	it('says what it wants when it is given nothing', async () => {
		const lone = spawn(process.execPath, [MAIN], { stdio: ['ignore', 'pipe', 'ignore'] });
		child = lone;
		let said = '';
		lone.stdout.on('data', (text: Buffer) => (said += text.toString()));
		expect(await once(lone, 'close')).toEqual([1, null]);
		expect(said).toContain('start me with a parent, or with the path of a setup file');
	});
});
