/** A stretch without a value, and why. */
export interface GapSpan {
	readonly fromMs: number;
	readonly toMs: number;
	readonly reason: string;
}

/**
 * Tells whether a gap lies between two moments, for pairs that go forward in time: the gaps are walked once, however
 * many pairs there are.
 *
 * @param gaps by `fromMs`
 */
export function createGapWalk(gaps: readonly GapSpan[]): (fromMs: number, toMs: number) => boolean {
	let next = 0;
	let furthestMs = -Infinity;
	return (fromMs, toMs) => {
		for (let gap = gaps[next]; gap !== undefined && gap.fromMs < toMs; gap = gaps[++next])
			furthestMs = Math.max(furthestMs, gap.toMs);
		return furthestMs > fromMs;
	};
}

export function gapAt(gaps: readonly GapSpan[], tMs: number): GapSpan | undefined {
	return gaps.find((gap) => gap.fromMs < tMs && gap.toMs > tMs);
}

/** One list of two that may tell of the same stretches, by `fromMs`. */
export function mergedGaps(a: readonly GapSpan[], b: readonly GapSpan[]): readonly GapSpan[] {
	const all = new Map([...a, ...b].map((gap) => [`${gap.fromMs} ${gap.toMs} ${gap.reason}`, gap]));
	return [...all.values()].sort((x, y) => x.fromMs - y.fromMs);
}
