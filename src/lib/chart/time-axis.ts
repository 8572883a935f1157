import type { Clock } from './clock.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;
/** Lengths that stay what they are; months and years do not. */
const STEPS = [
	...[1, 2, 5, 10, 20, 50, 100, 200, 500],
	...[1, 2, 5, 10, 15, 30].map((n) => n * S),
	...[1, 2, 5, 10, 15, 30].map((n) => n * M),
	...[1, 2, 3, 6, 12].map((n) => n * H),
	...[1, 2, 7, 14].map((n) => n * D),
];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 600];
const MONTH = 30.44 * D;
/** The Monday that weeks are counted from, as wall time. */
const FIRST_MONDAY = 4 * D;

/** What lies between two ticks: so many milliseconds of the wall clock, or so many months. */
export type TickStep = { readonly ms: number } | { readonly months: number };

/** @returns the smallest round step that leaves at most so many ticks */
export function tickStep(spanMs: number, mostTicks: number): TickStep {
	const ms = STEPS.find((step) => spanMs / step <= mostTicks);
	if (ms !== undefined) return { ms };
	return { months: MONTH_STEPS.find((step) => spanMs / (step * MONTH) <= mostTicks) ?? 1200 };
}

/**
 * Ticks at round times of the clock's own zone: a step of six hours stands at midnight, not at 01:00, and goes on
 * doing so on the day when the clocks change.
 */
export function timeTicks(minMs: number, maxMs: number, mostTicks: number, clock: Clock): number[] {
	if (!(maxMs > minMs)) return [];
	const step = tickStep(maxMs - minMs, Math.max(1, mostTicks));
	const ticks: number[] = [];
	const wallOf = (ms: number) => ms + clock.offsetMinutes(ms) * M;
	for (const wall of 'ms' in step ? evenly(wallOf(minMs), step.ms) : monthly(wallOf(minMs), step.months)) {
		const t = fromWall(wall, clock);
		if (t > maxMs) break;
		// An hour that a change of the clocks skips or repeats must not stand twice, or backwards.
		if (t >= minMs && t > (ticks.at(-1) ?? -Infinity)) ticks.push(t);
	}
	return ticks;
}

function* evenly(wall: number, step: number): Generator<number> {
	const phase = step % (7 * D) === 0 ? FIRST_MONDAY : 0;
	// One step early: the zone may have been another one there.
	for (let at = Math.floor((wall - phase) / step) * step + phase; ; at += step) yield at;
}

function* monthly(wall: number, months: number): Generator<number> {
	const from = new Date(wall);
	const first = from.getUTCFullYear() * 12 + from.getUTCMonth();
	for (let at = Math.floor(first / months) * months; ; at += months) yield new Date(0).setUTCFullYear(0, at, 1);
}

function fromWall(wall: number, clock: Clock): number {
	const guess = wall - clock.offsetMinutes(wall) * M;
	return wall - clock.offsetMinutes(guess) * M;
}

/** The clock at each tick; the date below the first and wherever a new day begins. */
export function tickLabels(ticks: readonly number[], clock: Clock): string[] {
	const step = Math.min(...ticks.slice(1).map((t, i) => t - (ticks[i] ?? t)));
	// A day on which the clocks change is shorter.
	const whole = step >= D - 2 * H && step !== Infinity;
	return ticks.map((t, i) => {
		const previous = ticks[i - 1];
		const newYear = previous === undefined || clock.year(previous) !== clock.year(t);
		if (whole && step > 27 * D) return newYear ? `${clock.month(t)}\n${clock.year(t)}` : clock.month(t);
		if (whole) return newYear ? `${clock.day(t)}\n${clock.year(t)}` : clock.day(t);
		const newDay = previous === undefined || clock.day(previous) !== clock.day(t);
		return newDay ? `${clockAt(t, step, clock)}\n${clock.date(t)}` : clockAt(t, step, clock);
	});
}

function clockAt(t: number, step: number, clock: Clock): string {
	if (step < S) return clock.exact(t);
	return step < M ? clock.time(t) : clock.hourMinute(t);
}
