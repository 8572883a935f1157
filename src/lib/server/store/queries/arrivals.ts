import { readInt64 } from '#contracts/int64.ts';
import { viewOf } from '#contracts/rows.ts';
import type { Connection } from '../connection.ts';
import type { Arrival, PointName } from '../port.ts';
import { rowCount } from '../row-binary.ts';

const ARRIVAL_BYTES = 20;
/** About 110 kB of text; ClickHouse parses 256 kB at most. */
const NAMES_PER_QUERY = 5000;

/** What is stored of these points, each arrival of each; numbers only go into the text. */
export async function readArrivals(connection: Connection, names: readonly PointName[]): Promise<readonly Arrival[]> {
	const found: Arrival[] = [];
	for (let first = 0; first < names.length; first += NAMES_PER_QUERY)
		found.push(...(await readSome(connection, names.slice(first, first + NAMES_PER_QUERY))));
	return found;
}

async function readSome(connection: Connection, names: readonly PointName[]): Promise<readonly Arrival[]> {
	const streams = names.map(({ streamId }) => Math.trunc(streamId)).join(',');
	const times = names.map(({ tMicros }) => Math.trunc(tMicros)).join(',');
	const sql = `SELECT stream_id, toUnixTimestamp64Micro(t), toUnixTimestamp64Micro(received) FROM points
		WHERE (stream_id, t) IN (
			SELECT toUInt32(pair.1), fromUnixTimestamp64Micro(toInt64(pair.2), 'UTC')
			FROM (SELECT arrayJoin(arrayZip([${streams}], [${times}])) AS pair)
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
