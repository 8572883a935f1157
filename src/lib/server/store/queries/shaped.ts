import { InputError } from '#contracts/error.ts';
import type { PointColumns } from '#contracts/point.ts';
import type { Connection } from '../connection.ts';
import type { PointRange } from '../port.ts';
import { decodePoints } from '../row-binary.ts';
import { countPoints, IN_RANGE, rangeParams, readPoints } from './points.ts';

/** All of them are held by the query at once: 16 bytes each. */
const MOST_POINTS = 10_000_000;

/** @throws InputError for a range of more than ten million points */
export async function readShaped(
	connection: Connection,
	range: PointRange & { readonly maxPoints: number },
): Promise<PointColumns> {
	const count = await countPoints(connection, range);
	if (count <= range.maxPoints) return readPoints(connection, range);
	if (count > MOST_POINTS)
		throw new InputError(
			`${count} points are more than the ${MOST_POINTS} whose shape can be found: ask for a shorter range, or without thin=lttb`,
		);
	const sql = `SELECT toUnixTimestamp64Micro(t), v, quality, flags FROM points FINAL
		WHERE ${IN_RANGE} AND t IN (
			SELECT arrayJoin(largestTriangleThreeBuckets({points:UInt32})(t, v)).1 FROM points FINAL WHERE ${IN_RANGE}
		) ORDER BY t FORMAT RowBinary`;
	// It keeps the first and the last point, whatever number it is given; three are the least it can work with.
	const params = { ...rangeParams(range), points: Math.max(3, range.maxPoints) };
	return decodePoints(await connection.bytes({ doing: 'read the shape of points', sql, params }));
}
