import { medianOf } from './bootstrap.ts';

/** Values at times; for a latency when the call began, which is what puts it into its slot. */
export interface Timed {
	readonly tMicros: readonly number[];
	readonly v: readonly number[];
}

const MINUTE = 60_000_000;
/** Usual ones, in minutes: moments within slots are random, so that a length that is only estimated would let slots slip. */
const SLOTS = [1, 2, 3, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE);
/** More say no more, and take long. */
const MOST_PAIRS = 5000;

/**
 * The length of a slot: the usual one that is nearest to how often the rarer of them comes. Of what comes all the time a minute has
 * enough.
 *
 * A prober asks everyone once in each multiple of its interval, at a random moment in it.
 */
export function slotOf(series: readonly Timed[]): number {
	const step = Math.max(...series.map(({ tMicros }) => medianStep(tMicros)), 1);
	const newest = Math.max(...series.map(({ tMicros }) => tMicros.at(-1) ?? 0));
	const oldest = Math.min(...series.map(({ tMicros }) => tMicros[0] ?? newest));
	const allowed = SLOTS.filter((slot) => slot >= (newest - oldest) / MOST_PAIRS);
	const far = (slot: number) => Math.abs(Math.log(slot / step));
	return allowed.reduce((best, slot) => (far(slot) < far(best) ? slot : best), allowed[0] ?? SLOTS.at(-1)!);
}

function medianStep(tMicros: readonly number[]): number {
	return tMicros.length < 2 ? 0 : medianOf(tMicros.slice(1).map((t, i) => t - tMicros[i]!));
}

/**
 * Second less first in each slot that has both, oldest first; of several values in one slot their median.
 *
 * What makes a slot slow for everybody, as this machine's network does, is in both and drops out.
 */
export function pairedDifferences(first: Timed, second: Timed, slotMicros: number): number[] {
	const [a, b] = [bySlot(first, slotMicros), bySlot(second, slotMicros)];
	return [...a.keys()]
		.filter((slot) => b.has(slot))
		.sort((x, y) => x - y)
		.map((slot) => medianOf(b.get(slot)!) - medianOf(a.get(slot)!));
}

function bySlot({ tMicros, v }: Timed, slotMicros: number): ReadonlyMap<number, number[]> {
	const slots = new Map<number, number[]>();
	tMicros.forEach((t, i) => {
		const slot = Math.floor(t / slotMicros);
		const values = slots.get(slot);
		if (values) values.push(v[i]!);
		else slots.set(slot, [v[i]!]);
	});
	return slots;
}
