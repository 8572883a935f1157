import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Finding } from '#server/doctor/finding.ts';
import { codeCache, removeFolder, startProduct, tempFolder } from '../product.ts';

function doctor(env: Readonly<Record<string, string>>, args: readonly string[] = ['--json']) {
	const ran = spawnSync(process.execPath, ['src/cli/main.ts', 'doctor', ...args], {
		env: { PATH: process.env.PATH ?? '', ...codeCache(), NODE_NO_WARNINGS: '1', ...env },
		encoding: 'utf8',
	});
	const findings = args.includes('--json') ? (JSON.parse(ran.stdout) as { findings: Finding[] }).findings : [];
	return { code: ran.status, text: ran.stdout, of: (check: string) => findings.find((one) => one.check === check) };
}

function folder(): string {
	const path = tempFolder('doctor');
	onTestFinished(() => removeFolder(path));
	return path;
}

describe('sigmascope doctor', () => {
	it('changes nothing where nothing is yet', () => {
		const path = join(folder(), 'data');
		const { code, of } = doctor({ SIGMASCOPE_DATA: path, PORT: '0' });
		expect([code, of('disk.fsync')?.level, of('config')?.level, existsSync(path)]).toEqual([0, 'ok', 'ok', false]);
	});
	it('prints faults of the configuration with their place, and fails', () => {
		const file = join(folder(), 'sigmascope.yaml');
		writeFileSync(file, 'colectors: []\n');
		const { code, text } = doctor({ SIGMASCOPE_CONFIG: file, PORT: '0' }, []);
		expect(code).toBe(1);
		expect(text).toMatch(
			/^fail {2}config .*sigmascope\.yaml:1:1 colectors: unknown key; did you mean "collectors"\?\n +→ /m,
		);
	});
	it('fails when somebody else has the port', async () => {
		const other = createServer().listen(0, '127.0.0.1');
		onTestFinished(() => void other.close());
		await once(other, 'listening');
		const { port } = other.address() as AddressInfo;
		expect(doctor({ PORT: String(port) }).of('port')).toMatchObject({ level: 'fail' });
	});
	it('warns when others can read the data, and tells how to mend it', () => {
		const path = folder();
		mkdirSync(join(path, 'data'));
		chmodSync(join(path, 'data'), 0o755);
		const { of } = doctor({ SIGMASCOPE_DATA: join(path, 'data'), PORT: '0' });
		expect(of('disk.permissions')).toMatchObject({
			level: 'warn',
			mend: expect.stringContaining('chmod go-rwx') as string,
		});
	});
	it('knows the server that runs', { timeout: 60_000 }, async () => {
		const product = await startProduct();
		onTestFinished(async () => {
			await product.stop();
			removeFolder(product.dataFolder);
		});
		const { of } = doctor({ SIGMASCOPE_DATA: product.dataFolder, PORT: new URL(product.url).port });
		expect(of('data.lock')?.found).toMatch(/held by a server/);
		expect(of('port')?.found).toMatch(/answered by a Sigmascope/);
		expect(of('server')?.found).toMatch(/^(ready|degraded)/);
		expect(of('clock.offset')?.level).toBe('ok');
		expect(of('data.sizes')?.found).toMatch(/journal\.db \d/);
	});
	it('sizes a machine', () => {
		const ran = doctor({}, ['--plan', '--points-per-second', '10000', '--streams', '2000', '--retention', '7d']);
		expect(ran.code).toBe(0);
		expect(ran.text).toMatch(/cores +\d+ .*\n +memory +[\d.]+ GB\n +disk/);
	});
});
