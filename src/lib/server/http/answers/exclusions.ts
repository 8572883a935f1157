import { FLAG, type PointColumns } from '#contracts/point.ts';

/** A stretch that somebody took out; of one point where both ends are the same. */
export interface Exclusion {
	readonly fromMicros: number;
	readonly toMicros: number;
}

/** Points are stored as they came; what was taken out is said when they are read. */
export function withExclusions<P extends Pick<PointColumns, 'tMicros' | 'flags'>>(
	points: P,
	exclusions: readonly Exclusion[],
): P {
	if (exclusions.length === 0) return points;
	const flags = points.flags.slice();
	points.tMicros.forEach((t, i) => {
		if (exclusions.some(({ fromMicros, toMicros }) => t >= fromMicros && t <= toMicros)) flags[i]! |= FLAG.excluded;
	});
	return { ...points, flags };
}
