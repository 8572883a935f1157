import type { PointColumns } from '#contracts/point.ts';
import type { Thinned } from '#server/store/port.ts';

/** Points as buckets of one. */
export function asBuckets(points: PointColumns): Thinned {
	const count = new Float64Array(points.v.length).fill(1);
	return { ...points, bucketMicros: 0, min: points.v, max: points.v, count };
}

/**
 * Puts newer buckets behind older ones and makes them as wide as it takes to have no more than so many.
 *
 * @param older in order of t, before all of `newer`; its buckets' width is the least that the answer has
 */
export function thinned(older: Thinned, newer: Thinned, maxPoints: number): Thinned {
	const all = behind(older, newer);
	const first = all.tMicros[0] ?? 0;
	const span = (all.tMicros.at(-1) ?? 0) - first + 1;
	let bucketMicros = older.bucketMicros || Math.max(1, Math.ceil(span / maxPoints));
	for (;;) {
		const buckets = rebucketed(all, first, bucketMicros);
		if (buckets.tMicros.length <= maxPoints) return buckets;
		bucketMicros *= 2;
	}
}

function behind(a: Thinned, b: Thinned): Thinned {
	const join = (from: Float64Array, more: Float64Array) => {
		const both = new Float64Array(from.length + more.length);
		both.set(from);
		both.set(more, from.length);
		return both;
	};
	const bytes = (from: Uint8Array, more: Uint8Array) => Uint8Array.from(Buffer.concat([from, more]));
	return {
		bucketMicros: a.bucketMicros,
		tMicros: join(a.tMicros, b.tMicros),
		v: join(a.v, b.v),
		min: join(a.min, b.min),
		max: join(a.max, b.max),
		count: join(a.count, b.count),
		quality: bytes(a.quality, b.quality),
		flags: bytes(a.flags, b.flags),
	};
}

/** Each stands at its bucket's beginning: mean, least, largest, how many; the worst quality and all flags. */
function rebucketed(all: Thinned, first: number, bucketMicros: number): Thinned {
	const startOf = (i: number) => first + Math.floor((all.tMicros[i]! - first) / bucketMicros) * bucketMicros;
	const heads = [...all.tMicros.keys()].filter((i) => i === 0 || startOf(i) !== startOf(i - 1));
	const fold = (of: (i: number) => number, by: (a: number, b: number) => number) =>
		heads.map((head, k) => {
			let folded = of(head);
			for (let i = head + 1; i < (heads[k + 1] ?? all.v.length); i++) folded = by(folded, of(i));
			return folded;
		});
	const sum = (a: number, b: number) => a + b;
	const count = fold((i) => all.count[i]!, sum);
	const total = fold((i) => all.v[i]! * all.count[i]!, sum);
	return {
		bucketMicros,
		tMicros: Float64Array.from(heads, startOf),
		v: Float64Array.from(total, (value, k) => value / count[k]!),
		min: Float64Array.from(fold((i) => all.min[i]!, Math.min)),
		max: Float64Array.from(fold((i) => all.max[i]!, Math.max)),
		count: Float64Array.from(count),
		quality: Uint8Array.from(fold((i) => all.quality[i]!, Math.min)),
		flags: Uint8Array.from(
			fold(
				(i) => all.flags[i]!,
				(a, b) => a | b,
			),
		),
	};
}

/** So many signals for each bucket of the answer are worth their counting. */
const MOST_SIGNALS_PER_BUCKET = 10;

/**
 * Signals of a thinned stretch: when there are many times more than buckets, one of each kind for each bucket. None is
 * lost that a bucket does not have another of.
 *
 * @param signals in order of t
 */
export function onePerBucket<
	S extends { readonly t: number; readonly chart: string; readonly rule: unknown; readonly side: string },
>(
	signals: readonly S[],
	{ points, bucketMicros }: { readonly points: PointColumns; readonly bucketMicros: number },
): readonly S[] {
	const first = points.tMicros[0];
	if (first === undefined || bucketMicros === 0) return signals;
	if (signals.length <= MOST_SIGNALS_PER_BUCKET * points.tMicros.length) return signals;
	const kinds = new Map<string, number>();
	return signals.filter(({ t, chart, rule, side }) => {
		const kind = `${chart} ${String(rule)} ${side}`;
		const bucket = Math.floor((t - first) / bucketMicros);
		const isNew = kinds.get(kind) !== bucket;
		kinds.set(kind, bucket);
		return isNew;
	});
}
