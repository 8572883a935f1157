import { createHash } from 'node:crypto';
import type { Principal } from '#contracts/principal.ts';

/** A key means the same request only when the same sender repeats it. */
export function scopedKey({ kind, name, writeSite }: Principal, key: string): string {
	return createHash('sha256')
		.update(JSON.stringify([kind, name, writeSite, key]))
		.digest('hex');
}

export function bodyKey(body: Uint8Array): string {
	return createHash('sha256').update(body).digest('hex');
}
