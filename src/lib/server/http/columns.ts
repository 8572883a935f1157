import type { PointColumns } from '#contracts/point.ts';

export function emptyColumns(): PointColumns {
	return { tMicros: new Float64Array(), v: new Float64Array(), quality: new Uint8Array(), flags: new Uint8Array() };
}

export function pick(from: PointColumns, at: readonly number[]): PointColumns {
	return {
		tMicros: Float64Array.from(at, (i) => from.tMicros[i]!),
		v: Float64Array.from(at, (i) => from.v[i]!),
		quality: Uint8Array.from(at, (i) => from.quality[i]!),
		flags: Uint8Array.from(at, (i) => from.flags[i]!),
	};
}

export function tail(from: PointColumns, count: number): PointColumns {
	const start = Math.max(0, from.tMicros.length - count);
	return {
		tMicros: from.tMicros.subarray(start),
		v: from.v.subarray(start),
		quality: from.quality.subarray(start),
		flags: from.flags.subarray(start),
	};
}

/** @returns the first index whose t is not before this one; the length when all are */
export function lowerBound(tMicros: Float64Array, t: number): number {
	let low = 0;
	let high = tMicros.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (tMicros[middle]! < t) low = middle + 1;
		else high = middle;
	}
	return low;
}

/**
 * Both, oldest first. Of two points at one t the stored one stays: a point is identified by (stream, t).
 *
 * @param stored in the order of t; @param fresh in any order
 */
export function merged(stored: PointColumns, fresh: PointColumns): PointColumns {
	const isNew = (i: number) => {
		const t = fresh.tMicros[i]!;
		return stored.tMicros[lowerBound(stored.tMicros, t)] !== t;
	};
	const news = [...fresh.tMicros.keys()].filter(isNew).sort((a, b) => fresh.tMicros[a]! - fresh.tMicros[b]!);
	if (news.length === 0) return stored;
	return interleaved(stored, pick(fresh, news));
}

function interleaved(a: PointColumns, b: PointColumns): PointColumns {
	const length = a.tMicros.length + b.tMicros.length;
	const both = {
		tMicros: new Float64Array(length),
		v: new Float64Array(length),
		quality: new Uint8Array(length),
		flags: new Uint8Array(length),
	};
	let i = 0;
	let j = 0;
	for (let at = 0; at < length; at++) {
		const fromA = j === b.tMicros.length || (i < a.tMicros.length && a.tMicros[i]! <= b.tMicros[j]!);
		const from = fromA ? a : b;
		const source = fromA ? i++ : j++;
		both.tMicros[at] = from.tMicros[source]!;
		both.v[at] = from.v[source]!;
		both.quality[at] = from.quality[source]!;
		both.flags[at] = from.flags[source]!;
	}
	return both;
}
