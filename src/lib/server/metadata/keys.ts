import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Scope } from '#contracts/principal.ts';
import type { NowMicros } from '#contracts/time.ts';
import { addAct } from './acts.ts';
import type { Metadata } from './port.ts';
import type { Tables } from './tables.ts';

/** Recognisable in a log or a repository by those who look for leaked secrets. */
const PREFIX = 'sigma_';
const SECRET_BYTES = 32;

export interface KeyOptions {
	readonly now: NowMicros;
	readonly random: (bytes: number) => Uint8Array;
}

/**
 * API keys: 256 random bits, kept as their SHA-256 only.
 *
 * A plain hash is enough (no salt, no slow hash): nobody guesses 256 bits. And the lookup need not take constant time:
 * it compares hashes, whose bits a guesser cannot steer, so its time tells nothing about the key.
 */
export function createKeys(db: Kysely<Tables>, { now, random }: KeyOptions): Metadata['keys'] {
	return {
		async create({ name, site, scopes }) {
			const secret = PREFIX + Buffer.from(random(SECRET_BYTES)).toString('base64url');
			const row = { hash: hashOf(secret), name, site, scopes: JSON.stringify(scopes), created_micros: now() };
			await db.transaction().execute(async (tx) => {
				await tx.insertInto('api_keys').values(row).execute();
				const act = { actor: 'owner', act: 'key.create', subject: `key:${name}`, detail: row.scopes };
				await addAct(tx, { at_micros: row.created_micros, ...act });
			});
			return secret;
		},
		async find(secret) {
			const query = db.selectFrom('api_keys').select(['name', 'site', 'scopes']);
			const row = await query.where('hash', '=', hashOf(secret)).executeTakeFirst();
			if (!row) return undefined;
			const scopes = JSON.parse(row.scopes) as Scope[];
			return { kind: 'key', name: row.name, sites: [row.site], scopes, writeSite: row.site };
		},
	};
}

function hashOf(secret: string): string {
	return createHash('sha256').update(secret).digest('hex');
}
