import type { Stream } from '#contracts/stream.ts';
import type { Series } from './situation.ts';

/** Quantities of which a factor matters, not a difference. */
const BY_FACTOR = new Set(['ms', 's', 'tokens', 'tokens/s', 'USD']);

/** Latencies and token counts of calls are looked at as logarithms, where all are above 0: twice as slow is as far as twice as quick. */
export function scaleOf(stream: Pick<Stream, 'kind' | 'unit'>, v: ArrayLike<number>): (value: number) => number {
	const isFactor = stream.kind === 'llm' && BY_FACTOR.has(stream.unit) && Array.from(v).every((one) => one > 0);
	return isFactor ? Math.log : (value) => value;
}

/** Half-open: from the first time on, before the second. */
export function between({ tMicros, v }: Series, fromMicros: number, toMicros: number): Series {
	const [from, to] = [indexAt(tMicros, fromMicros), indexAt(tMicros, toMicros)];
	return { tMicros: tMicros.subarray(from, to), v: v.subarray(from, to) };
}

/** @returns index of the first time that is not before `micros` */
export function indexAt(tMicros: Float64Array, micros: number): number {
	let [low, high] = [0, tMicros.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (tMicros[middle]! < micros) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** The usual time between two points, in microseconds; undefined with fewer than three. */
export function intervalOf({ tMicros }: Series): number | undefined {
	if (tMicros.length < 3) return undefined;
	const steps = tMicros
		.slice(1)
		.map((t, i) => t - tMicros[i]!)
		.sort();
	return steps[steps.length >> 1];
}

export function seriesOf(points: readonly (readonly [tMicros: number, v: number])[]): Series {
	return { tMicros: Float64Array.from(points, ([t]) => t), v: Float64Array.from(points, ([, v]) => v) };
}
