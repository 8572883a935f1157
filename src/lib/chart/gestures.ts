import type uPlot from 'uplot';
import { pan, type Range } from './view.ts';

export interface GestureEvents {
	/** Somebody moved or chose a stretch of time. */
	onRange(range: Range): void;
	/** @param factor above 1 shows more, below 1 less, around the moment `atMs` */
	onZoom(atMs: number, factor: number): void;
	/** Back to the present. */
	onReset(): void;
	/** Somebody marked a stretch with shift and drag; without it that zooms. */
	onSelect?(range: Range): void;
	/** Somebody pressed and let go without moving. */
	onClick?(atMs: number): void;
}

/** One notch of a wheel makes 100 pixels. */
const NOTCH_PX = 100;
const NOTCH = 1.25;
const MOST_NOTCHES = 3;
const LEAST_DRAG_PX = 5;

/** Pixels that the finger or the mouse is at, from the left edge of the plot. */
type Held = Map<number, number>;

interface Grip {
	readonly kind: 'pan' | 'brush' | 'pinch';
	readonly range: Range;
	readonly startPx: number;
	moved: boolean;
}

/**
 * Drag moves, shift and drag selects, the wheel zooms at the pointer and moves sideways, two fingers do both, a double
 * click goes back to the present. A finger that moves up or down scrolls the page.
 */
export function gestures(events: GestureEvents): uPlot.Plugin {
	const held: Held = new Map();
	const ending = new AbortController();
	let grip: Grip | undefined;

	const rangeOf = (u: uPlot): Range => ({ minMs: u.scales['x']?.min ?? 0, maxMs: u.scales['x']?.max ?? 1 });
	const pxOf = (u: uPlot, event: MouseEvent) => event.clientX - u.over.getBoundingClientRect().left;
	/** Of the range when it was gripped: the one shown has moved since. */
	const timeAt = (u: uPlot, { minMs, maxMs }: Range, px: number) => minMs + (px / u.over.clientWidth) * (maxMs - minMs);

	function down(u: uPlot, event: PointerEvent): void {
		if (event.button !== 0) return;
		held.set(event.pointerId, pxOf(u, event));
		if (held.size > 2) return;
		const kind = held.size === 2 ? 'pinch' : event.shiftKey ? 'brush' : 'pan';
		grip = { kind, range: rangeOf(u), startPx: pxOf(u, event), moved: false };
		if (kind === 'pinch') pinched = [...held.values()];
	}

	/** Where the two fingers came down. */
	let pinched: readonly number[] = [];

	function move(u: uPlot, event: PointerEvent): void {
		if (!grip || !held.has(event.pointerId)) return;
		held.set(event.pointerId, pxOf(u, event));
		const byPx = pxOf(u, event) - grip.startPx;
		if (!grip.moved && Math.abs(byPx) < LEAST_DRAG_PX && grip.kind !== 'pinch') return;
		if (!grip.moved) u.over.setPointerCapture(event.pointerId);
		grip.moved = true;
		if (grip.kind === 'brush') u.setSelect(box(u, grip.startPx, pxOf(u, event)), false);
		else if (grip.kind === 'pan') {
			u.over.classList.add('grabbing');
			events.onRange(pan(grip.range, -byPx / u.over.clientWidth));
		} else events.onRange(pinchedRange(u, grip.range));
	}

	/** The moments under the two fingers stay under them. */
	function pinchedRange(u: uPlot, range: Range): Range {
		const now = [...held.values()];
		const [a, b] = [timeAt(u, range, pinched[0] ?? 0), timeAt(u, range, pinched[1] ?? 1)];
		const apart = (now[1] ?? 1) - (now[0] ?? 0);
		const msPerPx = (b - a) / (Math.abs(apart) < 8 ? 8 * Math.sign(apart || 1) : apart);
		if (!(msPerPx > 0)) return range;
		const minMs = a - (now[0] ?? 0) * msPerPx;
		return { minMs, maxMs: minMs + u.over.clientWidth * msPerPx };
	}

	function up(u: uPlot, event: PointerEvent): void {
		if (!held.delete(event.pointerId)) return;
		u.over.classList.remove('grabbing');
		const ended = grip;
		grip = undefined;
		if (!ended || event.type === 'pointercancel') return;
		if (!ended.moved && ended.kind !== 'pinch' && event.target === u.over)
			return events.onClick?.(timeAt(u, ended.range, ended.startPx));
		if (ended.kind !== 'brush') return;
		u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
		if (!ended.moved) return;
		const ends = [timeAt(u, ended.range, ended.startPx), timeAt(u, ended.range, pxOf(u, event))];
		(events.onSelect ?? events.onRange)({ minMs: Math.min(...ends), maxMs: Math.max(...ends) });
	}

	function wheel(u: uPlot, event: WheelEvent): void {
		const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
		const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
		// A page that scrolls under the pointer must go on scrolling: there, zooming needs the key that zooms pages.
		const scrolls = document.documentElement.scrollHeight > innerHeight + 1;
		if (!isSideways && scrolls && !event.ctrlKey && !event.metaKey) return;
		event.preventDefault();
		const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : NOTCH_PX / 3;
		if (isSideways) return events.onRange(pan(rangeOf(u), (sideways * lines) / u.over.clientWidth));
		// A pinch on a touchpad comes as a wheel with the key held, in small steps.
		const notches = (event.deltaY * lines * (event.ctrlKey && Math.abs(event.deltaY) < 50 ? 4 : 1)) / NOTCH_PX;
		const factor = NOTCH ** Math.min(MOST_NOTCHES, Math.max(-MOST_NOTCHES, notches));
		events.onZoom(timeAt(u, rangeOf(u), pxOf(u, event)), factor);
	}

	return {
		hooks: {
			ready: (u) => {
				const { signal } = ending;
				u.over.addEventListener('pointerdown', (event) => down(u, event), { signal });
				u.over.addEventListener('pointermove', (event) => move(u, event), { signal });
				u.over.addEventListener('pointerup', (event) => up(u, event), { signal });
				u.over.addEventListener('pointercancel', (event) => up(u, event), { signal });
				// Let go of outside before anything moved: nothing was captured.
				addEventListener('pointerup', (event) => up(u, event), { signal });
				u.over.addEventListener('wheel', (event) => wheel(u, event), { passive: false, signal });
				u.over.addEventListener('dblclick', events.onReset, { signal });
			},
			destroy: () => ending.abort(),
		},
	};
}

function box(u: uPlot, fromPx: number, toPx: number): uPlot.Select {
	const left = Math.max(0, Math.min(fromPx, toPx));
	const right = Math.min(u.over.clientWidth, Math.max(fromPx, toPx));
	return { left, top: 0, width: right - left, height: u.over.clientHeight };
}
