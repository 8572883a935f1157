import { createBank, type RuleOptions } from './bank/bank.ts';
import { createNormal, createRandom } from './testing/random.ts';

/**
 * How many points a second one thread judges by all eight rules: `node rules/bench.ts [streams]` prints JSON. Best of the passes.
 *
 * `random` is `pushMany` alone; the ones after it say what each feature costs on top of it.
 */
const STREAMS = Number(process.argv[2] ?? 10_000);
const POINTS = 4_000_000;
const PASSES = 7;

interface Data {
	readonly slots: Uint32Array;
	readonly values: Float64Array;
	readonly signals: Uint16Array;
}

function main(): void {
	const random = createRandom(7);
	const values = Float64Array.from({ length: POINTS }, createNormal(11));
	const dataFor = (slotOf: (index: number) => number): Data => ({
		values,
		slots: Uint32Array.from(values, (_, i) => slotOf(i)),
		signals: new Uint16Array(POINTS),
	});
	const inTurn = dataFor((i) => i % STREAMS);
	const scattered = dataFor(() => Math.floor(random() * STREAMS));
	const result = {
		...{ node: process.version, streams: STREAMS, points: POINTS },
		pointsPerSecond: {
			oneStream: best(
				dataFor(() => 0),
				many,
			),
			roundRobin: best(inTurn, many),
			random: best(scattered, many),
			randomWithOnSignal: best(scattered, manyTold),
			randomWithOptions: best(scattered, many, { missing: 'skip', rule8: 'either-side', startup: 'full-window' }),
			randomOneByOne: best(scattered, oneByOne),
			randomVaryingLimits: best(scattered, varying),
		},
	};
	console.log(JSON.stringify(result));
}

type Way = (bank: ReturnType<typeof createBank>, data: Data) => void;

const many: Way = (bank, { slots, values, signals }) => void bank.pushMany(slots, values, signals);

/** With side and span of every rule-1 signal, as a chart would ask. */
const manyTold: Way = (bank, { slots, values, signals }) => {
	let spans = 0;
	bank.pushMany(slots, values, signals, (i) => {
		spans += bank.span(slots[i]!, 1);
	});
	if (spans < 0) throw new Error('unreachable: keeps the callback from being removed');
};

const oneByOne: Way = (bank, { slots, values, signals }) => {
	for (let i = 0; i < slots.length; i++) signals[i] = bank.push(slots[i]!, values[i]!);
};

const varying: Way = (bank, { slots, values, signals }) => {
	for (let i = 0; i < slots.length; i++) signals[i] = bank.push(slots[i]!, values[i]!, 0, 1 + (i & 3) / 8);
};

function best(data: Data, way: Way, options: RuleOptions = {}): number {
	const bank = createBank({ capacity: STREAMS, options });
	let fastestMs = Infinity;
	for (let pass = 0; pass < PASSES; pass++) {
		for (let slot = 0; slot < STREAMS; slot++) bank.setLimits(slot, { centre: 0, sigma: 1, rules: 0xff });
		const from = performance.now();
		way(bank, data);
		fastestMs = Math.min(fastestMs, performance.now() - from);
	}
	return Math.round((data.values.length / fastestMs) * 1000);
}

main();
