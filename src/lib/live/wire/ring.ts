/** What charts read: columns of equal length, oldest first. The arrays are views: valid until the next change. */
export interface Columns {
	readonly length: number;
	/** Milliseconds since 1970 with a fraction: what uPlot's time scale counts in. */
	readonly tMs: Float64Array;
	readonly v: Float64Array;
	/** Bit r-1 = rule r completed at this point. */
	readonly signals: Uint16Array;
	readonly flags: Uint8Array;
	readonly quality: Uint8Array;
}

export interface RingPoint {
	readonly tMs: number;
	readonly v: number;
	readonly signals: number;
	readonly flags: number;
	readonly quality: number;
}

/** The newest points of one chart of one stream, in order of time, whatever order they come in. */
export interface Ring {
	readonly capacity: number;
	/** Grows with every change: a chart redraws when it differs from what it drew. */
	revision(): number;
	columns(): Columns;
	/** A point at a time that is already there replaces it. Older than a full ring's oldest: dropped. */
	push(point: RingPoint): void;
	clear(): void;
}

interface Store {
	size: number;
	tMs: Float64Array;
	v: Float64Array;
	signals: Uint16Array;
	flags: Uint8Array;
	quality: Uint8Array;
}

const FIRST_SIZE = 128;

function allocate(size: number): Store {
	return {
		size,
		tMs: new Float64Array(size),
		v: new Float64Array(size),
		signals: new Uint16Array(size),
		flags: new Uint8Array(size),
		quality: new Uint8Array(size),
	};
}

function columnsOf(store: Store) {
	return [store.tMs, store.v, store.signals, store.flags, store.quality] as const;
}

function put(store: Store, at: number, point: RingPoint): void {
	store.tMs[at] = point.tMs;
	store.v[at] = point.v;
	store.signals[at] = point.signals;
	store.flags[at] = point.flags;
	store.quality[at] = point.quality;
}

/**
 * Arrays of twice the capacity with a window that slides along them: a push writes one slot, and only when the end is
 * reached is the window copied to the front. So charts get plain subarrays and nothing is allocated while running.
 *
 * @param capacity points kept; memory is taken as points come
 */
export function createRing(capacity: number): Ring {
	let store = allocate(Math.min(FIRST_SIZE, capacity * 2));
	let start = 0;
	let end = 0;
	let revision = 0;

	function makeRoom(): void {
		if (end < store.size) return;
		if (start > 0 && end - start <= store.size / 2) {
			for (const column of columnsOf(store)) column.copyWithin(0, start, end);
		} else {
			const wider = allocate(Math.min(store.size * 2, capacity * 2));
			const [tMs, v, signals, flags, quality] = columnsOf(store);
			wider.tMs.set(tMs.subarray(start, end));
			wider.v.set(v.subarray(start, end));
			wider.signals.set(signals.subarray(start, end));
			wider.flags.set(flags.subarray(start, end));
			wider.quality.set(quality.subarray(start, end));
			store = wider;
		}
		end -= start;
		start = 0;
	}

	function insert(point: RingPoint): void {
		const at = start + lowerBound(store.tMs.subarray(start, end), point.tMs);
		if (at < end && store.tMs[at] === point.tMs) return put(store, at, point);
		if (at === start && end - start === capacity) return;
		makeRoomAt(at - start, point);
	}

	function makeRoomAt(offset: number, point: RingPoint): void {
		makeRoom();
		const at = start + offset;
		for (const column of columnsOf(store)) column.copyWithin(at + 1, at, end);
		put(store, at, point);
		end++;
	}

	return {
		capacity,
		revision: () => revision,
		columns: () => ({
			length: end - start,
			tMs: store.tMs.subarray(start, end),
			v: store.v.subarray(start, end),
			signals: store.signals.subarray(start, end),
			flags: store.flags.subarray(start, end),
			quality: store.quality.subarray(start, end),
		}),
		push(point) {
			revision++;
			if (end === start || point.tMs > (store.tMs[end - 1] ?? -Infinity)) {
				makeRoom();
				put(store, end++, point);
			} else insert(point);
			if (end - start > capacity) start++;
		},
		clear() {
			revision++;
			start = 0;
			end = 0;
		},
	};
}

/** @returns the first index whose value is not below x; the length when all are */
export function lowerBound(ascending: Float64Array, x: number): number {
	let low = 0;
	let high = ascending.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((ascending[middle] ?? Infinity) < x) low = middle + 1;
		else high = middle;
	}
	return low;
}
