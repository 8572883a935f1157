import { describe, expect, it } from 'vitest';
import { createBank } from './bank.ts';
import { maskOf } from '../sets/rule-sets.ts';
import { createNormal } from '../testing/random.ts';
import { truthFile } from '../testing/truth.ts';

const RUNS = 6_000;

/** Mean and standard error of the points until the first signal, over seeded runs. */
function runLength(rules: readonly number[], shift: number): { mean: number; error: number } {
	const normal = createNormal(20_261);
	const bank = createBank({ capacity: 1 });
	let sum = 0;
	let squares = 0;
	for (let run = 0; run < RUNS; run++) {
		bank.setLimits(0, { centre: 0, sigma: 1, rules: maskOf(rules) });
		let length = 1;
		while (bank.push(0, shift + normal()) === 0) length++;
		sum += length;
		squares += length ** 2;
	}
	const mean = sum / RUNS;
	return { mean, error: Math.sqrt((squares / RUNS - mean ** 2) / RUNS) };
}

/** The seed is fixed, so a band of 3.3 standard errors either holds for good or the rules have changed. */
function expectArl(rules: readonly number[], shift: number, published: number, theirs = 0): void {
	const { mean, error } = runLength(rules, shift);
	expect(Math.abs(mean - published), `${mean} instead of ${published}`).toBeLessThan(3.3 * Math.hypot(error, theirs));
}

describe('average run length', () => {
	const { truth, missing } = truthFile('arl');
	const exact = truth?.['nelson_exact'] as Record<string, Record<string, number>> | undefined;
	const simulated = truth?.['monte_carlo'] as { rules: number[]; arl: number; se: number }[] | undefined;
	const of = (rules: string, shift: number): [number[], number] => [rules.split('+').map(Number), shift];

	it('of rule 1 in control is 370.4', () => expectArl([1], 0, 370.398));
	it('of rules 1, 2, 5 and 6 in control is 109.05', () => expectArl([1, 2, 5, 6], 0, 109.049));

	for (const [rules, shift] of [of('2', 0), of('5', 0), of('6', 0), of('7', 0), of('1+5', 1), of('1+2+5+6', 1)])
		it.skipIf(!truth)(`of ${rules.join('+')} at a shift of ${shift} is the exact one${missing}`, () =>
			expectArl(rules, shift, exact![rules.join('+')]![String(shift)]!),
		);

	for (const rules of [[3], [4], [1, 2, 3, 4, 5, 6, 7, 8]])
		it.skipIf(!truth)(`of ${rules.join('+')} in control is the simulated one${missing}`, () => {
			const { arl, se } = simulated!.find((one) => one.rules.join() === rules.join())!;
			expectArl(rules, 0, arl, se);
		});
});
