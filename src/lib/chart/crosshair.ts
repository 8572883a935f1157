import type { Range } from './view.ts';

export type End = 'first' | 'last';

/** What one chart asks and says of the crosshair that it shares. */
export interface CrosshairPart {
	/** The moment that keys chose; undefined while a pointer has the crosshair, or nobody. */
	heldMs(): number | undefined;
	/** Keys go to a moment; undefined = nowhere. */
	hold(tMs: number | undefined): void;
	/**
	 * Keys go to an end of what this chart shows, and stay there when points of the stretch come later than the key.
	 *
	 * @param range undefined before the first picture
	 */
	aim(end: End, range: Range | undefined): void;
	/** @returns the end that this chart stays at; undefined when it shows another stretch by now */
	aimAt(range: Range): End | undefined;
	/**
	 * A mouse event over a chart. Browsers tell of a move when the page moved below a mouse at rest: that takes nothing from
	 * who reads by keys.
	 *
	 * @returns whether the crosshair is the pointer's
	 */
	pointer(event: Pick<MouseEvent, 'type' | 'screenX' | 'screenY'>): boolean;
	leave(): void;
}

export interface Crosshair {
	/** @param onHeld keys went to another moment on another chart */
	join(onHeld: () => void): CrosshairPart;
}

/** Charts one below the other: the moment that keys chose on one is read on all, until a pointer moves over one of them. */
export function createCrosshair(): Crosshair {
	const charts = new Set<() => void>();
	let heldMs: number | undefined;
	let aim: { readonly by: () => void; readonly end: End; readonly range: Range | undefined } | undefined;
	let seen: { readonly x: number; readonly y: number } | undefined;

	return {
		join(onHeld) {
			charts.add(onHeld);
			return {
				heldMs: () => heldMs,
				hold(tMs) {
					heldMs = tMs;
					aim = undefined;
					for (const other of charts) if (other !== onHeld) other();
				},
				aim: (end, range) => (aim = { by: onHeld, end, range }),
				aimAt(range) {
					if (aim?.by !== onHeld) return undefined;
					const { minMs, maxMs } = aim.range ?? range;
					if (minMs === range.minMs && maxMs === range.maxMs) return aim.end;
					aim = undefined;
					return undefined;
				},
				pointer({ type, screenX: x, screenY: y }) {
					const rests = seen !== undefined && seen.x === x && seen.y === y;
					seen = { x, y };
					const isHeld = heldMs !== undefined || aim !== undefined;
					if (isHeld && (rests || type === 'mouseleave')) return false;
					heldMs = aim = undefined;
					return true;
				},
				leave: () => void charts.delete(onHeld),
			};
		},
	};
}
