import type { ApiPoints } from '#contracts/api.ts';
import { LIMIT_ABOVE, ruleOfBit, type Chart, type Rule, type Side } from '#contracts/chart.ts';
import { RetriableError } from '#contracts/error.ts';
import type { Limits } from '#contracts/limits.ts';
import type { PointColumns } from '#contracts/point.ts';
import type { PlottedWindow } from '#server/engine/port.ts';
import type { PointRange, Store, Thinned } from '#server/store/port.ts';
import { emptyColumns, merged, pick, tail } from '#server/http/columns.ts';
import { Problem, unavailable } from '#server/http/problem.ts';
import { asBuckets, thinned } from './thin.ts';

/** More than this without `maxPoints` is an export, not a page. */
export const MAX_POINTS = 1_000_000;

/** The chart that plots every point by itself: its window holds points as they were measured. */
const INDIVIDUALS: Chart = 'i';

/** A stretch of a stream as it is known now: what the store has, and what the engine judged that is not stored yet. */
export interface Stretch {
	readonly points: PointColumns;
	readonly thinned: Omit<Thinned, keyof PointColumns> | null;
}

export interface PointSource {
	readonly store: Store;
	readonly windows: readonly PlottedWindow[];
}

export type PointWish = {
	readonly streamId: number;
	readonly maxPoints: number | undefined;
	/** Thinned to points of its own that keep the shape, instead of to buckets. */
	readonly shaped?: boolean;
} & ({ readonly last: number } | { readonly fromMicros: number; readonly toMicros: number });

/**
 * Up to here it is counted whether a range has to be thinned; of a longer one the store's minutes say it, which at both ends may be
 * points of a minute too many: of a short range that would be much.
 */
const COUNTED_MICROS = 2 * 3_600_000_000;

/** @throws Problem 413 over MAX_POINTS without maxPoints; 503 when the store is needed and does not answer */
export async function readPoints(source: PointSource, wish: PointWish): Promise<Stretch> {
	try {
		return await ('last' in wish ? lastPoints(source, wish) : pointsBetween(source, wish));
	} catch (error) {
		if (!(error instanceof RetriableError)) throw error;
		const points = pointsWithoutStore(source.windows, wish);
		if (points) return atMost(points, wish.maxPoints);
		throw unavailable(`The stored points cannot be read now: ${error.message}`);
	}
}

async function lastPoints(
	{ store, windows }: PointSource,
	wish: Extract<PointWish, { last: number }>,
): Promise<Stretch> {
	const { streamId, last, maxPoints, shaped } = wish;
	const stored = await store.lastPoints(streamId, last);
	const points = tail(merged(stored, measuredOf(windows, -Infinity, Infinity)), last);
	const first = points.tMicros[0];
	if (maxPoints === undefined || points.tMicros.length <= maxPoints || first === undefined)
		return { points, thinned: null };
	const range = { streamId, fromMicros: first, toMicros: points.tMicros.at(-1)!, maxPoints };
	return shaped ? shapedBetween({ store, windows }, range) : thinnedBetween({ store, windows }, range);
}

async function pointsBetween(
	{ store, windows }: PointSource,
	wish: Extract<PointWish, { fromMicros: number }>,
): Promise<Stretch> {
	const { maxPoints, shaped, ...range } = wish;
	if (maxPoints !== undefined && !shaped && range.toMicros - range.fromMicros > COUNTED_MICROS)
		return thinnedBetween({ store, windows }, { ...range, maxPoints });
	const count = await store.countPoints(range);
	if (maxPoints !== undefined && count > maxPoints)
		return shaped
			? shapedBetween({ store, windows }, { ...range, maxPoints })
			: thinnedBetween({ store, windows }, { ...range, maxPoints });
	if (count > MAX_POINTS) throw tooMany(count);
	const stored = await store.points(range);
	return atMost(merged(stored, measuredOf(windows, range.fromMicros, range.toMicros)), maxPoints);
}

/** What is in hand already, thinned here when it is more than was asked for. */
function atMost(points: PointColumns, maxPoints: number | undefined): Stretch {
	if (maxPoints === undefined || points.tMicros.length <= maxPoints) return { points, thinned: null };
	return inBuckets(thinned(asBuckets(emptyColumns()), asBuckets(points), maxPoints));
}

function inBuckets({ bucketMicros, min, max, count, ...points }: Thinned): Stretch {
	return { points, thinned: { bucketMicros, min, max, count } };
}

export function tooMany(count: number): Problem {
	return new Problem(
		413,
		`${count} points are more than ${MAX_POINTS} in one answer: add maxPoints=2000 for a thinned chart, or ask for them in shorter ranges (/api/v1/export has all of them at once).`,
	);
}

/** Up to the newest stored point the store thins; what is newer is thinned here, into the same buckets. */
async function thinnedBetween(
	{ store, windows }: PointSource,
	range: PointRange & { readonly maxPoints: number },
): Promise<Stretch> {
	const { fromMicros, toMicros, maxPoints } = range;
	const { newestMicros, ...stored } = await store.thinnedPoints(range);
	const fresh = measuredOf(windows, Math.max(fromMicros, newestMicros + 1), toMicros);
	if (stored.bucketMicros === 0 && stored.v.length + fresh.v.length <= maxPoints)
		return { points: merged(stored, fresh), thinned: null };
	return inBuckets(thinned(stored, asBuckets(fresh), maxPoints));
}

