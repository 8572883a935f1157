import type uPlot from 'uplot';
import { pan, zoom, type Range } from './view.ts';

export interface ZoomEvents {
	/** Somebody chose a stretch of time. */
	onRange(range: Range): void;
	/** Back to the present. */
	onReset(): void;
}

const NOTCH = 1.2;
const LEAST_DRAG_PX = 6;

function rangeOf(u: uPlot): Range {
	return { minMs: u.scales['x']?.min ?? 0, maxMs: u.scales['x']?.max ?? 1 };
}

/** Drag selects, the wheel zooms at the pointer and pans with shift, a double click goes back to the present. */
export function zoomPlugin({ onRange, onReset }: ZoomEvents): uPlot.Plugin {
	function onWheel(u: uPlot, event: WheelEvent): void {
		// A page that scrolls under the pointer must go on scrolling: zooming needs the key that zooms pages.
		if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
		event.preventDefault();
		const range = rangeOf(u);
		if (event.shiftKey) return onRange(pan(range, Math.sign(event.deltaY || event.deltaX) * 0.1));
		const atMs = u.posToVal(u.cursor.left ?? 0, 'x');
		onRange(zoom(range, atMs, event.deltaY > 0 ? NOTCH : 1 / NOTCH));
	}

	return {
		hooks: {
			ready: (u) => {
				u.over.addEventListener('wheel', (event) => onWheel(u, event), { passive: false });
				u.over.addEventListener('dblclick', onReset);
			},
			setSelect: (u) => {
				const { left, width } = u.select;
				if (width < LEAST_DRAG_PX) return;
				onRange({ minMs: u.posToVal(left, 'x'), maxMs: u.posToVal(left + width, 'x') });
				u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
			},
		},
	};
}
