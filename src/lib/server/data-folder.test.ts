import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDataFolder } from './data-folder.ts';

function fresh(): string {
	const folder = mkdtempSync(join(tmpdir(), 'data-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return join(folder, 'data');
}

describe('the data folder', () => {
	it('keeps its start token from one start to the next', () => {
		const path = fresh();
		const first = openDataFolder(path);
		first.release();
		const second = openDataFolder(path);
		expect(second.startToken()).toBe(first.startToken());
		second.release();
	});
	it('keeps the start token to its owner', () => {
		const path = fresh();
		openDataFolder(path).release();
		expect(statSync(join(path, 'start-token')).mode & 0o777).toBe(0o600);
	});
	it('refuses a second product with one line that says why', () => {
		const path = fresh();
		const held = openDataFolder(path);
		expect(() => openDataFolder(path)).toThrow(/another Sigmascope runs on it/);
		held.release();
	});
	it('is free again after a kill -9', () => {
		const path = fresh();
		const script = `import { openDataFolder } from '#server/data-folder.ts'; openDataFolder(${JSON.stringify(path)}); process.kill(process.pid, 'SIGKILL');`;
		const killed = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
			cwd: process.cwd(),
		});
		expect(killed.signal).toBe('SIGKILL');
		openDataFolder(path).release();
	});
	it('that is a file is a clear error', () => {
		const path = fresh();
		writeFileSync(path, '');
		expect(() => openDataFolder(path)).toThrow(/cannot use the data folder/);
	});
});
