import { FLAG } from '#contracts/point.ts';

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
	/** Points that somebody has taken out: kept, drawn, and neither counted nor learnt from. Absent in an older snapshot. */
	excluded?: number;
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
	baseline.points++;
	return isComplete(baseline);
}

/** How many of its points are to be learnt from. */
export function countOf({ points, excluded = 0 }: Baseline): number {
	return points - excluded;
}

export function isComplete(baseline: Baseline): boolean {
	return countOf(baseline) >= baseline.wanted;
}

/** Takes the points of a stretch out, or back in. */
export function exclude(
	baseline: Baseline,
	stretch: { readonly fromMicros: number; readonly toMicros: number },
	flag: number,
): void {
	const { cells } = baseline;
	let excluded = 0;
	for (let i = 0; i < baseline.points; i++) {
		const { tMicros, flags } = pointAt(baseline, i);
		const isMeant = tMicros >= stretch.fromMicros && tMicros <= stretch.toMicros;
		const next = isMeant ? (flags & ~FLAG.excluded) | flag : flags;
		cells[i * STRIDE + PACKED]! += (next - flags) * 2 ** 8;
		if ((next & FLAG.excluded) !== 0) excluded++;
	}
	baseline.excluded = excluded;
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
	baseline.excluded = 0;
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

/** Those to be learnt from. A break before one that is left out is one before the next. */
export function pointsOf(baseline: Baseline): readonly BaselinePoint[] {
	const all = Array.from({ length: baseline.points }, (_, i) => pointAt(baseline, i));
	if (!baseline.excluded) return all;
	let broken = false;
	return all.flatMap((point) => {
		broken ||= point.broken;
		if ((point.flags & FLAG.excluded) !== 0) return [];
		const kept = { ...point, broken };
		broken = false;
		return [kept];
	});
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
