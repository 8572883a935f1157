/** How many cells of one kind stand beside each other. */
export interface Cells {
	readonly columns: number;
	readonly widthPx: number;
	readonly heightPx: number;
}

/**
 * Equal cells that fill a room, as large as they can be.
 *
 * @param shape width of a good cell in parts of its height
 */
export function fitCells(
	count: number,
	room: { readonly widthPx: number; readonly heightPx: number },
	shape: number,
): Cells {
	let best: Cells | undefined;
	const sizeOf = ({ widthPx, heightPx }: Cells) => Math.min(widthPx / shape, heightPx);
	for (let columns = 1; columns <= Math.max(1, count); columns++) {
		const rows = Math.ceil(Math.max(1, count) / columns);
		const cells = { columns, widthPx: room.widthPx / columns, heightPx: room.heightPx / rows };
		if (!best || sizeOf(cells) > sizeOf(best)) best = cells;
	}
	return best!;
}
