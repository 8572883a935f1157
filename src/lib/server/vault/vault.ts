import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { VaultError, type Vault } from './port.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** What GCM is made for; drawn anew each time. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SHAPE = /^v1\.([\w-]{8})\.([\w-]+)$/;

/**
 * AES-256-GCM, `v1.<key id>.<nonce, tag, ciphertext>`.
 *
 * @param keys 32 bytes each; the first seals, all open: a new key is put in front of the old one
 * @throws RangeError for a key of another length
 */
export function createVault(keys: readonly Uint8Array[]): Vault {
	const known = new Map(keys.map((key) => [idOf(key), key]));
	const [current] = known.keys();
	if (current === undefined || keys.some((key) => key.length !== KEY_BYTES))
		throw new RangeError(`cannot seal secrets: the key needs ${KEY_BYTES} bytes`);

	return {
		seal(secret, about) {
			const nonce = randomBytes(NONCE_BYTES);
			const cipher = createCipheriv(CIPHER, known.get(current)!, nonce, { authTagLength: TAG_BYTES });
			cipher.setAAD(Buffer.from(about));
			const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
			return `v1.${current}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
		},
		open(sealed, about) {
			const [, id = '', text = ''] = SHAPE.exec(sealed) ?? [];
			const key = known.get(id);
			if (!key) throw new VaultError(`cannot open the secret of ${about}: it was sealed with a key that is not here`);
			try {
				return decrypt(key, Buffer.from(text, 'base64url'), about);
			} catch {
				throw new VaultError(`cannot open the secret of ${about}: it was changed, or sealed for something else`);
			}
		},
		isOld: (sealed) => SHAPE.exec(sealed)?.[1] !== current,
	};
}

function decrypt(key: Uint8Array, bytes: Buffer, about: string): string {
	const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
	decipher.setAAD(Buffer.from(about));
	decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
	return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}

/** Tells which key it was and nothing about it. */
function idOf(key: Uint8Array): string {
	return createHash('sha256').update('sigmascope vault key id').update(key).digest('base64url').slice(0, 8);
}
