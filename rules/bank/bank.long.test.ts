import { describe, expect, it } from 'vitest';
import { rulesOf } from '../sets/rule-sets.ts';
import { literalSignals } from '../testing/literal.ts';
import { createRandom } from '../testing/random.ts';
import { createBank, type RuleOptions, type SlotState } from './bank.ts';

const POINTS = 1_200_000;
const LENGTH = 400;
const SEED = 20_260_101;
/** Sigma lines, halves between them, and either side of a line by one bit. */
const GRID = [-3, -2, -1, 0, 1, 2, 3].flatMap((line) => [line, line, line + 0.5, line * (1 + 2 ** -52)]);

const pick = <T>(random: () => number, from: readonly T[]) => from[Math.floor(random() * from.length)]!;

/** Stretches of every kind that a rule looks for, on the grid and off it, with gaps. */
function seriesOf(random: () => number): number[] {
	const values: number[] = [];
	while (values.length < LENGTH) {
		const kind = random();
		const count = 1 + Math.floor(random() * 18);
		const start = pick(random, GRID);
		for (let i = 0; i < count; i++) {
			if (kind < 0.3) values.push(pick(random, GRID));
			else if (kind < 0.45) values.push(start);
			else if (kind < 0.6) values.push(start + (i * (random() < 0.9 ? 1 : 0)) / 8);
			else if (kind < 0.7) values.push(i % 2 ? start : -start);
			else if (kind < 0.8) values.push((random() - 0.5) * 2);
			else if (kind < 0.85) values.push(random() < 0.5 ? 1.5 : -1.5);
			else if (kind < 0.97) values.push((random() + random() + random() - 1.5) * 2.5);
			else values.push(NaN);
		}
	}
	return values.slice(0, LENGTH);
}

const optionsOf = (random: () => number): RuleOptions => ({
	missing: pick(random, ['break', 'skip']),
	rule8: pick(random, ['both-sides', 'either-side']),
	startup: pick(random, ['partial', 'full-window']),
});

describe('the bank and the literal definitions', () => {
	it(
		`agree on rule, side and span at ${POINTS} points: ties, lines, gaps, phases, varying and wider limits, snapshots`,
		{ timeout: 600_000 },
		() => {
			const random = createRandom(SEED);
			let signals = 0;
			for (let done = 0; done < POINTS; done += LENGTH) {
				const options = optionsOf(random);
				const values = seriesOf(random);
				const varying = random() < 0.4;
				const centre = values.map(() => (varying ? pick(random, [0, 0, 0.5, -0.25, NaN]) : 0));
				const sigma = values.map(() => (varying ? pick(random, [1, 1, 0.5, 2, 0]) : 1));
				const phases = random() < 0.5 ? [Math.floor(random() * LENGTH), Math.floor(random() * LENGTH)] : [];
				let bank = createBank({ capacity: 1, options });
				const limitsSigma = pick(random, [3, 3, 2, 2.5]);
				const limits = { centre: 0, sigma: 1, rules: 0xff, limitsSigma };
				bank.setLimits(0, limits);
				for (let i = 0; i < LENGTH; i++) {
					if (phases.includes(i)) bank.setLimits(0, limits);
					if (i % 97 === 0) {
						const state = JSON.parse(JSON.stringify(bank.snapshot(0))) as SlotState;
						bank = createBank({ capacity: 1, options });
						bank.restore(0, state);
					}
					const bits = varying ? bank.push(0, values[i]!, centre[i], sigma[i]) : bank.push(0, values[i]!);
					const said =
						bits === 0
							? []
							: rulesOf(bits).map((rule) => ({ rule, side: bank.side(0, rule), span: bank.span(0, rule) }));
					const want = literalSignals({ values, centre, sigma, phases, limitsSigma }, i, options);
					signals += want.length;
					if (said.length > 0 || want.length > 0)
						expect(said, `seed ${SEED}, series at ${done}, point ${i}`).toEqual(want);
				}
			}
			// The series are worth the time: they signal.
			expect(signals).toBeGreaterThan(POINTS / 10);
		},
	);
});
