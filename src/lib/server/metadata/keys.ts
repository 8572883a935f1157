import { createHash } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { Scope } from '#contracts/principal.ts';
import { formatTime, type NowMicros } from '#contracts/time.ts';
import { actorNamed, addAct } from './acts.ts';
import { takeNumbers } from './counters.ts';
import type { ApiKey } from './port-people.ts';
import type { Metadata } from './port.ts';
import type { ApiKeysTable, Tables } from './tables.ts';

/** Recognisable in a log or a repository by those who look for leaked secrets. */
const PREFIX = 'sigma_';
const SECRET_BYTES = 32;
/** So much of a key is kept in clear, to tell one from another. */
const SHOWN_CHARS = PREFIX.length + 6;

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
		async create({ name, site, scopes, expiresMicros = null, by = actorNamed('owner') }) {
			const secret = PREFIX + Buffer.from(random(SECRET_BYTES)).toString('base64url');
			const shown = secret.slice(0, SHOWN_CHARS);
			return db.transaction().execute(async (tx) => {
				const atMicros = now();
				const id = await takeNumbers(tx, 'keys', 1);
				const row: ApiKeysTable = {
					id,
					hash: hashOf(secret),
					shown,
					name,
					site,
					scopes: JSON.stringify(scopes),
					created_micros: atMicros,
					created_by: by.name,
					expires_micros: expiresMicros,
					used_micros: null,
				};
				await tx.insertInto('api_keys').values(row).execute();
				const expires = expiresMicros === null ? {} : { expiresAt: formatTime(expiresMicros) };
				const after = { shown, scopes: scopes.join(', '), ...expires };
				await addAct(tx, { atMicros, by, act: 'key.create', subject: `key:${id}`, site, detail: name, after });
				return secret;
			});
		},
		async find(secret) {
			const row = await db.selectFrom('api_keys').selectAll().where('hash', '=', hashOf(secret)).executeTakeFirst();
			return row && toKey(row);
		},
		async list(sites) {
			if (sites !== 'all' && sites.length === 0) return [];
			const rows = await db
				.selectFrom('api_keys')
				.selectAll()
				.$if(sites !== 'all', (q) => q.where('site', 'in', sites === 'all' ? [] : sites))
				.orderBy('id')
				.execute();
			return rows.map(toKey);
		},
		async get(id) {
			const row = await db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
			return row && toKey(row);
		},
		async used(id, atMicros) {
			await db.updateTable('api_keys').set({ used_micros: atMicros }).where('id', '=', id).execute();
		},
		async remove(id, by) {
			await db.transaction().execute(async (tx) => {
				const row = await tx.deleteFrom('api_keys').where('id', '=', id).returningAll().executeTakeFirst();
				if (!row) return;
				const { name, site, shown } = row;
				const before = { shown, scopes: (JSON.parse(row.scopes) as Scope[]).join(', ') };
				await addAct(tx, {
					atMicros: now(),
					by,
					act: 'key.remove',
					subject: `key:${id}`,
					site,
					detail: name,
					before,
				});
			});
		},
	};
}

function toKey(row: Selectable<ApiKeysTable>): ApiKey {
	return {
		id: Number(row.id),
		shown: row.shown,
		name: row.name,
		site: row.site,
		scopes: JSON.parse(row.scopes) as Scope[],
		createdMicros: Number(row.created_micros),
		createdBy: row.created_by,
		expiresMicros: row.expires_micros,
		usedMicros: row.used_micros,
	};
}

export function hashOf(secret: string): string {
	return createHash('sha256').update(secret).digest('hex');
}
