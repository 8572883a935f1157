import { readInt64 } from '#contracts/int64.ts';
import { viewOf } from '#contracts/rows.ts';
import type { Connection } from '../connection.ts';
import type { PointRange, StoredBuckets, Thinned } from '../port.ts';
import { rowCount } from '../row-binary.ts';
import { clampMicros, rangeParams, readPoints } from './points.ts';

const MINUTE_MICROS = 60_000_000;
const HOUR_MICROS = 60 * MINUTE_MICROS;
/** Up to so many points the points themselves are aggregated: some 50 ms a million, where minutes take 5 ms a day. */
const RAW_POINTS_LIMIT = 200_000;
const BUCKET_BYTES = 42;

const ROLLUPS = {
	minutes: { micros: MINUTE_MICROS, table: 'points_1m', column: 'minute', start: 'toStartOfMinute' },
	hours: { micros: HOUR_MICROS, table: 'points_1h', column: 'hour', start: 'toStartOfHour' },
} as const;
type Rollup = (typeof ROLLUPS)[keyof typeof ROLLUPS];

interface Extent {
	readonly fromMicros: number;
	readonly toMicros: number;
	/** At most this many points, by whole minutes at both ends. */
	readonly points: number;
	/** Of the stream, also beyond the range; -Infinity = none. */
	readonly newestMicros: number;
}

/**
 * A range in at most maxPoints buckets, oldest first, empty ones left out; each stands at its bucket's beginning with
 * mean, least, largest and how many points.
 *
 * A range that has no more points than that is given as it is, with `bucketMicros` 0. One with many is taken from the
 * minute rollup, where a bucket is a number of whole minutes: its first and last then cover their whole minutes. From
 * buckets of an hour on it is hours.
 */
export async function readThinned(
	connection: Connection,
	range: PointRange & { readonly maxPoints: number },
): Promise<StoredBuckets> {
	const extent = await extentOf(connection, range);
	return { ...(await bucketsOf(connection, range, extent)), newestMicros: extent.newestMicros };
}

async function bucketsOf(
	connection: Connection,
	range: PointRange & { readonly maxPoints: number },
	extent: Extent,
): Promise<Thinned> {
	// The extent is one of whole minutes: of a range behind the newest point there may be none at all.
	const isFew = extent.points <= range.maxPoints || extent.toMicros < extent.fromMicros;
	if (isFew) return unthinned(await readPoints(connection, range));
	const span = extent.toMicros - extent.fromMicros + 1;
	const bucketMicros = Math.max(1, Math.ceil(span / range.maxPoints));
	if (extent.points <= RAW_POINTS_LIMIT || bucketMicros < MINUTE_MICROS)
		return decodeBuckets(await bucketsOfPoints(connection, { ...range, ...extent, bucketMicros }), bucketMicros);
	const rollup = bucketMicros < HOUR_MICROS ? ROLLUPS.minutes : ROLLUPS.hours;
	// Buckets begin at whole minutes or hours, so there may be one more than the span suggests.
	const steps = Math.ceil((span + rollup.micros) / rollup.micros / range.maxPoints);
	const wide = steps * rollup.micros;
	return decodeBuckets(await bucketsOfRollup(connection, { ...range, ...extent, bucketMicros: wide }, rollup), wide);
}

/** Where the points of the range begin and end: a range from 1970 to now must not become a single bucket. */
async function extentOf(connection: Connection, range: PointRange): Promise<Extent> {
	const minutes =
		"minute BETWEEN toStartOfMinute(fromUnixTimestamp64Micro({from:Int64}, 'UTC')) AND toStartOfMinute(fromUnixTimestamp64Micro({to:Int64}, 'UTC'))";
	const newest = 'SELECT toUnixTimestamp64Micro(maxOrNull(t)) FROM last_points WHERE stream_id = {stream:UInt32}';
	const [row] = await connection.rows<
		Record<'n' | 'first' | 'last', string | number> & { readonly newest: string | number | null }
	>({
		doing: 'find the extent of points',
		sql: `SELECT sum(points_1m.n) AS n, toUnixTimestamp(min(minute)) AS first, toUnixTimestamp(max(minute)) AS last,
				(${newest}) AS newest
			FROM points_1m WHERE stream_id = {stream:UInt32} AND ${minutes}`,
		params: rangeParams(range),
	});
	const first = Number(row?.first ?? 0) * 1_000_000;
	const last = Number(row?.last ?? 0) * 1_000_000 + MINUTE_MICROS - 1;
	const newestMicros = Number(row?.newest ?? -Infinity);
	return {
		fromMicros: Math.max(clampMicros(range.fromMicros), first),
		toMicros: Math.min(clampMicros(range.toMicros), last, newestMicros),
		points: Number(row?.n ?? 0),
		newestMicros,
	};
}

