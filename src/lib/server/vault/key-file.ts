import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ConfigError, messageOf } from '#contracts/error.ts';

const KEY_BYTES = 32;

/**
 * Keys of the vault from a file, a line of base64 each, the one that seals first. Made when it is not there, readable by
 * its owner only. A backup of the database without this file opens no secret.
 *
 * @throws ConfigError when it cannot be read or holds something else
 */
export function readVaultKeys(file: string): readonly Uint8Array[] {
	try {
		if (!existsSync(file)) {
			writeFileSync(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
			chmodSync(file, 0o600);
		}
		return readFileSync(file, 'utf8')
			.split('\n')
			.map((line) => line.trim())
			.filter((line) => line !== '')
			.map(keyOf);
	} catch (error) {
		throw new ConfigError(`cannot use the key of secrets ${file}: ${messageOf(error)}`);
	}
}

function keyOf(line: string, i: number): Uint8Array {
	const key = Buffer.from(line, 'base64');
	if (key.length === KEY_BYTES) return key;
	throw new Error(`line ${i + 1} is no key of ${KEY_BYTES} bytes in base64`);
}
