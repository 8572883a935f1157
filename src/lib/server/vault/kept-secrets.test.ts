import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { createSqliteMetadata } from '#server/metadata/sqlite/metadata.ts';
import { createKeptSecrets } from './kept-secrets.ts';
import { VaultError } from './port.ts';
import { createVault } from './vault.ts';

const ANN = { name: 'ann', id: 'person:1', address: null };

it('secrets are sealed in the database, outlive the process, and are sealed anew by a new key', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const file = join(folder, 'metadata.db');
	const log = pino({ level: 'silent' });
	const metadata = await createSqliteMetadata({ file, log, now: () => 7 });
	const [old, fresh] = [randomBytes(32), randomBytes(32)];
	const open = async (...keys: Uint8Array[]) => {
		const secrets = createKeptSecrets({ metadata, vault: createVault(keys) });
		await secrets.start();
		return secrets;
	};
	try {
		const first = await open(old);
		expect(() => first.reveal('slack')).toThrow(/no secret "slack"/);
		await first.put('slack', 'xoxb-canary', ANN);
		expect(first.list()).toEqual([{ name: 'slack', atMicros: 7, by: 'ann' }]);
		expect((await open(old)).reveal('slack')).toBe('xoxb-canary');
		const without = await open(fresh);
		expect(() => without.reveal('slack')).toThrow(VaultError);
		expect((await open(fresh, old)).reveal('slack')).toBe('xoxb-canary');
		const renewed = await open(fresh);
		expect(renewed.reveal('slack')).toBe('xoxb-canary');
		expect([await renewed.remove('slack', ANN), await renewed.remove('slack', ANN)]).toEqual([true, false]);
		const { items } = await metadata.acts.list({ sites: 'all', limit: 9 });
		expect(items.map(({ act, subject }) => `${act} ${subject}`)).toEqual([
			'secret.remove secret:slack',
			'secret secret:slack',
		]);
	} finally {
		await metadata.close();
	}
	expect(readFileSync(file, 'latin1')).not.toContain('xoxb-canary');
});
