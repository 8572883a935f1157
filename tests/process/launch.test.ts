import { spawn } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { descendants, killIfThere, removeFolder, tempFolder } from '../product.ts';
import { until } from '../support/until.ts';

const folder = tempFolder('launch');
afterAll(() => removeFolder(folder));

async function npmStart() {
	const env = { ...process.env, PORT: '0', SIGMASCOPE_DATA: folder, SIGMASCOPE_DEMO: '1' };
	const npm = spawn('npm', ['start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
	let text = '';
	npm.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
	// The launcher, the hub, its store and its collectors.
	await until(() => text.includes('?token=') && all().length >= 4).catch((error: unknown) => {
		for (const pid of [...all(), npm.pid ?? 0]) if (pid > 0) killIfThere(pid);
		throw error;
	});
	function all() {
		return descendants(npm.pid ?? 0);
	}
	return { npm, all };
}

const isThere = (pid: number) => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

describe('npm start', () => {
	it('passes SIGTERM on: everything ends, with exit code 0', async () => {
		const { npm, all } = await npmStart();
		const started = all();
		const exited = new Promise((resolve) => npm.once('exit', resolve));
		npm.kill('SIGTERM');
		expect(await exited).toBe(0);
		expect(started.filter(isThere)).toEqual([]);
	});
	it('leaves nothing running when npm is killed with -9', async () => {
		const { npm, all } = await npmStart();
		const started = all();
		npm.kill('SIGKILL');
		await until(() => started.every((pid) => !isThere(pid))).finally(() => started.forEach(killIfThere));
	});
});
