import { formatClock, formatClockExact, formatDate, formatDay, formatHourMinute } from '#lib/format/time.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;
const STEPS = [
	1,
	2,
	5,
	10,
	20,
	50,
	100,
	200,
	500,
	S,
	2 * S,
	5 * S,
	10 * S,
	15 * S,
	30 * S,
	M,
	2 * M,
	5 * M,
	10 * M,
	15 * M,
	30 * M,
	H,
	2 * H,
	3 * H,
	6 * H,
	12 * H,
	D,
	2 * D,
	7 * D,
	14 * D,
	30 * D,
	90 * D,
	365 * D,
];

/** @returns milliseconds between ticks: the smallest round step that leaves at most so many */
export function tickStep(spanMs: number, mostTicks: number): number {
	return STEPS.find((step) => spanMs / step <= mostTicks) ?? 365 * D;
}

/** Ticks at round times of the reader's own zone: a step of six hours stands at midnight, not at 01:00. */
export function timeTicks(minMs: number, maxMs: number, mostTicks: number): number[] {
	if (!(maxMs > minMs)) return [];
	const step = tickStep(maxMs - minMs, Math.max(1, mostTicks));
	const zoneMs = -new Date(minMs).getTimezoneOffset() * M;
	const ticks: number[] = [];
	for (let t = Math.ceil((minMs + zoneMs) / step) * step - zoneMs; t <= maxMs; t += step) ticks.push(t);
	return ticks;
}

/** The clock at each tick; the date below the first and wherever a new day begins. */
export function tickLabels(ticks: readonly number[]): string[] {
	const step = (ticks[1] ?? Infinity) - (ticks[0] ?? 0);
	return ticks.map((t, i) => {
		const previous = ticks[i - 1];
		if (step >= D && step !== Infinity) {
			const newYear = previous === undefined || new Date(previous).getFullYear() !== new Date(t).getFullYear();
			return newYear ? `${formatDay(t)}\n${new Date(t).getFullYear()}` : formatDay(t);
		}
		const newDay = previous === undefined || new Date(previous).getDate() !== new Date(t).getDate();
		return newDay ? `${clockAt(t, step)}\n${formatDate(t)}` : clockAt(t, step);
	});
}

function clockAt(t: number, step: number): string {
	if (step < S) return formatClockExact(t);
	return step < M ? formatClock(t) : formatHourMinute(t);
}
