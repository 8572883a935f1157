import type { PlottedWindow } from '#server/engine/port.ts';

/**
 * The least and the largest point of each of so many stretches of equal time, and every point with a signal: on a picture of as many
 * columns that is what all of them would look like.
 */
export function thinnedWindow(window: PlottedWindow, range: { fromMicros: number; toMicros: number }, columns: number) {
	const { tMicros, v, signals } = window;
	const [first, last] = [indexAt(tMicros, range.fromMicros), indexAt(tMicros, range.toMicros + 1)];
	if (last - first <= 2 * columns) return window;
	const from = tMicros[first]!;
	const width = (tMicros[last - 1]! - from) / columns || 1;
	const kept = new Set<number>();
	let column = -1;
	let [least, most] = [first, first];
	const close = () => void kept.add(least).add(most);
	for (let i = first; i < last; i++) {
		const at = Math.min(columns - 1, Math.floor((tMicros[i]! - from) / width));
		if (at !== column) {
			if (column >= 0) close();
			[column, least, most] = [at, i, i];
		}
		if (v[i]! < v[least]!) least = i;
		if (v[i]! > v[most]!) most = i;
		if (signals[i] !== 0) kept.add(i);
	}
	close();
	const order = [...kept].sort((a, b) => a - b);
	return {
		...window,
		tMicros: Float64Array.from(order, (i) => tMicros[i]!),
		v: Float64Array.from(order, (i) => v[i]!),
		signals: Uint16Array.from(order, (i) => signals[i]!),
		quality: Uint8Array.from(order, (i) => window.quality[i]!),
		flags: Uint8Array.from(order, (i) => window.flags[i]!),
		seq: Float64Array.from(order, (i) => window.seq[i]!),
	};
}

function indexAt(tMicros: Float64Array, micros: number): number {
	const at = tMicros.findIndex((t) => t >= micros);
	return at < 0 ? tMicros.length : at;
}
