import type { Chart } from '#contracts/chart.ts';
import type { ContextPoint } from '#contracts/violation.ts';
import type { PlottedWindow } from './port.ts';

/**
 * The newest plotted points of one stream, shared by its charts. A chart that has no value at a point (the moving range
 * after a gap) holds NaN there.
 *
 * A point is a few doubles side by side, so that adding one touches one line of the cache and not one per column:
 * t, seq of its record, the small numbers packed into one, then the value of each chart. Plain data, for the snapshot.
 */
export interface Ring {
	readonly charts: number;
	/** Never more than this many points. */
	readonly cap: number;
	/** Place of the oldest point, in points. */
	start: number;
	length: number;
	cells: Float64Array;
	/** seq of the newest point that is no longer here; 0 = all are here. */
	droppedSeq: number;
}

const T = 0;
const SEQ = 1;
/**
 * quality + 2^8 flags + 2^16 signals of chart 0 + 2^32 of chart 1 + 2^42 of chart 2: 52 bits, exact in a double. Charts but
 * the first have no rules with names, so that ten bits do.
 */
const PACKED = 2;
const V = 3;
const FLAGS_UNIT = 2 ** 8;
const SIGNALS_UNIT = [2 ** 16, 2 ** 32, 2 ** 42] as const;
const SIGNALS_MASK = [0xffff, 0x3ff, 0x3ff] as const;
/** Charts that one stream may have: as many as PACKED has room for. */
export const MAX_CHARTS = SIGNALS_UNIT.length;

const FIRST_CAPACITY = 32;

export function createRing(charts: number, cap: number): Ring {
	const cells = new Float64Array(Math.min(FIRST_CAPACITY, cap) * (V + charts));
	return { charts, cap, start: 0, length: 0, cells, droppedSeq: 0 };
}

/** @returns where the point lies, for `plotAt` */
export function appendPoint(ring: Ring, tMicros: number, seq: number, quality: number, flags: number): number {
	const stride = V + ring.charts;
	if (ring.length * stride === ring.cells.length) makeRoom(ring);
	const { cells } = ring;
	let at = (ring.start + ring.length) * stride;
	if (at >= cells.length) at -= cells.length;
	ring.length++;
	cells[at + T] = tMicros;
	cells[at + SEQ] = seq;
	cells[at + PACKED] = quality + flags * FLAGS_UNIT;
	return at;
}

/** @param signals of a chart that has none at this point yet */
export function plotAt(ring: Ring, at: number, chart: number, v: number, signals: number): void {
	ring.cells[at + V + chart] = v;
	if (signals !== 0) ring.cells[at + PACKED]! += signals * SIGNALS_UNIT[chart]!;
}

/** Takes the newest points away again: they are going to be plotted anew. */
export function takeBack(ring: Ring, count: number): void {
	ring.length -= Math.min(count, ring.length);
}

/** @param back 0 = the newest point */
export function placeOf(ring: Ring, back: number): number {
	const at = (ring.start + ring.length - 1 - back) * (V + ring.charts);
	return at >= ring.cells.length ? at - ring.cells.length : at;
}

/** Up to `count` points that this chart plotted before its newest `skip` ones, oldest first. */
export function plottedBefore(ring: Ring, chart: number, skip: number, count: number): ContextPoint[] {
	const found: ContextPoint[] = [];
	let left = skip;
	for (let back = 0; back < ring.length && found.length < count; back++) {
		const at = placeOf(ring, back);
		const v = ring.cells[at + V + chart]!;
		if (v !== v) continue;
		if (left > 0) left--;
		else found.push({ tMicros: ring.cells[at + T]!, v });
	}
	return found.reverse();
}

/** t of the point that this chart plotted `back` points before its newest one; the oldest one held when that is gone. */
export function microsBack(ring: Ring, chart: number, back: number): number {
	let left = back;
	let micros = NaN;
	for (let i = 0; i < ring.length && left >= 0; i++) {
		const at = placeOf(ring, i);
		if (Number.isNaN(ring.cells[at + V + chart])) continue;
		micros = ring.cells[at + T]!;
		left--;
	}
	return micros;
}

