/** How the marks of a map of very many streams stand: blocks of one asset each, side by side. */
export interface MapLayout {
	readonly columns: number;
	/** Side of the square that a mark has. */
	readonly markPx: number;
}

export interface MapRoom {
	/** Streams of each block, in order; each site begins a row of its own. */
	readonly sites: readonly (readonly number[])[];
	readonly widthPx: number;
	readonly heightPx: number;
	readonly remPx: number;
}

/** In rem. */
const MOST = 2.4;
const LEAST = 1;
const STEP = 0.1;
const MOST_COLUMNS = 8;
const GAP = 0.75;
const NAME = 1.5;
const HEADING = 2.2;

/**
 * The largest marks with which all blocks fit; the least ones when none do, and then it scrolls.
 */
export function fitMap(room: MapRoom): MapLayout {
	for (let mark = MOST; mark >= LEAST; mark -= STEP)
		for (let columns = MOST_COLUMNS; columns >= 1; columns--)
			if (heightOf(room, columns, mark) <= room.heightPx / room.remPx)
				return { columns, markPx: Math.floor(mark * room.remPx) };
	return { columns: 4, markPx: Math.floor(LEAST * room.remPx) };
}

/** @returns in rem; infinite when a block is too narrow for its name */
function heightOf({ sites, widthPx, remPx }: MapRoom, columns: number, mark: number): number {
	const width = (widthPx / remPx - (columns - 1) * GAP) / columns;
	if (width < 6) return Infinity;
	const perRow = Math.floor(width / mark);
	const blockHeight = (streams: number) => NAME + Math.ceil(streams / perRow) * mark + GAP;
	const siteHeight = (blocks: readonly number[]) => {
		let height = sites.length > 1 ? HEADING : 0;
		for (let i = 0; i < blocks.length; i += columns) height += blockHeight(Math.max(...blocks.slice(i, i + columns)));
		return height;
	};
	return sites.reduce((sum, blocks) => sum + siteHeight(blocks), 0);
}
