import { spawnSync } from 'node:child_process';
import {
	closeSync,
	existsSync,
	mkdtempSync,
	openSync,
	readdirSync,
	rmSync,
	statSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createLife, type Life } from './life.ts';
import { counter } from './testing/counter.ts';
import { createTestHub, type TestHub } from './testing/hub.ts';
import { until } from '#tests/support/until.ts';

const FROM_MICROS = 1_700_000_000_000_000;
let folder: string;
let hub: TestHub;
let life: Life | undefined;
const logged: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(String(JSON.parse(line).msg)) });

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'damage-'));
	hub = await createTestHub();
	logged.length = 0;
});
afterEach(async () => {
	await life?.stop();
	await hub.close();
	rmSync(folder, { recursive: true });
});

function count(until: number, spoolFolder = folder): Life {
	life = createLife({
		name: 'counter',
		typeName: 'counter',
		type: counter,
		options: { until, fromMicros: FROM_MICROS },
		spoolOptions: {},
		site: undefined,
		hubUrl: hub.url,
		key: 'key',
		spoolFolder,
		log,
		clock: systemClock(),
		random: () => 0,
	});
	return life;
}

const file = () => join(folder, 'counter', 'queue.sqlite');
const kept = () => readdirSync(join(folder, 'counter')).filter((name) => name.includes('damaged'));
const values = () => hub.points.map((point) => point.v);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

/** A queue of a collector that has counted while the hub was away, and has ended. */
async function leaveBacklog(points: number): Promise<void> {
	hub.manners.unauthorized = true;
	const first = count(points);
	await until(() => first.status().state === 'ended' && first.status().spool.depth === points);
	await first.stop();
	hub.manners.unauthorized = false;
}

function overwrite(from: number): void {
	const handle = openSync(file(), 'r+');
	writeSync(handle, Buffer.alloc(statSync(file()).size - from, 0x5a), 0, undefined, from);
	closeSync(handle);
}

describe('a damaged queue', () => {
	it('that is no database is set aside, and a new one begins with what the source still has', async () => {
		await leaveBacklog(100);
		writeFileSync(file(), 'this was a queue once, before the disk died');
		const again = count(100);
		await until(() => hub.points.length === 100 && again.status().spool.depth === 0);
		expect(values()).toEqual(upTo(100));
		expect(kept()).toEqual([expect.stringMatching(/^queue\.sqlite\.damaged-\d+$/)]);
		expect(logged.join()).toMatch(
			/the queue ".*queue\.sqlite" is damaged \(file is not a database\) and was set aside as "queue\.sqlite\.damaged-\d+"/,
		);
	});

	it('whose damage shows only when it is read is set aside then', async () => {
		await leaveBacklog(5000);
		// Behind the first pages: it opens, and its sums may still be read.
		overwrite(5 * 4096);
		const again = count(5000);
		await until(() => hub.points.length >= 5000 && again.status().spool.depth === 0);
		expect(values().slice(-5000)).toEqual(upTo(5000));
		expect(kept().length).toBeGreaterThan(0);
		expect(hub.offences).toEqual([]);
	});

	it('of which a stream cannot be read is one', async () => {
		await leaveBacklog(10);
		expect(spawnSync(process.execPath, ['-e', SPOIL, file()]).status).toBe(0);
		count(10);
		await until(() => hub.points.length === 10);
		expect(logged.join()).toContain('is damaged (a stream cannot be read)');
	});
});

const SPOIL = `const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(process.argv[1]); db.exec("UPDATE streams SET declaration = '{'"); db.close();`;

const disk = mkdtempSync(join(tmpdir(), 'spool-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0;
const note = mounted ? '' : ' (skipped: needs the right to mount a tmpfs)';

afterAll(() => {
	if (mounted) spawnSync('umount', [disk]);
	rmSync(disk, { recursive: true });
});

describe.skipIf(!mounted)(`a full disk under the queue${note}`, () => {
	it('makes the source wait, says so, and loses nothing once there is room', async () => {
		hub.manners.unauthorized = true;
		const waits = count(60_000, disk);
		await until(() => waits.status().lastError?.message.includes('free some space on its disk') === true);
		const before = waits.status().points;
		expect([waits.status().state, before > 0 && before < 60_000]).toEqual(['running', true]);
		expect(existsSync(join(disk, 'counter', 'queue.sqlite'))).toBe(true);
		hub.manners.unauthorized = false;
		spawnSync('mount', ['-o', 'remount,size=64m', disk]);
		await until(() => hub.points.length === 60_000, 25_000);
		expect(values()).toEqual(upTo(60_000));
		expect([waits.status().restarts, waits.status().spool.dropped, hub.gaps]).toEqual([0, 0, []]);
	});
});
