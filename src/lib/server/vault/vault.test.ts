import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError } from '#contracts/error.ts';
import { readVaultKeys } from './key-file.ts';
import { VaultError } from './port.ts';
import { createVault } from './vault.ts';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const vault = createVault([OLD]);

describe('a sealed secret', () => {
	it('opens for what it was sealed for', () =>
		fc.assert(
			fc.property(fc.string(), fc.string(), (secret, about) => {
				expect(vault.open(vault.seal(secret, about), about)).toBe(secret);
			}),
		));
	it('shows nothing of itself', () => expect(vault.seal('canary', 'x')).toMatch(/^v1\.[\w-]{8}\.(?!.*canary)[\w-]+$/));
	it('is another text each time', () => expect(vault.seal('a', 'x')).not.toBe(vault.seal('a', 'x')));
	it('does not open in another place', () =>
		expect(() => vault.open(vault.seal('a', 'row 1'), 'row 2')).toThrow(VaultError));
	it('does not open once any of it was changed', () => {
		const sealed = vault.seal('a secret', 'x');
		const bytes = Buffer.from(sealed.slice(12), 'base64url');
		for (let i = 0; i < bytes.length; i++) {
			const changed = Buffer.from(bytes);
			changed[i]! ^= 1;
			expect(() => vault.open(sealed.slice(0, 12) + changed.toString('base64url'), 'x')).toThrow(VaultError);
		}
	});
	it('does not open cut short, or when it is none', () => {
		const sealed = vault.seal('a secret', 'x');
		for (const text of ['', 'x', 'v1..', sealed.slice(0, 20), sealed.slice(0, 14), sealed.replace('v1', 'v2')])
			expect(() => vault.open(text, 'x')).toThrow(VaultError);
	});
	it('does not open with another key, and says so without a word of it', () => {
		const sealed = vault.seal('canary', 'channel 7');
		expect(() => createVault([NEW]).open(sealed, 'channel 7')).toThrow(/channel 7.*a key that is not here/);
	});
});

describe('a new key', () => {
	const both = createVault([NEW, OLD]);
	it('opens what the old one sealed, and says that it is old', () => {
		const sealed = vault.seal('a', 'x');
		expect([both.open(sealed, 'x'), both.isOld(sealed), both.isOld(both.seal('a', 'x'))]).toEqual(['a', true, false]);
	});
	it('seals what the old one alone does not open', () =>
		expect(() => vault.open(both.seal('a', 'x'), 'x')).toThrow(VaultError));
	it('of another length is none', () => expect(() => createVault([randomBytes(16)])).toThrow(RangeError));
});

describe('the file of keys', () => {
	const file = () => {
		const folder = mkdtempSync(join(tmpdir(), 'vault-'));
		onTestFinished(() => rmSync(folder, { recursive: true }));
		return join(folder, 'vault-key');
	};
	it('is made once, for its owner only', () => {
		const path = file();
		const made = readVaultKeys(path);
		expect([made.length, statSync(path).mode & 0o777]).toEqual([1, 0o600]);
		expect(readVaultKeys(path)).toEqual(made);
	});
	it('may hold the key of before behind the new one', () => {
		const path = file();
		writeFileSync(path, `${NEW.toString('base64')}\n${OLD.toString('base64')}\n`);
		expect(createVault(readVaultKeys(path)).open(vault.seal('a', 'x'), 'x')).toBe('a');
	});
	it('that holds something else is one error that names it, and nothing of what is in it', () => {
		const path = file();
		writeFileSync(path, 'canary\n');
		expect(() => readVaultKeys(path)).toThrow(ConfigError);
		expect(() => readVaultKeys(path)).toThrow(/vault-key: line 1 is no key(?!.*canary)/);
	});
});