/** Forgets the points, not that they were there. */
export function clearRing(ring: Ring): void {
	if (ring.length > 0) ring.droppedSeq = ring.cells[placeOf(ring, 0) + SEQ]!;
	ring.start = 0;
	ring.length = 0;
}

/**
 * Copies what one chart plotted with records after `sinceSeq`, the newest `newest` of it, oldest first.
 *
 * Plain loops: this runs for every stream that anyone looks at, ten times a second.
 */
export function windowOf(ring: Ring, chart: number, name: Chart, sinceSeq: number, newest = Infinity): PlottedWindow {
	const { cells } = ring;
	const places: number[] = [];
	let back = 0;
	for (; back < ring.length && places.length < newest; back++) {
		const at = placeOf(ring, back);
		if (cells[at + SEQ]! <= sinceSeq) break;
		if (!Number.isNaN(cells[at + V + chart])) places.push(at);
	}
	const cut = places.length === newest && back < ring.length && cells[placeOf(ring, back) + SEQ]! > sinceSeq;
	return { chart: name, ...columnsAt(ring, chart, places), truncated: cut || ring.droppedSeq > sinceSeq };
}

/** @param places newest first */
function columnsAt(ring: Ring, chart: number, places: readonly number[]): Omit<PlottedWindow, 'chart' | 'truncated'> {
	const { cells } = ring;
	const count = places.length;
	const columns = {
		tMicros: new Float64Array(count),
		v: new Float64Array(count),
		signals: new Uint16Array(count),
		quality: new Uint8Array(count),
		flags: new Uint8Array(count),
		seq: new Float64Array(count),
	};
	for (let i = 0; i < count; i++) {
		const at = places[count - 1 - i]!;
		const packed = cells[at + PACKED]!;
		columns.tMicros[i] = cells[at + T]!;
		columns.v[i] = cells[at + V + chart]!;
		columns.signals[i] = Math.floor(packed / SIGNALS_UNIT[chart]!) & SIGNALS_MASK[chart]!;
		columns.quality[i] = packed;
		columns.flags[i] = Math.floor(packed / FLAGS_UNIT);
		columns.seq[i] = cells[at + SEQ]!;
	}
	return columns;
}

/** Copies the newest `count` points; a snapshot needs what contexts are made of and not the whole window. */
export function tailOf(ring: Ring, count: number, cap = ring.cap): Ring {
	const kept = Math.min(count, ring.length);
	const stride = V + ring.charts;
	const tail = createRing(ring.charts, cap);
	tail.cells = new Float64Array(Math.max(kept, Math.min(FIRST_CAPACITY, cap)) * stride);
	tail.length = kept;
	tail.droppedSeq = ring.length > kept ? ring.cells[placeOf(ring, kept) + SEQ]! : ring.droppedSeq;
	for (let i = 0; i < kept; i++) {
		const at = placeOf(ring, kept - 1 - i);
		tail.cells.set(ring.cells.subarray(at, at + stride), i * stride);
	}
	return tail;
}

function makeRoom(ring: Ring): void {
	const stride = V + ring.charts;
	if (ring.length >= ring.cap) {
		ring.droppedSeq = ring.cells[ring.start * stride + SEQ]!;
		ring.start = (ring.start + 1) * stride === ring.cells.length ? 0 : ring.start + 1;
		ring.length--;
		return;
	}
	const larger = new Float64Array(Math.min(ring.cap, ring.length * 2) * stride);
	const oldest = ring.start * stride;
	larger.set(ring.cells.subarray(oldest));
	larger.set(ring.cells.subarray(0, oldest), ring.cells.length - oldest);
	ring.cells = larger;
	ring.start = 0;
}
