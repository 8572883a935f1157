import { readInt64 } from '#contracts/int64.ts';
import type { PointColumns } from '#contracts/point.ts';
import { viewOf } from '#contracts/rows.ts';
import type { Connection, Parameters } from '../connection.ts';
import type { PointRange } from '../port.ts';
import { decodePoints, rowCount } from '../row-binary.ts';

export const INSERT_POINTS = 'INSERT INTO points (stream_id, t, v, quality, received, flags) FORMAT RowBinary';

/** What a DateTime, and so the minute of a rollup, can hold (until 2106); a wider range means the same. */
const MIN_MICROS = 0;
const MAX_MICROS = 4_294_967_279_999_999;

export const IN_RANGE =
	"stream_id = {stream:UInt32} AND t BETWEEN fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND fromUnixTimestamp64Micro({to:Int64}, 'UTC')";

export function rangeParams({ streamId, fromMicros, toMicros }: PointRange): Parameters {
	return { stream: streamId, from: clampMicros(fromMicros), to: clampMicros(toMicros) };
}

export function clampMicros(micros: number): number {
	return Math.trunc(Math.min(Math.max(micros, MIN_MICROS), MAX_MICROS));
}

/** Both ends belong to the range. */
export async function readPoints(
	connection: Connection,
	{ asOfMicros, ...range }: PointRange & { readonly asOfMicros?: number },
): Promise<PointColumns> {
	const isBounded = asOfMicros !== undefined;
	const arrived = isBounded ? " AND received <= fromUnixTimestamp64Micro({asOf:Int64}, 'UTC')" : '';
	return decodePoints(
		await connection.bytes({
			doing: 'read points',
			sql: `SELECT toUnixTimestamp64Micro(t), v, quality, flags FROM points FINAL WHERE ${IN_RANGE}${arrived} ORDER BY t FORMAT RowBinary`,
			params: { ...rangeParams(range), ...(isBounded && { asOf: Math.trunc(asOfMicros) }) },
		}),
	);
}

export async function countPoints(connection: Connection, range: PointRange): Promise<number> {
	const rows = await connection.rows<{ n: string | number }>({
		doing: 'count points',
		sql: `SELECT count() AS n FROM points FINAL WHERE ${IN_RANGE}`,
		params: rangeParams(range),
	});
	return Number(rows[0]?.n ?? 0);
}

/** Points may stand twice until the store merges them; so many more are read at first, as this is rare. */
const SPARE_ROWS = 64;

/**
 * The newest points before a time, oldest first.
 *
 * Not FINAL, which would read the whole stream: it reads backwards from the newest and stops, and what stands twice is
 * sorted out here.
 */
export async function readLastPoints(connection: Connection, last: LastRange): Promise<PointColumns> {
	for (let limit = last.count + SPARE_ROWS; ; limit *= 2) {
		const points = await readNewest(connection, last, limit);
		const kept = firstArrivals(points.tMicros);
		// The oldest may have another arrival just beyond the limit, so it is only taken when there is none.
		const complete = points.v.length < limit;
		if (!complete && kept.length <= last.count) continue;
		return pick(points, kept.slice(0, last.count).reverse());
	}
}

interface LastRange {
	readonly streamId: number;
	readonly count: number;
	readonly beforeMicros: number | undefined;
}

/** Newest first; of equal times the first arrival first. */
async function readNewest(connection: Connection, last: LastRange, limit: number): Promise<PointColumns> {
	const before = last.beforeMicros === undefined ? '' : "AND t < fromUnixTimestamp64Micro({before:Int64}, 'UTC')";
	const sql = `SELECT micros, v, quality, flags FROM (
			SELECT toUnixTimestamp64Micro(t) AS micros, v, quality, flags, first FROM points
			WHERE stream_id = {stream:UInt32} ${before} ORDER BY t DESC LIMIT {limit:UInt32}
		) ORDER BY micros DESC, first DESC FORMAT RowBinary`;
	const params = { stream: last.streamId, limit, before: clampMicros(last.beforeMicros ?? 0) };
	return decodePoints(await connection.bytes({ doing: 'read the last points', sql, params }));
}

function firstArrivals(tMicros: Float64Array): number[] {
	const kept: number[] = [];
	tMicros.forEach((t, i) => {
		if (i === 0 || t !== tMicros[i - 1]) kept.push(i);
	});
	return kept;
}

function pick(points: PointColumns, at: readonly number[]): PointColumns {
	return {
		tMicros: Float64Array.from(at, (i) => points.tMicros[i] ?? NaN),
		v: Float64Array.from(at, (i) => points.v[i] ?? NaN),
		quality: Uint8Array.from(at, (i) => points.quality[i] ?? 0),
		flags: Uint8Array.from(at, (i) => points.flags[i] ?? 0),
	};
}

const LAST_TIME_BYTES = 12;

/** Newest t of every stream that ever had a point. */
export async function readLastTimes(connection: Connection): Promise<ReadonlyMap<number, number>> {
	const bytes = await connection.bytes({
		doing: 'read the last times',
		sql: 'SELECT stream_id, toUnixTimestamp64Micro(max(t)) FROM last_points GROUP BY stream_id FORMAT RowBinary',
	});
	const view = viewOf(bytes);
	const count = rowCount(bytes, LAST_TIME_BYTES);
	const times = new Map<number, number>();
	for (let i = 0; i < count; i += 1)
		times.set(view.getUint32(i * LAST_TIME_BYTES, true), readInt64(view, i * LAST_TIME_BYTES + 4));
	return times;
}
