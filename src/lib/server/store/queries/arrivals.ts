import { readInt64, writeInt64 } from '#contracts/int64.ts';
import { viewOf } from '#contracts/rows.ts';
import type { Connection } from '../connection.ts';
import type { Arrival, PointName } from '../port.ts';
import { rowCount } from '../row-binary.ts';

const ARRIVAL_BYTES = 20;
const NAME_BYTES = 12;
/** 240 kB of text; ClickHouse parses 256 kB at most. */
const NAMES_PER_QUERY = 10_000;

/** What is stored of these points, each arrival of each; numbers only go into the text. */
export async function readArrivals(connection: Connection, names: readonly PointName[]): Promise<readonly Arrival[]> {
	const found: Arrival[] = [];
	for (let first = 0; first < names.length; first += NAMES_PER_QUERY)
		found.push(...(await readSome(connection, names.slice(first, first + NAMES_PER_QUERY))));
	return found;
}

async function readSome(connection: Connection, names: readonly PointName[]): Promise<readonly Arrival[]> {
	const nth = (from: number, bytes: number) => `substring(packed, 1 + ${NAME_BYTES} * nth + ${from}, ${bytes})`;
	const sql = `WITH unhex('${packed(names).toString('hex')}') AS packed
		SELECT stream_id, toUnixTimestamp64Micro(t), toUnixTimestamp64Micro(received) FROM points
		WHERE (stream_id, t) IN (
			SELECT
				reinterpretAsUInt32(${nth(0, 4)}),
				fromUnixTimestamp64Micro(reinterpretAsInt64(${nth(4, 8)}), 'UTC')
			FROM (SELECT arrayJoin(range(${names.length})) AS nth)
		) FORMAT RowBinary`;
	const bytes = await connection.bytes({ doing: 'look for points that are there already', sql });
	const view = viewOf(bytes);
	return Array.from({ length: rowCount(bytes, ARRIVAL_BYTES) }, (_, i) => {
		const at = i * ARRIVAL_BYTES;
		return {
			streamId: view.getUint32(at, true),
			tMicros: readInt64(view, at + 4),
			receivedMicros: readInt64(view, at + 12),
		};
	});
}

/** One literal: a number each would cost more to parse, here and there, than to look for. */
function packed(names: readonly PointName[]): Buffer {
	const bytes = Buffer.allocUnsafe(names.length * NAME_BYTES);
	const view = viewOf(bytes);
	names.forEach(({ streamId, tMicros }, i) => {
		view.setUint32(i * NAME_BYTES, streamId, true);
		writeInt64(view, i * NAME_BYTES + 4, tMicros);
	});
	return bytes;
}
