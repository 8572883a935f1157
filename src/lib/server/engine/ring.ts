import type { Chart } from '#contracts/chart.ts';
import type { ContextPoint } from '#contracts/violation.ts';
import type { PlottedWindow } from './port.ts';

/**
 * The newest plotted points of one stream: columns in a ring, shared by its charts. A chart that has no value at a
 * point (the moving range after a gap) holds NaN there. Plain data, so that a snapshot can take it as it is.
 */
export interface Ring {
	/** Never more than this many points. */
	readonly cap: number;
	/** Where the oldest point lies. */
	start: number;
	length: number;
	tMicros: Float64Array;
	/** Journal position of the record that each point came with. */
	seq: Float64Array;
	quality: Uint8Array;
	flags: Uint8Array;
	columns: Column[];
	/** seq of the newest point that is no longer here; 0 = all are here. */
	droppedSeq: number;
}

interface Column {
	v: Float64Array;
	signals: Uint16Array;
}

const FIRST_CAPACITY = 32;

export function createRing(charts: number, cap: number): Ring {
	const capacity = Math.min(FIRST_CAPACITY, cap);
	return {
		cap,
		start: 0,
		length: 0,
		tMicros: new Float64Array(capacity),
		seq: new Float64Array(capacity),
		quality: new Uint8Array(capacity),
		flags: new Uint8Array(capacity),
		columns: Array.from({ length: charts }, () => ({
			v: new Float64Array(capacity),
			signals: new Uint16Array(capacity),
		})),
		droppedSeq: 0,
	};
}

/** @returns the index to hand to `plotAt` for each chart's value */
export function appendPoint(ring: Ring, tMicros: number, seq: number, quality: number, flags: number): number {
	if (ring.length === ring.tMicros.length) makeRoom(ring);
	let at = ring.start + ring.length;
	if (at >= ring.tMicros.length) at -= ring.tMicros.length;
	ring.length++;
	ring.tMicros[at] = tMicros;
	ring.seq[at] = seq;
	ring.quality[at] = quality;
	ring.flags[at] = flags;
	return at;
}

export function plotAt(ring: Ring, at: number, chart: number, v: number, signals: number): void {
	const column = ring.columns[chart]!;
	column.v[at] = v;
	column.signals[at] = signals;
}

/** @param back 0 = the newest point */
export function indexBack(ring: Ring, back: number): number {
	const at = ring.start + ring.length - 1 - back;
	return at >= ring.tMicros.length ? at - ring.tMicros.length : at;
}

/** Up to `count` points that this chart plotted before its newest `skip` ones, oldest first. */
export function plottedBefore(ring: Ring, chart: number, skip: number, count: number): ContextPoint[] {
	const found: ContextPoint[] = [];
	const { v } = ring.columns[chart]!;
	let left = skip;
	for (let back = 0; back < ring.length && found.length < count; back++) {
		const at = indexBack(ring, back);
		const value = v[at]!;
		if (value !== value) continue;
		if (left > 0) left--;
		else found.push({ tMicros: ring.tMicros[at]!, v: value });
	}
	return found.reverse();
}

/** t of the point that this chart plotted `back` points before its newest one; the oldest one held when that is gone. */
export function microsBack(ring: Ring, chart: number, back: number): number {
	const { v } = ring.columns[chart]!;
	let left = back;
	let micros = NaN;
	for (let i = 0; i < ring.length; i++) {
		const at = indexBack(ring, i);
		if (v[at] !== v[at]) continue;
		micros = ring.tMicros[at]!;
		if (left-- === 0) break;
	}
	return micros;
}

/** Forgets the points, not that they were there. */
export function clearRing(ring: Ring): void {
	if (ring.length > 0) ring.droppedSeq = ring.seq[indexBack(ring, 0)]!;
	ring.start = 0;
	ring.length = 0;
}

/** Copies what one chart plotted with records after `sinceSeq`, oldest first. */
export function windowOf(ring: Ring, chart: number, name: Chart, sinceSeq: number): PlottedWindow {
	const { v, signals } = ring.columns[chart]!;
	const picks: number[] = [];
	for (let back = 0; back < ring.length; back++) {
		const at = indexBack(ring, back);
		if (ring.seq[at]! <= sinceSeq) break;
		if (v[at] === v[at]) picks.push(at);
	}
	picks.reverse();
	return {
		chart: name,
		tMicros: Float64Array.from(picks, (at) => ring.tMicros[at]!),
		v: Float64Array.from(picks, (at) => v[at]!),
		signals: Uint16Array.from(picks, (at) => signals[at]!),
		quality: Uint8Array.from(picks, (at) => ring.quality[at]!),
		flags: Uint8Array.from(picks, (at) => ring.flags[at]!),
		seq: Float64Array.from(picks, (at) => ring.seq[at]!),
		truncated: ring.droppedSeq > sinceSeq,
	};
}

/** Copies the newest `count` points; a snapshot needs what contexts are made of and not the whole window. */
export function tailOf(ring: Ring, count: number, cap = ring.cap): Ring {
	const tail = createRing(ring.columns.length, cap);
	const kept = Math.min(count, ring.length);
	tail.droppedSeq = ring.length > kept ? ring.seq[indexBack(ring, kept)]! : ring.droppedSeq;
	for (let back = kept - 1; back >= 0; back--) copyPoint(ring, indexBack(ring, back), tail);
	return tail;
}

function copyPoint(from: Ring, at: number, to: Ring): void {
	const target = appendPoint(to, from.tMicros[at]!, from.seq[at]!, from.quality[at]!, from.flags[at]!);
	from.columns.forEach((column, chart) => plotAt(to, target, chart, column.v[at]!, column.signals[at]!));
}

function makeRoom(ring: Ring): void {
	if (ring.length === ring.cap) {
		ring.droppedSeq = ring.seq[ring.start]!;
		ring.start = ring.start + 1 === ring.tMicros.length ? 0 : ring.start + 1;
		ring.length--;
		return;
	}
	const capacity = Math.min(ring.cap, ring.length * 2);
	const { start, length } = ring;
	ring.tMicros = unrolled(ring.tMicros, start, length, new Float64Array(capacity));
	ring.seq = unrolled(ring.seq, start, length, new Float64Array(capacity));
	ring.quality = unrolled(ring.quality, start, length, new Uint8Array(capacity));
	ring.flags = unrolled(ring.flags, start, length, new Uint8Array(capacity));
	for (const column of ring.columns) {
		column.v = unrolled(column.v, start, length, new Float64Array(capacity));
		column.signals = unrolled(column.signals, start, length, new Uint16Array(capacity));
	}
	ring.start = 0;
}

type Columns = Float64Array | Uint16Array | Uint8Array;

/** The oldest first, at the start of a larger array. */
function unrolled<T extends Columns>(from: T, start: number, length: number, to: T): T {
	to.set(from.subarray(start, length));
	to.set(from.subarray(0, start), length - start);
	return to;
}
