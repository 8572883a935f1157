import { describe, expect, it } from 'vitest';
import { createCusum } from '../charts/cusum.ts';
import { createEwma } from '../charts/ewma.ts';
import { AIAG_RULES, NELSON_RULES, WESTERN_ELECTRIC_RULES, WESTGARD_RULES, type Rule } from '../sets/condition.ts';
import { createRuleEvaluator } from '../sets/evaluator.ts';
import { maskOf, NELSON } from '../sets/rule-sets.ts';
import { inControlRunLength } from '../sets/run-length.ts';
import { createNormal } from '../testing/random.ts';
import { truthFile } from '../testing/truth.ts';
import { createBank, type RuleOptions } from './bank.ts';

const POINTS = 30_000_000;
const SHIFTED_POINTS = 5_000_000;
const MOST_RUNS = 100_000;
/** A hundred bands: with these one of them fails by chance once in 160 seeds, and the seed is fixed. */
const ERRORS = 4;

interface Judge {
	begin(): void;
	/** @returns anything but 0 for a signal */
	push(value: number): number;
}

/** Simulated mean of the points until the first signal is the exact one, within its band. */
function expectRunLength(judge: Judge, shift: number, exact: number, theirs = 0): void {
	const normal = createNormal(20_261_121);
	const runs = Math.max(1000, Math.min(MOST_RUNS, Math.round((shift === 0 ? POINTS : SHIFTED_POINTS) / exact)));
	let [sum, squares] = [0, 0];
	for (let run = 0; run < runs; run++) {
		judge.begin();
		let length = 1;
		while (judge.push(shift + normal()) === 0) length++;
		sum += length;
		squares += length * length;
	}
	const mean = sum / runs;
	const error = Math.hypot(Math.sqrt((squares / runs - mean * mean) / runs), theirs);
	expect(Math.abs(mean - exact), `${mean} instead of ${exact}`).toBeLessThan(ERRORS * error + 1e-9);
}

function byBank(rules: readonly number[], options: RuleOptions = {}): Judge {
	const bank = createBank({ capacity: 1, options });
	return {
		begin: () => bank.setLimits(0, { centre: 0, sigma: 1, rules: maskOf(rules) }),
		push: (value) => bank.push(0, value),
	};
}

function byRules(rules: readonly Rule[]): Judge {
	const evaluator = createRuleEvaluator({ capacity: 1, rules });
	return { begin: () => evaluator.setLimits(0, { centre: 0, sigma: 1 }), push: (value) => evaluator.push(0, value) };
}

function byCusum(k: number, h: number): Judge {
	const cusum = createCusum({ k });
	return {
		begin: () => cusum.reset(),
		push(value) {
			const { plus, minus } = cusum.push(value, 0, 1);
			return +(plus > h || minus > h);
		},
	};
}

function byEwma(lambda: number, width: number, asymptotic: boolean): Judge {
	const ewma = createEwma({ lambda, asymptotic });
	return {
		begin: () => ewma.reset(),
		push(value) {
			const { value: z, sigma } = ewma.push(value, 0, 1);
			return +(Math.abs(z) > width * sigma);
		},
	};
}

const { truth, missing } = truthFile('arl');
type ByShift = Record<string, number>;
const table = (name: string) => Object.entries((truth?.[name] ?? {}) as Record<string, ByShift>);
/** Longer ones take hours; the alternative of a rule 7 that never comes is no answer either. */
const LONGEST = 20_000;
const shiftsOf = (of: ByShift) => Object.entries(of).filter(([, arl]) => arl < LONGEST);

