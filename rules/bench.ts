import { createBank } from './bank/bank.ts';
import { createNormal, createRandom } from './testing/random.ts';

/** How many points a second one thread judges: `node rules/bench.ts [streams]` prints JSON. Best of the passes, all eight rules. */
const STREAMS = Number(process.argv[2] ?? 10_000);
const POINTS = 4_000_000;
const PASSES = 7;

function main(): void {
	const random = createRandom(7);
	const values = Float64Array.from({ length: POINTS }, createNormal(11));
	const result = {
		node: process.version,
		streams: STREAMS,
		points: POINTS,
		oneStream: best(values, () => 0),
		roundRobin: best(values, (i) => i % STREAMS),
		random: best(values, () => Math.floor(random() * STREAMS)),
	};
	console.log(JSON.stringify(result));
}

function best(values: Float64Array, slotOf: (index: number) => number): { pointsPerSecond: number; flagged: number } {
	const bank = createBank({ capacity: STREAMS });
	const slots = Uint32Array.from(values, (_, i) => slotOf(i));
	const signals = new Uint16Array(values.length);
	let fastestMs = Infinity;
	let flagged = 0;
	for (let pass = 0; pass < PASSES; pass++) {
		for (let slot = 0; slot < STREAMS; slot++) bank.setLimits(slot, { centre: 0, sigma: 1, rules: 0xff });
		const from = performance.now();
		flagged = bank.pushMany(slots, values, signals);
		fastestMs = Math.min(fastestMs, performance.now() - from);
	}
	return { pointsPerSecond: Math.round((values.length / fastestMs) * 1000), flagged };
}

main();