type Bucketed = PointRange & { readonly bucketMicros: number };

function bucketsOfPoints(connection: Connection, range: Bucketed): Promise<Buffer> {
	return connection.bytes({
		doing: 'read points in buckets',
		sql: `SELECT {from:Int64} + intDiv(toUnixTimestamp64Micro(t) - {from:Int64}, {bucket:Int64}) * {bucket:Int64} AS at,
				avg(v), min(v), max(v), count(), min(quality), groupBitOr(flags)
			FROM points FINAL
			WHERE stream_id = {stream:UInt32}
				AND t BETWEEN fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND fromUnixTimestamp64Micro({to:Int64}, 'UTC')
			GROUP BY at ORDER BY at FORMAT RowBinary`,
		params: { ...rangeParams(range), bucket: range.bucketMicros },
	});
}

function bucketsOfRollup(connection: Connection, range: Bucketed, rollup: Rollup): Promise<Buffer> {
	const { table, column, start } = rollup;
	return connection.bytes({
		doing: 'read a rollup in buckets',
		sql: `WITH toUnixTimestamp(${start}(fromUnixTimestamp64Micro({from:Int64}, 'UTC'))) AS start,
				intDiv({bucket:Int64}, 1000000) AS width
			SELECT (toInt64(start) + intDiv(toInt64(toUnixTimestamp(${column})) - start, width) * width) * 1000000 AS at,
				sum(v_sum) / sum(n), min(v_min), max(v_max), sum(n), min(quality), groupBitOr(flags)
			FROM ${table}
			WHERE stream_id = {stream:UInt32} AND ${column} BETWEEN toDateTime(start, 'UTC')
				AND ${start}(fromUnixTimestamp64Micro({to:Int64}, 'UTC'))
			GROUP BY at ORDER BY at FORMAT RowBinary`,
		params: { ...rangeParams(range), bucket: range.bucketMicros },
	});
}

function emptyBuckets(count: number, bucketMicros: number) {
	return {
		bucketMicros,
		tMicros: new Float64Array(count),
		v: new Float64Array(count),
		min: new Float64Array(count),
		max: new Float64Array(count),
		count: new Float64Array(count),
		quality: new Uint8Array(count),
		flags: new Uint8Array(count),
	};
}

function decodeBuckets(bytes: Buffer, bucketMicros: number): Thinned {
	const rows = rowCount(bytes, BUCKET_BYTES);
	const view = viewOf(bytes);
	const buckets = emptyBuckets(rows, bucketMicros);
	for (let i = 0; i < rows; i += 1) {
		const at = i * BUCKET_BYTES;
		buckets.tMicros[i] = readInt64(view, at);
		buckets.v[i] = view.getFloat64(at + 8, true);
		buckets.min[i] = view.getFloat64(at + 16, true);
		buckets.max[i] = view.getFloat64(at + 24, true);
		buckets.count[i] = readInt64(view, at + 32);
		buckets.quality[i] = view.getUint8(at + 40);
		buckets.flags[i] = view.getUint8(at + 41);
	}
	return buckets;
}

function unthinned(points: Awaited<ReturnType<typeof readPoints>>): Thinned {
	const { tMicros, v, quality, flags } = points;
	const count = new Float64Array(v.length).fill(1);
	return { bucketMicros: 0, tMicros, v, quality, flags, min: v.slice(), max: v.slice(), count };
}
