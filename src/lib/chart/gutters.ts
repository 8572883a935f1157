type Edge = 'left' | 'right';

/** What one chart says of the room it needs at its edges. */
export interface Gutter {
	/** @returns pixels: what the widest of all charts needs */
	room(edge: Edge, px: number): number;
	leave(): void;
}

export interface Gutters {
	join(): Gutter;
}

/** Charts one below the other take the same room at their edges, so that a moment is at the same place in all. */
export function createGutters(): Gutters {
	const charts = new Set<Record<Edge, number>>();
	return {
		join() {
			const own = { left: 0, right: 0 };
			charts.add(own);
			return {
				room(edge, px) {
					own[edge] = px;
					return Math.max(...[...charts].map((chart) => chart[edge]));
				},
				leave: () => void charts.delete(own),
			};
		},
	};
}
