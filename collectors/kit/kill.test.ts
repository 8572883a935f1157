import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestHub, type TestHub } from './testing/hub.ts';
import { createRandom } from '#rules/testing/random.ts';
import { until } from '#tests/support/until.ts';

const POINTS = 20_000;
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

function run(spoolOptions: object = {}): { child: ChildProcess; exited: Promise<number | null> } {
	const args = [PROGRAM, hub.url, folder, String(POINTS), String(FROM_MICROS), JSON.stringify(spoolOptions)];
	const started = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
	child = started;
	return { child: started, exited: new Promise((resolve) => started.on('exit', (code) => resolve(code))) };
}

function hasDropped(): boolean {
	const db = new DatabaseSync(join(folder, 'counter', 'queue.sqlite'));
	try {
		return hub.gaps.length > 0 || db.prepare('SELECT 1 FROM items WHERE dropped = 1').get() !== undefined;
	} finally {
		db.close();
	}
}

describe('a collector that is killed again and again', () => {
	it('delivers every value exactly once and in order, also to a hub with bad manners', async () => {
		const random = createRandom(7);
		hub.manners.dropAck = () => random() < 0.3;
		hub.manners.doubleAck = () => random() < 0.3;
		hub.manners.cut = () => random() < 0.02;
		hub.manners.retry = () => random() < 0.02;
		for (let kill = 0; kill < KILLS; kill++) {
			const { child: victim, exited } = run();
			const goal = hub.points.length + Math.floor((random() * POINTS) / KILLS / 3);
			await until(() => hub.points.length > Math.min(goal, POINTS - 1));
			victim.kill('SIGKILL');
			await exited;
		}
		expect(await run().exited).toBe(0);
		expect(hub.points.map((point) => point.v)).toEqual(Array.from({ length: POINTS }, (_, n) => n));
		expect(hub.offences).toEqual([]);
		expect(new Set(hub.hellos.map((hello) => hello.epoch)).size).toBe(1);
	}, 90_000);

	it.each(['drop-oldest', 'drop-newest'] as const)(
		'while the hub is away, and whose full queue does %s, has a gap for each value that does not arrive',
		async (whenFull) => {
			const random = createRandom(11);
			const spoolOptions = { maxMegabytes: 0.02, whenFull };
			// On a slow machine the queue is full later.
			for (let kill = 0; kill < KILLS / 2 || !hasDropped(); kill++) {
				hub.manners.unauthorized = kill % 2 === 0;
				hub.cutAll();
				const { child: victim, exited } = run(spoolOptions);
				const file = join(folder, 'counter', 'queue.sqlite-wal');
				const before = existsSync(file) ? statSync(file).mtimeMs : 0;
				await until(() => existsSync(file) && statSync(file).mtimeMs > before);
				// No condition to wait for: any moment will do.
				await delay(random() * 120);
				victim.kill('SIGKILL');
				await exited;
			}
			hub.manners.unauthorized = false;
			expect(await run(spoolOptions).exited).toBe(0);
			const times = hub.points.map((point) => point.tMicros);
			expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
			const arrived = new Set(times);
			const missing = Array.from({ length: POINTS }, (_, n) => FROM_MICROS + n).filter((t) => !arrived.has(t));
			expect(missing.length).toBeGreaterThan(0);
			expect(missing.filter((t) => !hub.gaps.some(({ from, to }) => from <= t && t <= to))).toEqual([]);
			expect(new Set(hub.gaps.map((gap) => gap.reason))).toEqual(new Set(['dropped: the queue was full']));
			expect(hub.offences).toEqual([]);
		},
		90_000,
	);
});
