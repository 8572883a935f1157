/** Large enough that the first of one list does not outweigh being in two (Cormack, Clarke and Büttcher 2009). */
const K = 60;

export interface Ranked<T> {
	readonly item: T;
	readonly score: number;
	/** Names of the lists that it is in. */
	readonly by: readonly string[];
}

/**
 * Several orders of the same things as one, by reciprocal rank: scores of different measures are not comparable, ranks are.
 *
 * @param lists by name, best first; of a weight of 2 a list counts twice
 */
export function fuse<T>(
	lists: readonly { readonly name: string; readonly items: readonly T[]; readonly weight?: number }[],
	keyOf: (item: T) => string,
): Ranked<T>[] {
	const fused = new Map<string, { item: T; score: number; by: string[] }>();
	for (const { name, items, weight = 1 } of lists)
		items.forEach((item, rank) => {
			const key = keyOf(item);
			const one = fused.get(key) ?? { item, score: 0, by: [] };
			one.score += weight / (K + rank + 1);
			one.by.push(name);
			fused.set(key, one);
		});
	return [...fused.values()].sort((a, b) => b.score - a.score);
}
