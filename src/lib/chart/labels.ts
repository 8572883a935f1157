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

/**
 * Of marks that would cover each other the outermost: in each column of so many pixels the highest of those above the
 * centre line and the lowest of those below it. A column that had a mark keeps one.
 */
export function outermost<M extends Mark>(marks: readonly M[], columnPx: number): readonly M[] {
	const kept = new Map<string, M>();
	for (const mark of marks) {
		const key = `${mark.above} ${Math.floor(mark.x / columnPx)}`;
		const other = kept.get(key);
		if (!other || (mark.above ? mark.y < other.y : mark.y > other.y)) kept.set(key, mark);
	}
	return [...kept.values()];
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
export function labelled(
	marks: readonly Mark[],
	width: (text: string) => number,
	room: { readonly gapPx: number; readonly heightPx: number },
): readonly Mark[] {
	const chosen: Mark[] = [];
	const covers = (a: Mark, b: Mark) =>
		Math.abs(a.x - b.x) < (width(a.text) + width(b.text)) / 2 + room.gapPx &&
		Math.abs(textY(a, room.heightPx) - textY(b, room.heightPx)) < room.heightPx;
	for (const mark of marks.toReversed()) if (!chosen.some((other) => covers(mark, other))) chosen.push(mark);
	return chosen;
}

/** A text stands over or under its point. */
export function textY({ y, above }: Mark, heightPx: number): number {
	return above ? y - heightPx : y + heightPx;
}
