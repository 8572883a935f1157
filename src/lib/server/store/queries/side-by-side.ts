import { readInt64 } from '#contracts/int64.ts';
import type { Gap } from '#contracts/point.ts';
import { viewOf } from '#contracts/rows.ts';
import type { Connection } from '../connection.ts';
import type { SideBySide } from '../port.ts';
import { rowCount } from '../row-binary.ts';
import { clampMicros } from './points.ts';

const ROW_BYTES = 20;
const MINUTE_MICROS = 60_000_000;
const HOUR_MICROS = 60 * MINUTE_MICROS;

/** A stream that has more points in the time is read by the minute: what is asked for here has to be quick. */
const MOST_POINTS = 100_000;

type Columns = ReadonlyMap<number, { readonly tMicros: Float64Array; readonly v: Float64Array }>;

/**
 * Several streams over one time, each as means of its points in buckets, at the first point's time in each; buckets of a minute and
 * more come from the rollups, and so does a stream with very many points.
 *
 * Not FINAL: a point that stands twice until the store merges it moves a mean by nothing that anybody sees.
 */
export async function readSideBySide(connection: Connection, of: SideBySide): Promise<Columns> {
	if (of.streamIds.length === 0) return new Map();
	if (of.bucketMicros >= MINUTE_MICROS) return readBuckets(connection, of);
	const dense = await denseOf(connection, of);
	const [fine, coarse] = await Promise.all([
		readBuckets(connection, { ...of, streamIds: of.streamIds.filter((id) => !dense.has(id)) }),
		readBuckets(connection, { ...of, streamIds: [...dense], bucketMicros: MINUTE_MICROS }),
	]);
	return new Map([...fine, ...coarse]);
}

async function denseOf(connection: Connection, of: SideBySide): Promise<ReadonlySet<number>> {
	const rows = await connection.rows<{ stream: number }>({
		doing: 'count points of streams',
		sql: `SELECT stream_id AS stream FROM points_1m WHERE stream_id IN {streams:Array(UInt32)}
			AND minute BETWEEN toStartOfMinute(fromUnixTimestamp64Micro({from:Int64}, 'UTC'))
				AND toStartOfMinute(fromUnixTimestamp64Micro({to:Int64}, 'UTC'))
			GROUP BY stream_id HAVING sum(n) > ${MOST_POINTS}`,
		params: paramsOf(of),
	});
	return new Set(rows.map(({ stream }) => stream));
}

async function readBuckets(connection: Connection, of: SideBySide): Promise<Columns> {
	if (of.streamIds.length === 0) return new Map();
	const sql = sqlOf(of.bucketMicros);
	return decode(await connection.bytes({ doing: 'read streams side by side', sql, params: paramsOf(of) }));
}

function paramsOf({ streamIds, fromMicros, toMicros, bucketMicros }: SideBySide) {
	return {
		streams: streamIds,
		from: clampMicros(fromMicros),
		to: clampMicros(toMicros),
		bucket: Math.max(1, Math.round(bucketMicros)),
	};
}

function sqlOf(bucketMicros: number): string {
	if (bucketMicros >= HOUR_MICROS) return rollup('points_1h', 'hour', 'toStartOfHour');
	if (bucketMicros >= MINUTE_MICROS) return rollup('points_1m', 'minute', 'toStartOfMinute');
	return `SELECT stream_id, min(toUnixTimestamp64Micro(t)) AS at, avg(v) FROM points
		WHERE stream_id IN {streams:Array(UInt32)}
			AND t BETWEEN fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND fromUnixTimestamp64Micro({to:Int64}, 'UTC')
		GROUP BY stream_id, intDiv(toUnixTimestamp64Micro(t), {bucket:Int64}) ORDER BY stream_id, at FORMAT RowBinary`;
}

function rollup(table: string, column: string, start: string): string {
	const time = `toInt64(toUnixTimestamp(${column})) * 1000000`;
	return `SELECT stream_id, min(${time}) AS at, sum(v_sum) / sum(n) FROM ${table}
		WHERE stream_id IN {streams:Array(UInt32)}
			AND ${column} BETWEEN ${start}(fromUnixTimestamp64Micro({from:Int64}, 'UTC')) AND ${start}(fromUnixTimestamp64Micro({to:Int64}, 'UTC'))
		GROUP BY stream_id, intDiv(${time}, {bucket:Int64}) ORDER BY stream_id, at FORMAT RowBinary`;
}

function decode(bytes: Buffer) {
	const view = viewOf(bytes);
	const rows = rowCount(bytes, ROW_BYTES);
	const found = new Map<number, { tMicros: Float64Array; v: Float64Array }>();
	for (let from = 0; from < rows;) {
		const stream = view.getUint32(from * ROW_BYTES, true);
		let to = from;
		while (to < rows && view.getUint32(to * ROW_BYTES, true) === stream) to++;
		const tMicros = new Float64Array(to - from);
		const v = new Float64Array(to - from);
		for (let i = from; i < to; i++) {
			tMicros[i - from] = readInt64(view, i * ROW_BYTES + 4);
			v[i - from] = view.getFloat64(i * ROW_BYTES + 12, true);
		}
		found.set(stream, { tMicros, v });
		from = to;
	}
	return found;
}

const MOST_GAPS = 500;

/** Gaps of several streams that touch a time, oldest first; the first five hundred. */
export async function readGapsOf(
	connection: Connection,
	{ streamIds, fromMicros, toMicros }: Omit<SideBySide, 'bucketMicros'>,
): Promise<readonly Gap[]> {
	if (streamIds.length === 0) return [];
	const rows = await connection.rows<{ stream: number; from: string | number; to: string | number; reason: string }>({
		doing: 'read gaps of streams',
		sql: `SELECT stream_id AS stream, toUnixTimestamp64Micro(from_t) AS from, toUnixTimestamp64Micro(to_t) AS to, reason
			FROM gaps FINAL WHERE stream_id IN {streams:Array(UInt32)}
				AND from_t <= fromUnixTimestamp64Micro({to:Int64}, 'UTC') AND to_t >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
			ORDER BY from_t, stream_id LIMIT ${MOST_GAPS}`,
		params: { streams: streamIds, from: clampMicros(fromMicros), to: clampMicros(toMicros) },
	});
	return rows.map(({ stream, from, to, reason }) => ({
		streamId: stream,
		fromMicros: Number(from),
		toMicros: Number(to),
		reason,
	}));
}
