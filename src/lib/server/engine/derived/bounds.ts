import type { Term } from '#contracts/expression.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';

/** Where windows of time begin and end. The moment of a bound is in the window that begins there. */
export interface Bounds {
	/** Length of a usual window. */
	readonly micros: number;
	/** @returns the first bound after a moment */
	endAfter(tMicros: number): number;
	/** @returns the last bound that is not after it */
	startOf(tMicros: number): number;
}

/** @returns how far clocks of a zone are ahead of UTC at a moment, in µs */
export type OffsetAt = (tMicros: number) => number;

export interface Zones {
	/** One for all that ask: what Intl keeps of a zone is not small. */
	offsetsOf(zone: string): OffsetAt;
}

export function createZones(): Zones {
	const known = new Map<string, OffsetAt>();
	return {
		offsetsOf(zone) {
			const offsets = known.get(zone) ?? keptByDay(createOffsets(zone));
			known.set(zone, offsets);
			return offsets;
		},
	};
}

/** @param offsetMs after midnight, where windows do not begin there; without a zone midnight is that of UTC */
export function createBounds({ ms, offsetMs, zone }: NonNullable<Term['window']>, zones: Zones): Bounds {
	const grid = { micros: ms * 1000, offset: offsetMs * 1000 };
	return zone === undefined ? ofUtc(grid) : ofZone(grid, zones.offsetsOf(zone));
}

interface Grid {
	readonly micros: number;
	readonly offset: number;
}

/** @returns the first place on the grid after a moment */
function placeAfter({ micros, offset }: Grid, tMicros: number): number {
	return (Math.floor((tMicros - offset) / micros) + 1) * micros + offset;
}

function ofUtc(grid: Grid): Bounds {
	const endAfter = (tMicros: number) => placeAfter(grid, tMicros);
	return { micros: grid.micros, endAfter, startOf: (tMicros) => endAfter(tMicros) - grid.micros };
}

/** Longer than any clock was ever set forward or back. */
const LONGEST_CHANGE = 26 * 3600 * MICROS_PER_SECOND;

/**
 * A bound is where the clock on the wall comes to it: a shift from 22:00 to 06:00 lasts seven hours when the clock is set forward and nine when
 * it is set back. A bound that is skipped is at the moment of the change. One that comes twice is there the first time only, but for windows
 * that are no longer than what comes twice: a day of 25 hours has 25 of an hour.
 */
function ofZone(grid: Grid, offsetAt: OffsetAt): Bounds {
	const { micros } = grid;

	/** The moment of a place that lies after the change of the offset from `before`, which is within `from` and `to`. */
	function afterChange(place: number, before: number, from: number, to: number): number {
		const change = changeWithin(offsetAt, from, to);
		const offset = offsetAt(change);
		const isRepeated = before > offset && micros <= before - offset;
		const wanted = isRepeated ? placeAfter(grid, change + offset - 1) : place;
		return Math.max(change, wanted - offset);
	}

	/** Whether the clock has shown this before: it has been set back since. */
	function isRepeat(place: number, offset: number): boolean {
		const before = offsetAt(place - offset - LONGEST_CHANGE);
		return before > offset && micros > before - offset && offsetAt(place - before) === before;
	}

	function endAfter(tMicros: number): number {
		const offset = offsetAt(tMicros);
		let place = placeAfter(grid, tMicros + offset);
		for (;;) {
			const moment = place - offset;
			if (offsetAt(moment) !== offset) return afterChange(place, offset, tMicros, moment);
			if (!isRepeat(place, offset)) return moment;
			place += micros;
		}
	}

	function startOf(tMicros: number): number {
		let back = micros;
		while (endAfter(tMicros - back) > tMicros) back *= 2;
		let start = endAfter(tMicros - back);
		for (let next = endAfter(start); next <= tMicros; next = endAfter(start)) start = next;
		return start;
	}

	return { micros, endAfter, startOf };
}

/** @returns the first whole second with the offset of `to`; there is one change between the two */
function changeWithin(offsetAt: OffsetAt, from: number, to: number): number {
	const after = offsetAt(to);
	let [low, high] = [Math.floor(from / MICROS_PER_SECOND), Math.floor(to / MICROS_PER_SECOND)];
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (offsetAt(middle * MICROS_PER_SECOND) === after) high = middle;
		else low = middle;
	}
	return high * MICROS_PER_SECOND;
}

const DAY = 86_400 * MICROS_PER_SECOND;
const MOST_DAYS = 1000;

/** No clock is set twice within a day: what holds at both ends of one holds in it. Intl takes a hundred times as long. */
function keptByDay(offsetAt: OffsetAt): OffsetAt {
	const begins = new Map<number, number>();
	function atBegin(day: number): number {
		const known = begins.get(day);
		if (known !== undefined) return known;
		if (begins.size >= MOST_DAYS) begins.clear();
		const offset = offsetAt(day * DAY);
		begins.set(day, offset);
		return offset;
	}
	return (tMicros) => {
		const day = Math.floor(tMicros / DAY);
		const offset = atBegin(day);
		return offset === atBegin(day + 1) ? offset : offsetAt(tMicros);
	};
}

function createOffsets(zone: string): OffsetAt {
	const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
	const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', second: 'numeric', ...fields });
	return (tMicros) => {
		const ms = Math.floor(tMicros / MICROS_PER_SECOND) * 1000;
		const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
		const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
		return (Date.UTC(year, month - 1, day, hour, minute, second) - ms) * 1000;
	};
}
