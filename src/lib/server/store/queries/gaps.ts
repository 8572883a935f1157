import type { Gap } from '#contracts/point.ts';
import type { Connection } from '../connection.ts';
import type { PointRange } from '../port.ts';
import { rangeParams } from './points.ts';
import { toStoredTime } from './time.ts';

export async function insertGaps(
	connection: Connection,
	insert: { readonly token: string; readonly gaps: readonly Gap[]; readonly receivedMicros: number },
): Promise<void> {
	const received = toStoredTime(insert.receivedMicros);
	const rows = insert.gaps.map((gap) => ({
		stream_id: gap.streamId,
		from_t: toStoredTime(gap.fromMicros),
		to_t: toStoredTime(gap.toMicros),
		reason: gap.reason,
		received,
	}));
	await connection.insertJson({ table: 'gaps', rows, token: insert.token });
}

/** Every gap that touches the range, oldest first. */
export async function readGaps(connection: Connection, range: PointRange): Promise<readonly Gap[]> {
	const rows = await connection.rows<{ from: string | number; to: string | number; reason: string }>({
		doing: 'read gaps',
		sql: `SELECT toUnixTimestamp64Micro(from_t) AS from, toUnixTimestamp64Micro(to_t) AS to, reason FROM gaps FINAL
			WHERE stream_id = {stream:UInt32} AND from_t <= fromUnixTimestamp64Micro({to:Int64}, 'UTC')
				AND to_t >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
			ORDER BY from_t, reason`,
		params: rangeParams(range),
	});
	return rows.map((row) => ({
		streamId: range.streamId,
		fromMicros: Number(row.from),
		toMicros: Number(row.to),
		reason: row.reason,
	}));
}
