/** A label that wants to stand at a height. */
export interface Label {
	readonly text: string;
	/** Pixels. */
	readonly y: number;
}

/**
 * Moves labels apart so that none covers another, keeping their order and staying between the bounds.
 *
 * @param heightPx of a label with its distance to the next
 */
export function spread(labels: readonly Label[], heightPx: number, lowY: number, highY: number): readonly Label[] {
	const placed = [...labels].sort((a, b) => a.y - b.y).map((label) => ({ ...label }));
	placed.forEach((label, i) => {
		label.y = Math.max(label.y, lowY, (placed[i - 1]?.y ?? -Infinity) + heightPx);
	});
	for (let i = placed.length - 1; i >= 0; i--) {
		const label = placed[i];
		if (label) label.y = Math.min(label.y, highY, (placed[i + 1]?.y ?? Infinity) - heightPx);
	}
	return placed;
}

export interface Mark {
	readonly x: number;
	readonly y: number;
	readonly text: string;
	readonly above: boolean;
}

/** A rule that was quiet for so many points says something new when it signals again. */
const QUIET_POINTS = 12;

/**
 * Which rules of a point are worth their text: those that have not signalled just before. A shift that lasts would
 * otherwise write the same letters at every point.
 *
 * @returns called with each signalling point in turn; answers the bits that are new
 */
export function createNews(): (index: number, bits: number) => number {
	const lastAt = new Map<number, number>();
	return (index, bits) => {
		let fresh = 0;
		for (let bit = 1; bit <= bits; bit <<= 1) {
			if ((bits & bit) === 0) continue;
			if (index - (lastAt.get(bit) ?? -Infinity) > QUIET_POINTS) fresh |= bit;
			lastAt.set(bit, index);
		}
		return fresh;
	};
}

/**
 * Which marks get their text: the newest first, none over another.
 *
 * @param marks oldest first
 * @param width pixels of a text
 */
export function labelled(marks: readonly Mark[], width: (text: string) => number, gapPx: number): readonly Mark[] {
	const chosen: Mark[] = [];
	for (let i = marks.length - 1; i >= 0; i--) {
		const mark = marks[i];
		if (!mark) continue;
		const half = width(mark.text) / 2;
		const free = chosen.every(
			(other) =>
				Math.abs(other.x - mark.x) >= half + width(other.text) / 2 + gapPx ||
				(other.above !== mark.above && Math.abs(other.y - mark.y) > 2 * gapPx),
		);
		if (free) chosen.push(mark);
	}
	return chosen;
}
