import { limitsAtSize, type ChartLimits, type Sized, type SizedChart } from '#rules';
import type { Plan } from '#contracts/plan.ts';

const COUNTED = ['p', 'np', 'u', 'p-prime', 'u-prime'] as const;
export type CountedChart = (typeof COUNTED)[number];

/** Charts of samples of counted units; `c` and `g` plot their values as they are. */
export function isCounted(chart: Plan['chart']): chart is CountedChart {
	return (COUNTED as readonly string[]).includes(chart);
}

/** What a chart of counts goes by. */
export interface Counted {
	/** Inspected units that each value tells of. */
	readonly units: number;
	/** The largest count that one value can have. */
	readonly most: number;
	/** What the limits of every point follow from; not known while learning. */
	readonly sized?: Sized;
}

export type Rates = ReturnType<typeof createRates>;

/** Settings of counts by slot: nothing is remembered from point to point. */
export function createRates(capacity: number) {
	let settings: (Counted | undefined)[] = new Array<Counted | undefined>(capacity);
	return {
		set(slot: number, { counted }: { readonly counted?: Counted }) {
			settings[slot] = counted;
		},
		units: (slot: number) => settings[slot]?.units ?? 1,
		/** Counts are whole and not below zero; anything else was not counted. */
		isCount: (slot: number, v: number) => v >= 0 && Number.isInteger(v) && v <= (settings[slot]?.most ?? Infinity),
		limits(slot: number, chart: SizedChart, size: number): ChartLimits | undefined {
			const sized = settings[slot]?.sized;
			return sized && limitsAtSize(chart, size, sized);
		},
		grow(to: number) {
			if (to > settings.length) settings = Object.assign(new Array<Counted | undefined>(to), settings);
		},
		reset() {},
		snapshot: () => [],
		restore() {},
	};
}
