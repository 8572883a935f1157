import type { Kysely, Transaction } from 'kysely';
import type { Limits } from '#contracts/limits.ts';
import { chunks } from './counters.ts';
import type { Metadata } from './port.ts';
import type { Tables } from './tables.ts';

const CHUNK = 1000;

/** Limits never change: those of a known id are left as they are. */
export async function addLimits(tx: Transaction<Tables>, seq: number, limits: readonly Limits[]): Promise<void> {
	const rows = limits.map((one) => ({
		id: one.id,
		stream_id: one.streamId,
		from_micros: one.fromMicros,
		seq,
		body: JSON.stringify(one),
	}));
	for (const some of chunks(rows, CHUNK))
		await tx
			.insertInto('limits')
			.values(some)
			.onConflict((oc) => oc.column('id').doNothing())
			.execute();
}

export function createLimits(db: Kysely<Tables>): Metadata['limits'] {
	return {
		async of(streamId) {
			const rows = await db
				.selectFrom('limits')
				.select('body')
				.where('stream_id', '=', streamId)
				.orderBy('from_micros')
				.orderBy('seq')
				.orderBy('id')
				.execute();
			return rows.map(({ body }) => JSON.parse(body) as Limits);
		},
	};
}