/** Points of its own that keep the shape; what is newer than the store comes behind them as it is, in their place. */
async function shapedBetween(
	{ store, windows }: PointSource,
	range: PointRange & { readonly maxPoints: number },
): Promise<Stretch> {
	const newest = (await store.lastPoints(range.streamId, 1)).tMicros[0] ?? -Infinity;
	const fresh = tail(measuredOf(windows, Math.max(range.fromMicros, newest + 1), range.toMicros), range.maxPoints);
	const left = range.maxPoints - fresh.tMicros.length;
	const shaped = left < 3 ? emptyColumns() : await store.shapedPoints({ ...range, maxPoints: left });
	return inBuckets(asBuckets(merged(shaped, fresh)));
}

/**
 * Before the store has answered: no later than the first of the newest so many points, of which the engine remembers as many.
 *
 * @returns undefined when it does not
 */
export function earliestOf(windows: readonly PlottedWindow[], last: number): number | undefined {
	return windows.find((one) => one.chart === INDIVIDUALS)?.tMicros.at(-last);
}

/** @returns undefined when the engine does not remember far enough back to answer alone */
function pointsWithoutStore(windows: readonly PlottedWindow[], wish: PointWish): PointColumns | undefined {
	const window = windows.find((one) => one.chart === INDIVIDUALS);
	if (!window) return undefined;
	const all = measuredOf(windows, -Infinity, Infinity);
	if ('last' in wish) return !window.truncated || all.tMicros.length >= wish.last ? tail(all, wish.last) : undefined;
	const reaches = !window.truncated || (all.tMicros[0] ?? Infinity) <= wish.fromMicros;
	return reaches ? measuredOf(windows, wish.fromMicros, wish.toMicros) : undefined;
}

function measuredOf(windows: readonly PlottedWindow[], fromMicros: number, toMicros: number): PointColumns {
	const window = windows.find((one) => one.chart === INDIVIDUALS);
	if (!window) return emptyColumns();
	const inside = [...window.tMicros.keys()].filter(
		(i) => window.tMicros[i]! >= fromMicros && window.tMicros[i]! <= toMicros,
	);
	return merged(emptyColumns(), pick(window, inside));
}

type ApiSignals = ApiPoints['signals'];

/** What the engine completed and the store has not heard of yet, in the shape of the answer. */
export function freshSignals(options: {
	readonly windows: readonly PlottedWindow[];
	readonly limits: readonly Limits[];
	readonly stored: ApiSignals;
	readonly range: { readonly fromMicros: number; readonly toMicros: number };
}): ApiSignals {
	const { windows, limits, stored, range } = options;
	const known = new Set(stored.map((signal) => `${signal.chart} ${signal.rule} ${signal.t}`));
	return windows.flatMap((window) =>
		[...window.tMicros.keys()]
			.filter(
				(i) =>
					window.signals[i] !== 0 && window.tMicros[i]! >= range.fromMicros && window.tMicros[i]! <= range.toMicros,
			)
			.flatMap((i) => signalsAt(window, i, limits))
			.filter((signal) => !known.has(`${signal.chart} ${signal.rule} ${signal.t}`)),
	);
}

function signalsAt(window: PlottedWindow, i: number, limits: readonly Limits[]): ApiSignals {
	const t = window.tMicros[i]!;
	const { centre = 0, named } = limits.findLast((one) => one.chart === window.chart && one.fromMicros <= t) ?? {};
	return bitsOf(window.signals[i]!).map((bit) => {
		const rule = ruleOfBit(bit, named);
		if (rule === 'limit') return { t, chart: window.chart, rule, side: bit === LIMIT_ABOVE ? 'above' : 'below' };
		return { t, chart: window.chart, rule, side: sideOf(rule, window, i, centre) };
	});
}

function bitsOf(signals: number): number[] {
	const bits: number[] = [];
	for (let left = signals; left !== 0; left &= left - 1) bits.push(left & -left);
	return bits;
}

/** As the rules say it: for rule 3 above is a rise; rules 4 and 7 have no side and rule 8 has both. */
function sideOf(rule: Rule, window: PlottedWindow, i: number, centre: number): Side {
	if (rule === 'limit') return 'above';
	if (rule === 4 || rule === 7) return 'none';
	if (rule === 8) return 'both';
	const reference = rule === 3 ? (window.v[i - 1] ?? centre) : centre;
	return window.v[i]! > reference ? 'above' : 'below';
}

/** Of all versions those that are in force somewhere in the range, oldest first. */
export function limitsIn(limits: readonly Limits[], fromMicros: number, toMicros: number): readonly Limits[] {
	return limits.filter((one, i) => {
		if (one.fromMicros > toMicros) return false;
		return !limits.slice(i + 1).some((later) => later.chart === one.chart && later.fromMicros <= fromMicros);
	});
}
