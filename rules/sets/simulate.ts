import { normalQuantile } from '../statistics/normal.ts';
import type { Rule } from './condition.ts';
import { createRuleEvaluator } from './evaluator.ts';

const RUNS = 4000;
const LONGEST_RUN = 1_000_000;

/** Mean of runs over normal numbers from a fixed seed, so that the answer is the same everywhere. */
export function simulatedRunLength(rules: readonly Rule[]): { points: number; standardError: number } {
	const evaluator = createRuleEvaluator({ capacity: 1, rules });
	const normal = createNumbers();
	let [sum, squares] = [0, 0];
	for (let run = 0; run < RUNS; run++) {
		evaluator.setLimits(0, { centre: 0, sigma: 1 });
		let length = 1;
		while (evaluator.push(0, normal()) === 0 && length < LONGEST_RUN) length++;
		sum += length;
		squares += length ** 2;
	}
	const points = sum / RUNS;
	return { points, standardError: Math.sqrt((squares / RUNS - points ** 2) / RUNS) };
}

/** xoshiro128 with the starstar scrambler (Blackman & Vigna, ACM TOMS 47, 2021). */
function createNumbers(): () => number {
	let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x7f4a7c15];
	return () => {
		const r = Math.imul(b, 5);
		const uniform = Math.imul((r << 7) | (r >>> 25), 9) >>> 0;
		const t = b << 9;
		c ^= a;
		d ^= b;
		b ^= c;
		a ^= d;
		c ^= t;
		d = (d << 11) | (d >>> 21);
		return normalQuantile((uniform + 0.5) / 2 ** 32);
	};
}
