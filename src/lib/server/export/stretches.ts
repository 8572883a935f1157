import type { Slice, Store } from '#server/store/port.ts';
import type { StreamWithPlan } from '#server/metadata/port.ts';

/** Points of one query: a second's work for the store at most, and a few megabytes in hand. */
export const SLICE_POINTS = 100_000;

export interface Stretch {
	readonly of: StreamWithPlan;
	readonly slices: readonly Slice[];
	/** About: whole hours or minutes at both ends. */
	readonly points: number;
}

export interface Range {
	readonly fromMicros: number;
	readonly toMicros: number;
}

/** How each stream is read, in the order of their ids: that of the rows. */
export async function stretchesOf(
	store: Pick<Store, 'slices'>,
	streams: readonly StreamWithPlan[],
	range: Range,
): Promise<readonly Stretch[]> {
	const inOrder = [...streams].sort((a, b) => a.stream.id - b.stream.id);
	const stretches: Stretch[] = [];
	for (const of of inOrder) {
		const slices = await store.slices({ streamId: of.stream.id, ...range, most: SLICE_POINTS });
		stretches.push({ of, slices, points: slices.reduce((sum, { points }) => sum + points, 0) });
	}
	return stretches;
}
