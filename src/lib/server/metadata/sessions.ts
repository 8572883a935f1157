import type { Kysely, Selectable } from 'kysely';
import { getAccount } from './accounts.ts';
import type { StoredSession } from './port-people.ts';
import type { Metadata } from './port.ts';
import type { SessionsTable, Tables } from './tables.ts';

/** Who is signed in where. The id is the hash of the secret that the browser keeps: a copy of this table opens nothing. */
export function createStoredSessions(db: Kysely<Tables>): Metadata['sessions'] {
	return {
		async add(session) {
			await db.insertInto('sessions').values(toRow(session)).execute();
		},
		// Asked with every request: a transaction would wait for its turn behind every writer.
		async get(id) {
			const row = await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
			const account = row && (await getAccount(db, row.account_id));
			return row && account && { session: toSession(row), account };
		},
		async of(accountId) {
			const query = db.selectFrom('sessions').selectAll().where('account_id', '=', accountId);
			return (await query.orderBy('created_micros').execute()).map(toSession);
		},
		async extend(id, expiresMicros) {
			await db.updateTable('sessions').set({ expires_micros: expiresMicros }).where('id', '=', id).execute();
		},
		async seen(id, atMicros) {
			await db.updateTable('sessions').set({ seen_micros: atMicros }).where('id', '=', id).execute();
		},
		async remove(id) {
			await db.deleteFrom('sessions').where('id', '=', id).execute();
		},
		async removeOf(accountId, except) {
			await db
				.deleteFrom('sessions')
				.where('account_id', '=', accountId)
				.$if(except !== undefined, (q) => q.where('id', '!=', except ?? ''))
				.execute();
		},
		async removeOver(nowMicros) {
			await db
				.deleteFrom('sessions')
				.where((eb) => eb.or([eb('expires_micros', '<=', nowMicros), eb('ends_micros', '<=', nowMicros)]))
				.execute();
		},
	};
}

function toRow(session: StoredSession): SessionsTable {
	return {
		id: session.id,
		account_id: session.accountId,
		created_micros: session.createdMicros,
		expires_micros: session.expiresMicros,
		ends_micros: session.endsMicros,
		seen_micros: session.seenMicros,
		address: session.address,
		agent: session.agent,
	};
}

function toSession(row: Selectable<SessionsTable>): StoredSession {
	return {
		id: row.id,
		accountId: row.account_id,
		createdMicros: Number(row.created_micros),
		expiresMicros: Number(row.expires_micros),
		endsMicros: Number(row.ends_micros),
		seenMicros: Number(row.seen_micros),
		address: row.address,
		agent: row.agent,
	};
}
