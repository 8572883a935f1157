import { createBank, type Bank, type RuleOptions } from '#rules';
import { createNormal, createRandom } from '#rules/testing/random.ts';
import { rounded, type Bench, type Figures } from './bench.ts';

const POINTS = 400_000;
/** Short and many: the best of them is what the code takes where other programs share the machine. */
const PASSES = 60;
const MANY = 10_000;
const VERY_MANY = 100_000;

export const rules: Bench = {
	name: 'rules',
	workload:
		`the bank, all eight rules, one thread: best of ${PASSES} passes over ${POINTS} normal values by pushMany, except where a name says otherwise; ` +
		'memoryRandom reads a word of 48 bytes at the same places, which is what the memory alone would allow',
	run: async () => ({
		oneStreamPerSecond: best(MANY, () => 0),
		[`streams${MANY}`]: { ...orders(MANY), ...costs(MANY) },
		[`streams${VERY_MANY}`]: orders(VERY_MANY),
	}),
};

function orders(streams: number): Figures {
	const random = createRandom(7);
	const anywhere = () => Math.floor(random() * streams);
	return {
		roundRobinPerSecond: best(streams, (i) => i % streams),
		randomPerSecond: best(streams, anywhere),
		memoryRandomPerSecond: bestOfReads(streams, anywhere),
	};
}

/** What each feature takes from `randomPerSecond`. */
function costs(streams: number): Figures {
	const random = createRandom(7);
	const anywhere = () => Math.floor(random() * streams);
	const options = { missing: 'skip', rule8: 'either-side', startup: 'full-window' } as const;
	return {
		randomWithOptionsPerSecond: best(streams, anywhere, many, options),
		randomWithOnSignalPerSecond: best(streams, anywhere, manyTold),
		randomOneByOnePerSecond: best(streams, anywhere, oneByOne),
		randomVaryingLimitsPerSecond: best(streams, anywhere, varying),
	};
}

interface Data {
	readonly slots: Uint32Array;
	readonly values: Float64Array;
	readonly signals: Uint16Array;
}

type Way = (bank: Bank, data: Data) => void;

const many: Way = (bank, { slots, values, signals }) => void bank.pushMany(slots, values, signals);

/** With the span of every signal, as a chart would ask. */
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

function best(streams: number, slotOf: (index: number) => number, way: Way = many, options: RuleOptions = {}): number {
	const bank = createBank({ capacity: streams, options });
	for (let slot = 0; slot < streams; slot++) bank.setLimits(slot, { centre: 0, sigma: 1, rules: 0xff });
	const data: Data = {
		slots: Uint32Array.from({ length: POINTS }, (_, i) => slotOf(i)),
		values: Float64Array.from({ length: POINTS }, createNormal(11)),
		signals: new Uint16Array(POINTS),
	};
	return fastest(() => way(bank, data));
}

function bestOfReads(streams: number, slotOf: (index: number) => number): number {
	const words = new Int32Array(streams * 12).fill(1);
	const slots = Uint32Array.from({ length: POINTS }, (_, i) => slotOf(i));
	return fastest(() => {
		let sum = 0;
		for (let i = 0; i < POINTS; i++) sum += words[slots[i]! * 12]!;
		if (sum < 0) throw new Error('unreachable: keeps the reads from being removed');
	});
}

function fastest(pass: () => void): number {
	let ms = Infinity;
	for (let i = 0; i < PASSES; i++) {
		const from = performance.now();
		pass();
		ms = Math.min(ms, performance.now() - from);
	}
	return rounded((POINTS / ms) * 1000);
}
