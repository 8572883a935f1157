import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestHub, type TestHub } from './testing/hub.ts';
import { createRandom } from '#rules/testing/random.ts';
import { until } from '#tests/support/until.ts';

const POINTS = 8000;
const KILLS = 10;
const FROM_MICROS = 1_700_000_000_000_000;
const PROGRAM = fileURLToPath(new URL('./testing/counter-process.ts', import.meta.url));

let hub: TestHub;
let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
	hub = await createTestHub();
	folder = mkdtempSync(join(tmpdir(), 'kill-'));
});
afterEach(async () => {
	child?.kill('SIGKILL');
	await hub.close();
	rmSync(folder, { recursive: true });
});

function run(): { child: ChildProcess; exited: Promise<number | null> } {
	const args = [PROGRAM, hub.url, folder, String(POINTS), String(FROM_MICROS)];
	const started = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
	child = started;
	return { child: started, exited: new Promise((resolve) => started.on('exit', (code) => resolve(code))) };
}

describe('a collector that is killed again and again, before a hub with bad manners', () => {
	it('delivers every value exactly once and in order', async () => {
		const random = createRandom(7);
		hub.manners.dropAck = () => random() < 0.3;
		hub.manners.doubleAck = () => random() < 0.3;
		hub.manners.cut = () => random() < 0.02;
		hub.manners.retry = () => random() < 0.02;
		for (let kill = 0; kill < KILLS; kill++) {
			const { child: victim, exited } = run();
			const goal = hub.points.length + Math.floor((random() * POINTS) / KILLS / 3);
			await until(() => hub.points.length > goal);
			victim.kill('SIGKILL');
			await exited;
		}
		expect(await run().exited).toBe(0);
		expect(hub.points.map((point) => point.v)).toEqual(Array.from({ length: POINTS }, (_, n) => n));
		expect(hub.offences).toEqual([]);
		expect(new Set(hub.hellos.map((hello) => hello.epoch)).size).toBe(1);
	}, 90_000);
});
