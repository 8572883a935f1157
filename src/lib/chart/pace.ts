/** What of a picture tells whether it may wait. Compared with that of the last one drawn. */
export interface Look {
	/** What is in view, in milliseconds of time. */
	readonly minMs: number;
	readonly maxMs: number;
	/** Of the canvas, over the whole of the view. */
	readonly widthPx: number;
	/** When the newest point with a signal was; -Infinity = none has one. */
	readonly signalMs: number;
	/** Compared as they are: limits, and the point that is read. */
	readonly parts: readonly unknown[];
}

export interface PaceClock {
	nowMs(): number;
	/** @returns what cancels it */
	after(delayMs: number, callback: () => void): () => void;
}

export interface Pacer<Frame> {
	/** Draws it at once or within `MOST_MS`; of several that wait only the newest is drawn. */
	offer(frame: Frame, look: Look): void;
	stop(): void;
}

/** Nothing waits longer. */
export const MOST_MS = 250;

/**
 * A live chart that is narrower than its points are many moves by a third of a pixel ten times a second: nobody sees
 * that, and a wall of such charts would do little else. A picture is drawn when it moved by a pixel, when it shows
 * something new (a signal, other limits, another view), and after a quarter of a second at the latest.
 */
export function createPacer<Frame>(draw: (frame: Frame) => void, clock: PaceClock): Pacer<Frame> {
	let last: (Look & { readonly atMs: number }) | undefined;
	let waiting: { readonly frame: Frame; readonly look: Look } | undefined;
	let cancel: (() => void) | undefined;

	function stop(): void {
		cancel?.();
		cancel = undefined;
		waiting = undefined;
	}

	function drawNow(frame: Frame, look: Look): void {
		stop();
		last = { ...look, atMs: clock.nowMs() };
		draw(frame);
	}

	return {
		offer(frame, look) {
			const leftMs = last ? last.atMs + MOST_MS - clock.nowMs() : 0;
			if (!last || leftMs <= 0 || isNews(last, look)) return drawNow(frame, look);
			waiting = { frame, look };
			cancel ??= clock.after(leftMs, () => waiting && drawNow(waiting.frame, waiting.look));
		},
		stop,
	};
}

function isNews(last: Look, next: Look): boolean {
	const pxPerMs = next.widthPx / (next.maxMs - next.minMs);
	const movedPx = Math.max(Math.abs(next.minMs - last.minMs), Math.abs(next.maxMs - last.maxMs)) * pxPerMs;
	const isSame = next.parts.every((part, i) => Object.is(part, last.parts[i]));
	return !(movedPx < 1) || next.widthPx !== last.widthPx || next.signalMs !== last.signalMs || !isSame;
}
