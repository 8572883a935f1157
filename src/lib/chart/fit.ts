/** How the tiles of an overview stand. */
export interface Grid {
	readonly columns: number;
	/** Height of a tile in pixels, without the line of its group above it. */
	readonly tilePx: number;
	/** true when everything is in view at once; otherwise the page scrolls. */
	readonly fits: boolean;
}

export interface GridRoom {
	/** Tiles of each site. Several sites have a heading each, and begin a row of their own. */
	readonly sites: readonly number[];
	readonly widthPx: number;
	readonly heightPx: number;
	readonly remPx: number;
}

/** In rem. */
export const RAIL = 1.6;
const GAP = 0.6;
const HEADING = 2.2;
const LEAST_WIDTH = 10;
const MOST_WIDTH = 30;
const LEAST_HEIGHT = 3.6;
const MOST_HEIGHT = 15;
const SCROLLING_WIDTH = 17;
const SCROLLING_HEIGHT = 7.5;
const SINGLE_HEIGHT = 5.6;

/**
 * The largest tiles that all fit into the room, so that a wall shows every stream without scrolling; when none do,
 * comfortable ones and a page that scrolls.
 */
export function fitGrid(room: GridRoom): Grid {
	const width = room.widthPx / room.remPx;
	const headings = room.sites.length > 1 ? room.sites.length : 0;
	const height = room.heightPx / room.remPx - headings * HEADING;
	const most = Math.max(1, ...room.sites);
	let best: { columns: number; tile: number; size: number } | undefined;
	for (let columns = 1; columns <= most; columns++) {
		const tileWidth = (width - (columns - 1) * GAP) / columns;
		if (tileWidth < LEAST_WIDTH) break;
		const rows = room.sites.reduce((sum, tiles) => sum + Math.ceil(tiles / columns), 0);
		const tile = Math.min(MOST_HEIGHT, (height - (rows - 1) * GAP) / rows - RAIL);
		if (tile < LEAST_HEIGHT) continue;
		// The shape counts too: a value over its sparkline wants a tile of about two to one.
		const size = Math.min(Math.min(tileWidth, MOST_WIDTH), tile * 2.1);
		if (!best || size > best.size) best = { columns, tile, size };
	}
	if (best) return { columns: best.columns, tilePx: Math.floor(best.tile * room.remPx), fits: true };
	const columns = Math.max(1, Math.floor((width + GAP) / (SCROLLING_WIDTH + GAP)));
	const tile = columns === 1 ? SINGLE_HEIGHT : SCROLLING_HEIGHT;
	return { columns, tilePx: Math.floor(tile * room.remPx), fits: false };
}
