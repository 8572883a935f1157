type Edge = 'left' | 'right';

/** What one chart says of the room it needs at its edges. */
export interface Gutter {
	/** @returns pixels: what the widest of all charts needs */
	room(edge: Edge, px: number): number;
	/** The size of the type changed: what was needed before says nothing any more. */
	forget(): void;
	leave(): void;
}

export interface Gutters {
	/** @param onWider another chart needs more room than this one was laid out with */
	join(onWider: () => void): Gutter;
}

/**
 * Charts one below the other take the same room at their edges, so that a moment is at the same place in all. The room
 * only grows: labels that come and go while a chart moves must not make it jog.
 */
export function createGutters(): Gutters {
	const charts = new Map<() => void, Record<Edge, number>>();
	const widest = (edge: Edge) => Math.max(0, ...[...charts.values()].map((own) => own[edge]));
	return {
		join(onWider) {
			const own = { left: 0, right: 0 };
			charts.set(onWider, own);
			return {
				room(edge, px) {
					const before = widest(edge);
					own[edge] = Math.max(own[edge], px);
					if (px > before) for (const other of charts.keys()) if (other !== onWider) other();
					return Math.max(before, px);
				},
				forget: () => void Object.assign(own, { left: 0, right: 0 }),
				leave: () => void charts.delete(onWider),
			};
		},
	};
}
