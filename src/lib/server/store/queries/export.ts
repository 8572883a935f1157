import type { Connection, Parameters } from '../connection.ts';
import type { ExportedStream, ExportWish, PointRange, Slice } from '../port.ts';
import { clampMicros, rangeParams } from './points.ts';

const HOUR_MICROS = 3_600_000_000;
const MINUTE_MICROS = 60_000_000;

interface Counted {
	readonly at: string | number;
	readonly n: string | number;
}

/**
 * Cuts a range where the rollups say that so many points lie between: each stretch is then a short query, which leaves the
 * store to others before the next. An hour of more is cut by its minutes, a minute of more evenly.
 *
 * Counts are those of whole hours and minutes: of the first and the last stretch more than may be in the range.
 */
export async function readSlices(
	connection: Connection,
	{ most, ...range }: PointRange & { readonly most: number },
): Promise<readonly Slice[]> {
	const hours = await counted(connection, 'points_1h', 'hour', range);
	const whole = hours.every(({ points }) => points <= most);
	const cells = whole
		? hours
		: (await counted(connection, 'points_1m', 'minute', range)).flatMap((one) => evenly(one, most));
	const cuts: Slice[] = [];
	let open: Slice | undefined;
	for (const cell of cells) {
		if (open && open.points + cell.points > most) cuts.push(open);
		open =
			open && open.points + cell.points <= most
				? { ...open, toMicros: cell.toMicros, points: open.points + cell.points }
				: cell;
	}
	if (open) cuts.push(open);
	const { fromMicros, toMicros } = range;
	return cuts.map((cut) => ({
		...cut,
		fromMicros: Math.max(cut.fromMicros, fromMicros),
		toMicros: Math.min(cut.toMicros, toMicros),
	}));
}

async function counted(
	connection: Connection,
	table: 'points_1h' | 'points_1m',
	column: 'hour' | 'minute',
	range: PointRange,
): Promise<readonly Slice[]> {
	const size = column === 'hour' ? HOUR_MICROS : MINUTE_MICROS;
	const { stream, from, to } = rangeParams(range) as Record<'stream' | 'from' | 'to', number>;
	const rows = await connection.rows<Counted>({
		doing: 'count points to export',
		sql: `SELECT toUnixTimestamp(${column}) AS at, sum(n) AS n FROM ${table}
			WHERE stream_id = {stream:UInt32} AND ${column} BETWEEN toDateTime({from:UInt32}, 'UTC') AND toDateTime({to:UInt32}, 'UTC')
			GROUP BY ${column} ORDER BY ${column}`,
		params: { stream, from: Math.floor(from / size) * (size / 1e6), to: Math.floor(to / 1e6) },
	});
	return rows.map(({ at, n }) => {
		const fromMicros = Number(at) * 1e6;
		return { fromMicros, toMicros: fromMicros + size - 1, points: Number(n) };
	});
}

function evenly({ fromMicros, toMicros, points }: Slice, most: number): readonly Slice[] {
	const parts = Math.ceil(points / most);
	const width = Math.ceil((toMicros - fromMicros + 1) / parts);
	return Array.from({ length: parts }, (_, i) => ({
		fromMicros: fromMicros + i * width,
		toMicros: Math.min(toMicros, fromMicros + (i + 1) * width - 1),
		points: Math.ceil(points / parts),
	}));
}

/** Longer than a page may take: a whole file is one query. */
const FILE_SECONDS = 600;

/** What ClickHouse writes itself. Ending the iteration, or the signal, ends the query. */
export function exportPoints(connection: Connection, wish: ExportWish, signal: AbortSignal): AsyncIterable<Uint8Array> {
	const { format, streams, fromMicros, toMicros, asOfMicros } = wish;
	const params: Parameters = {
		ids: streams.map(({ id }) => id),
		names: streams.map(({ name }) => name),
		from: clampMicros(fromMicros),
		to: clampMicros(toMicros),
		asOf: Math.trunc(asOfMicros),
	};
	const settings =
		format === 'parquet'
			? // Snappy: what every reader unpacks, the small ones too.
				{ max_execution_time: FILE_SECONDS, output_format_parquet_compression_method: 'snappy' as const }
			: {};
	return connection.stream({ doing: 'export points', sql: statementOf(format, streams), params, settings, signal });
}

const IN_EXPORT = `stream_id IN {ids:Array(UInt32)}
	AND t BETWEEN fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND fromUnixTimestamp64Micro({to:Int64}, 'UTC')`;

/** One row per point with what the rules found at it; what came after the moment that the export is as of is not in it. */
function statementOf(format: ExportWish['format'], streams: readonly ExportedStream[]): string {
	const time = format === 'csv' ? `formatDateTime(p.t, '%Y-%m-%dT%H:%i:%S.%fZ')` : 'p.t';
	const name =
		streams.length === 1
			? '{names:Array(String)}[1]'
			: "transform(p.stream_id, {ids:Array(UInt32)}, {names:Array(String)}, '')";
	return `SELECT p.stream_id AS stream_id, ${name} AS stream, ${time} AS time, p.v AS value,
			p.quality AS quality, p.flags AS flags, s.found AS signals
		FROM (
			SELECT stream_id, t, v, quality, flags FROM points FINAL
			WHERE ${IN_EXPORT} AND received <= fromUnixTimestamp64Micro({asOf:Int64}, 'UTC')
		) AS p
		LEFT JOIN (
			SELECT stream_id, t, arrayStringConcat(arraySort(groupUniqArray(concat(chart, ':', rule))), ' ') AS found
			FROM signals FINAL WHERE ${IN_EXPORT} GROUP BY stream_id, t
		) AS s ON s.stream_id = p.stream_id AND s.t = p.t
		ORDER BY stream_id, p.t
		FORMAT ${format === 'csv' ? 'CSV' : 'Parquet'}`;
}