describe('run lengths by simulation, in control', () => {
	/** Exact: Markov chains (Champ & Woodall, Technometrics 29, 1987, for the first six). */
	it.each([
		[[1], 370.398347],
		[[1, 5], 225.438407],
		[[1, 6], 166.054517],
		[[1, 5, 6], 132.892811],
		[[2], 511],
		[[5], 510.688514],
		[[6], 291.319248],
		[[7], 963.271544],
		[[8], 14342.295595],
		[[1, 2], 216.695544],
		[[1, 2, 5, 6], 109.049317],
		[[1, 2, 5, 6, 7, 8], 98.177588],
	])('of rules %j: %d', (rules, exact) => expectRunLength(byBank(rules), 0, exact));
	/** Four hundred million points of another program, with their standard errors. */
	it.each([
		[[3], 421.833, 0.427],
		[[4], 600.483, 0.721],
		[[1, 2, 3, 4], 119.226, 0.062],
		[[1, 2, 3, 4, 5, 6], 78.91, 0.033],
		[NELSON, 73.476, 0.029],
	])('of rules %j: %d', (rules, simulated, error) => expectRunLength(byBank(rules), 0, simulated, error));
	/** Rules 5 and 6 wait for 3 and 5 points, as qcc does. */
	it.each([
		[[1, 5], 225.64],
		[[1, 6], 166.2],
		[[1, 5, 6], 133.11],
	])('of rules %j with full windows at the start: %d', (rules, exact) =>
		expectRunLength(byBank(rules, { startup: 'full-window' }), 0, exact, 0.003),
	);
	it.each([
		['Western Electric', WESTERN_ELECTRIC_RULES, 91.750773, 0],
		['Westgard', WESTGARD_RULES, inControlRunLength(WESTGARD_RULES).points, 0],
		['AIAG', AIAG_RULES, inControlRunLength(AIAG_RULES).points, inControlRunLength(AIAG_RULES).standardError],
		['Nelson, as data', NELSON_RULES, 73.476, 0.029],
	] as const)('of the set of %s', (_, rules, exact, error) => expectRunLength(byRules(rules), 0, exact, error));
});

describe(`run lengths by simulation, shifted${missing}`, () => {
	it.skipIf(!truth)('of Nelson’s rules are the exact ones', () => {
		for (const [rules, of] of table('nelson_exact'))
			for (const [shift, arl] of shiftsOf(of))
				expectRunLength(byBank(rules.split('+').map(Number)), Number(shift), arl);
	});
	it.skipIf(!truth)('of the zone tests of Western Electric, alone and together, are those of Champ & Woodall', () => {
		const [one, run, two, four] = WESTERN_ELECTRIC_RULES as [Rule, Rule, Rule, Rule];
		const named: Record<string, Rule> = { '1': one, '2of3': two, '4of5': four, '8run': run };
		for (const [names, of] of table('western_electric_exact_run8')) {
			const rules = names === 'all four' ? WESTERN_ELECTRIC_RULES : names.split(' + ').map((name) => named[name]!);
			for (const [shift, arl] of shiftsOf(of)) expectRunLength(byRules(rules), Number(shift), arl);
		}
	});
});

describe(`run lengths of charts with memory, by simulation${missing}`, () => {
	/** Of R's package spc: xcusum.arl, xewma.arl; by shift. */
	const SHIFTS = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3];
	const each = (name: string, judgeOf: (first: number, second: number) => Judge) => {
		for (const [key, of] of table(name)) {
			const [first = NaN, second = NaN] = key.replace(/[kh]/g, '').split('_').map(Number);
			const arls = Array.isArray(of) ? (of as number[]) : (of['arl'] as unknown as number[]);
			arls.forEach((arl, i) => expectRunLength(judgeOf(first, second), SHIFTS[i]!, arl));
		}
	};
	it.skipIf(!truth)('CUSUM', () => each('cusum_two_sided', byCusum));
	it.skipIf(!truth)('EWMA with the limits of a long series', () =>
		each('ewma_two_sided_asymptotic', (lambda, width) => byEwma(lambda, width, true)),
	);
	it.skipIf(!truth)('EWMA with exact limits', () =>
		each('ewma_two_sided_exact_limits', (lambda, width) => byEwma(lambda, width, false)),
	);
});

describe('flags per point, long after the start', () => {
	it('are as many as by another program', () => {
		// Sixty million points, standard error about 1e-5.
		const rates = [0.002715, 0.003917, 0.002783, 0.004564, 0.002061, 0.004468, 0.003243, 0.000102];
		const count = 20_000_000;
		const block = 100_000;
		const bank = createBank({ capacity: 1 });
		bank.setLimits(0, { centre: 0, sigma: 1, rules: 0xff });
		const normal = createNormal(99);
		const [slots, values, signals] = [new Uint32Array(block), new Float64Array(block), new Uint16Array(block)];
		const found = new Float64Array(9);
		for (let done = 0; done < count; done += block) {
			bank.pushMany(slots, values.map(normal), signals);
			for (const bits of signals) {
				if (bits === 0) continue;
				found[8]!++;
				for (let rule = 0; rule < 8; rule++) found[rule]! += (bits >> rule) & 1;
			}
		}
		// Flags of a run come together: about three times the error of independent ones.
		[...rates, 0.02323].forEach((rate, i) => {
			const error = 3 * Math.sqrt(rate / count) + 1e-5;
			expect(Math.abs(found[i]! / count - rate), `rule ${i + 1}`).toBeLessThan(ERRORS * error);
		});
	});
});
