/** An axis of a scatter plot. */
export interface Axis {
	/** 0 to 1; of values of nothing 0.5. */
	at(value: number): number;
	readonly ticks: readonly number[];
	readonly isLog: boolean;
}

/** Beyond this ratio of largest to least a linear axis would press the small ones together. */
const LINEAR_UP_TO = 12;
const ROOM = 0.08;

/** From nothing in even steps, or in decades where values differ by more than an order of magnitude. */
export function axisOf(values: readonly number[]): Axis {
	const [least, most] = [Math.min(...values), Math.max(...values)];
	if (values.length === 0 || most <= 0) return { at: () => 0.5, ticks: [], isLog: false };
	if (least <= 0 || most / least <= LINEAR_UP_TO) return linear(most);
	return logarithmic(least, most);
}

function linear(most: number): Axis {
	const step = niceStep(most / 4);
	const end = most * (1 + ROOM);
	const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
	return { at: (value) => value / end, ticks, isLog: false };
}

function logarithmic(least: number, most: number): Axis {
	const room = ROOM * Math.log(most / least);
	const [low, high] = [Math.log(least) - room, Math.log(most) + room];
	const decades = Array.from({ length: 40 }, (_, i) => i - 20);
	const ticks = decades
		.flatMap((power) => [1, 2, 5].map((n) => Number(`${n}e${power}`)))
		.filter((tick) => Math.log(tick) >= low && Math.log(tick) <= high);
	const shown = ticks.length > 7 ? ticks.filter((tick) => /^1(e|0*$)|^0\.0*1$/.test(String(tick))) : ticks;
	return { at: (value) => (Math.log(value) - low) / (high - low), ticks: shown, isLog: true };
}

function niceStep(rough: number): number {
	const power = 10 ** Math.floor(Math.log10(rough));
	const digit = [1, 2, 5, 10].find((n) => n * power >= rough * (1 - 1e-9)) ?? 10;
	return digit * power;
}

/** Those that no other beats in one way without being beaten in the other, from left to right; less is better in both. */
export function paretoFront<T extends { readonly x: number; readonly y: number }>(points: readonly T[]): T[] {
	let least = Infinity;
	return points
		.toSorted((a, b) => a.x - b.x || a.y - b.y)
		.filter(({ y }) => {
			const isBetter = y < least;
			least = Math.min(least, y);
			return isBetter;
		});
}
