/**
 * The plotted points that limits are going to be learnt from, in order. Plain data, so that a snapshot can take it as it
 * is.
 *
 * A point is a few doubles side by side: t, value, spread of its group, seq of its record, and the small numbers packed into
 * one. 10,000 of them have to fit into one value of the journal.
 */
export interface Baseline {
	/** How many points it takes. */
	readonly wanted: number;
	points: number;
	/** Nothing is looked across before the next point: no range, no run. */
	broken: boolean;
	cells: Float64Array;
}

export interface BaselinePoint {
	readonly tMicros: number;
	readonly v: number;
	/** Range or deviation of its group, whichever is charted. */
	readonly spread: number;
	/** Values in its group. */
	readonly size: number;
	readonly seq: number;
	readonly quality: number;
	readonly flags: number;
	/** What was before is not to be looked across. */
	readonly broken: boolean;
}

const STRIDE = 5;
const T = 0;
const V = 1;
const SPREAD = 2;
const SEQ = 3;
/** quality + 2^8 flags + 2^16 broken + 2^17 size: exact in a double. */
const PACKED = 4;
const SIZE_UNIT = 2 ** 17;

export function createBaseline(wanted: number): Baseline {
	return { wanted, points: 0, broken: false, cells: new Float64Array(0) };
}

/** @returns whether the baseline is complete */
export function collect(baseline: Baseline, point: Omit<BaselinePoint, 'broken'>): boolean {
	const at = baseline.points * STRIDE;
	if (at === baseline.cells.length) baseline.cells = grown(baseline.cells);
	const { cells } = baseline;
	cells[at + T] = point.tMicros;
	cells[at + V] = point.v;
	cells[at + SPREAD] = point.spread;
	cells[at + SEQ] = point.seq;
	const small = point.quality + point.flags * 2 ** 8 + (baseline.broken ? 2 ** 16 : 0);
	cells[at + PACKED] = small + point.size * SIZE_UNIT;
	baseline.broken = false;
	return ++baseline.points >= baseline.wanted;
}

/** For a value that only the whole baseline tells. */
export function setValue({ cells }: Baseline, index: number, v: number): void {
	cells[index * STRIDE + V] = v;
}

/** Several breaks in a row are one. */
export function breakBaseline(baseline: Baseline): void {
	baseline.broken = baseline.points > 0;
}

/** Forgets the points and begins anew, when nothing could be learnt from them. */
export function emptyBaseline(baseline: Baseline): void {
	baseline.points = 0;
	baseline.broken = false;
}

/** @returns a copy that is no longer than what it holds */
export function copyBaseline(baseline: Baseline): Baseline {
	return { ...baseline, cells: baseline.cells.slice(0, baseline.points * STRIDE) };
}

export function pointAt({ cells }: Baseline, index: number): BaselinePoint {
	const at = index * STRIDE;
	const packed = cells[at + PACKED]!;
	const small = packed % SIZE_UNIT;
	return {
		tMicros: cells[at + T]!,
		v: cells[at + V]!,
		spread: cells[at + SPREAD]!,
		size: Math.floor(packed / SIZE_UNIT),
		seq: cells[at + SEQ]!,
		quality: small & 0xff,
		flags: (small >> 8) & 0xff,
		broken: small >= 2 ** 16,
	};
}

export function pointsOf(baseline: Baseline): readonly BaselinePoint[] {
	return Array.from({ length: baseline.points }, (_, i) => pointAt(baseline, i));
}

/** One column, with NaN where nothing is to be looked across. */
export function columnOf(points: readonly BaselinePoint[], of: (point: BaselinePoint) => number): Float64Array {
	return Float64Array.from(points.flatMap((point) => (point.broken ? [NaN, of(point)] : [of(point)])));
}

function grown(from: Float64Array): Float64Array {
	const to = new Float64Array(Math.max(32 * STRIDE, from.length * 2));
	to.set(from);
	return to;
}
