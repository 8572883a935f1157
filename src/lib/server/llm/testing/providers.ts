import { differenceInterval, medianInterval, seeded } from '../compare/bootstrap.ts';
import { pairedDifferences, type Timed } from '../compare/paired.ts';

const SLOT = 60_000_000;
const CONFIDENCE = 0.95;

export interface Simulated {
	readonly first: Timed;
	readonly second: Timed;
}

/**
 * Two providers that are asked in the same slots from one place: each has noise of its own, skewed as latencies are, and the way there
 * is slow for both in the same slots. The second is slower by `difference` in every quantile of its own noise.
 */
export function twoProviders(options: { slots: number; difference: number; shared: number; seed: number }): Simulated {
	const random = seeded(options.seed);
	const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
	const own = () => 300 * Math.exp(0.25 * gauss());
	const at = (slot: number) => slot * SLOT + Math.floor(random() * SLOT);
	const [first, second] = [
		{ tMicros: [] as number[], v: [] as number[] },
		{ tMicros: [] as number[], v: [] as number[] },
	];
	for (let slot = 0; slot < options.slots; slot++) {
		const client = options.shared * Math.abs(gauss());
		first.tMicros.push(at(slot));
		first.v.push(own() + client);
		second.tMicros.push(at(slot));
		second.v.push(own() + client + options.difference);
	}
	return { first, second };
}

/** How often the interval has the truth in it, and how wide it is on average; paired and not. */
export function coverage(options: { runs: number; slots: number; difference: number; shared: number }) {
	const { runs, slots, difference, shared } = options;
	const found = { paired: 0, unpaired: 0, pairedWidth: 0, unpairedWidth: 0 };
	for (let run = 0; run < runs; run++) {
		const { first, second } = twoProviders({ slots, difference, shared, seed: 7919 * run + slots });
		const draw = { confidence: CONFIDENCE, random: seeded(run) };
		const paired = medianInterval(pairedDifferences(first, second, SLOT), draw);
		const unpaired = differenceInterval(first.v, second.v, draw);
		if (paired.low <= difference && difference <= paired.high) found.paired += 1 / runs;
		if (unpaired.low <= difference && difference <= unpaired.high) found.unpaired += 1 / runs;
		found.pairedWidth += (paired.high - paired.low) / runs;
		found.unpairedWidth += (unpaired.high - unpaired.low) / runs;
	}
	return found;
}
