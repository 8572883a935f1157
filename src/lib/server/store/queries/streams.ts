import type { Stream } from '#contracts/stream.ts';
import type { Connection } from '../connection.ts';
import { toStoredTime } from './time.ts';

export async function putStreams(connection: Connection, streams: readonly Stream[], nowMicros: number): Promise<void> {
	const written = toStoredTime(nowMicros);
	const rows = streams.map(({ id, site, key, labels, asset, kind, unit }) => ({
		...{ id, site, key, labels, asset, kind, unit, written },
	}));
	await connection.insertJson({ table: 'streams', rows, token: undefined });
}

/** Also of streams whose identity never came but whose points did. */
export async function readMaxStreamId(connection: Connection): Promise<number> {
	const rows = await connection.rows<{ id: number }>({
		doing: 'read the largest stream id',
		sql: 'SELECT greatest((SELECT max(id) FROM streams), (SELECT max(stream_id) FROM last_points)) AS id',
	});
	return Number(rows[0]?.id ?? 0);
}
