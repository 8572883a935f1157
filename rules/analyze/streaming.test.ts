import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBank, type Bank } from '../bank/bank.ts';
import { createCusum } from '../charts/cusum.ts';
import { createEwma } from '../charts/ewma.ts';
import { createRuleEvaluator } from '../sets/evaluator.ts';
import { WESTGARD_RULES } from '../sets/condition.ts';
import { maskOf, rulesOf } from '../sets/rule-sets.ts';
import { createNormal } from '../testing/random.ts';
import { analyze } from './analyze.ts';
import type { Answer, Chart, ChartName } from './answer.ts';

/** A chart with what it takes, made of sixty normal values; `null` is a missing one. */
interface Kind {
	readonly document: (values: readonly (number | null)[]) => object;
	readonly charts: readonly ChartName[];
}

const count = (v: number | null) => (v === null ? null : Math.max(0, Math.round(10 + 3 * v)));
const sizes = Array.from({ length: 60 }, (_, i) => 40 + (i % 7) * 5);
const groups = (values: readonly (number | null)[]) =>
	values.map((v, i) => (v === null ? [null, null] : [v, v + 1, -v].slice(0, i % 5 === 4 ? 2 : 3)));
const KINDS: Readonly<Record<string, Kind>> = {
	'i-mr': { document: (values) => ({ values }), charts: ['i', 'mr'] },
	'xbar-r': { document: (values) => ({ subgroups: groups(values) }), charts: ['xbar', 'r'] },
	'xbar-s': { document: (values) => ({ subgroups: groups(values) }), charts: ['xbar', 's'] },
	p: { document: (values) => ({ counts: values.map(count), sizes }), charts: ['p'] },
	np: { document: (values) => ({ counts: values.map(count), sizes: 40 }), charts: ['np'] },
	c: { document: (values) => ({ counts: values.map(count) }), charts: ['c'] },
	u: { document: (values) => ({ counts: values.map(count), sizes }), charts: ['u'] },
	'p-prime': { document: (values) => ({ counts: values.map(count), sizes }), charts: ['p-prime'] },
	'u-prime': { document: (values) => ({ counts: values.map(count), sizes }), charts: ['u-prime'] },
	g: { document: (values) => ({ values: values.map(count) }), charts: ['g'] },
	'z-mr': {
		document: (values) => ({ values, parts: values.map((_, i) => (i % 20 < 10 ? 'shaft' : 'bush')) }),
		charts: ['z', 'mr'],
	},
};

const series = fc.record({
	seed: fc.integer({ min: 1, max: 1e6 }),
	gaps: fc.array(fc.nat(59), { maxLength: 4 }),
	phase: fc.option(fc.integer({ min: 1, max: 58 }), { nil: undefined }),
	missing: fc.constantFrom('break' as const, 'skip' as const),
	rule8: fc.constantFrom('both-sides' as const, 'either-side' as const),
	startup: fc.constantFrom('partial' as const, 'full-window' as const),
	limitsSigma: fc.constantFrom(3, 2, 3.5),
});

function valuesOf({ seed, gaps }: { seed: number; gaps: readonly number[] }): (number | null)[] {
	const normal = createNormal(seed);
	return Array.from({ length: 60 }, (_, i) => {
		const v = normal() + (i > 40 ? 1.2 : 0) + (i === 30 ? 5 : 0);
		return gaps.includes(i) ? null : v;
	});
}

const NAN = (column: readonly (number | null)[]) => column.map((v) => v ?? NaN);

/** Signals of a chart's own columns, point by point, by a bank that is stopped and restored at each of them. */
function streamed(
	{ statistic, centre, sigma }: Pick<Chart, 'statistic' | 'centre' | 'sigma'>,
	{ rules, phases, options }: { rules: readonly number[]; phases: readonly number[]; options: Record<string, unknown> },
): string[] {
	const limits = { centre: NaN, sigma: NaN, rules: maskOf(rules), limitsSigma: options['limitsSigma'] as number };
	let bank: Bank = createBank({ capacity: 1, options });
	bank.setLimits(0, limits);
	const [values, centres, sigmas] = [NAN(statistic), NAN(centre), NAN(sigma)];
	return values.flatMap((value, i) => {
		if (phases.includes(i)) bank.setLimits(0, limits);
		const state = JSON.parse(JSON.stringify(bank.snapshot(0))) as ReturnType<Bank['snapshot']>;
		bank = createBank({ capacity: 1, options });
		bank.restore(0, state);
		const bits = bank.push(0, value, centres[i], sigmas[i]);
		return rulesOf(bits).map((rule) => `${i} ${rule} ${bank.side(0, rule)}`);
	});
}

const batch = ({ signals }: Answer, chart: string) =>
	signals.filter((one) => one.chart === chart).map(({ index, rule, side }) => `${index} ${rule} ${side}`);

describe('a chart judged point by point signals where the analysis of the whole does', () => {
	it.each(Object.entries(KINDS))('%s', (chart, { document, charts }) => {
		let signals = 0;
		fc.assert(
			fc.property(series, ({ seed, gaps, phase, ...options }) => {
				const phases = phase === undefined ? [0] : [0, phase];
				const values = valuesOf({ seed, gaps });
				const answer = analyze({ chart, ...document(values), phases, rules: 'nelson', options });
				for (const name of charts) {
					const rules = ['mr', 'r', 's'].includes(name) ? [1] : [1, 2, 3, 4, 5, 6, 7, 8];
					const told = batch(answer, name);
					signals += told.length;
					expect(streamed(answer.charts[name]!, { rules, phases, options })).toEqual(told);
				}
			}),
			{ numRuns: 60 },
		);
		expect(signals).toBeGreaterThan(60);
	});

	it('t2: by its own upper limit', () =>
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
				const normal = createNormal(seed);
				const subgroups = Array.from({ length: 50 }, (_, i) => [normal() + (i === 40 ? 9 : 0), normal()]);
				const answer = analyze({ chart: 't2', subgroups, baseline: { points: 30 } });
				const { statistic, ucl } = answer.charts.t2!;
				const over = statistic.flatMap((v, i) => (v! > ucl[i]! ? [`${i} 1 above`] : []));
				expect(batch(answer, 't2')).toEqual(over);
				expect(over).toContain('40 1 above');
			}),
			{ numRuns: 30 },
		));

	it('by rules written as data, stopped and restored at every point', () =>
		fc.assert(
			fc.property(series, ({ seed, gaps, missing, startup }) => {
				const values = valuesOf({ seed, gaps });
				const options = { missing, startup };
				const answer = analyze({ values, rules: 'westgard', baseline: { centre: 0, sigma: 1 }, options });
				const created = () => createRuleEvaluator({ capacity: 1, rules: WESTGARD_RULES, options });
				let evaluator = created();
				evaluator.setLimits(0, { centre: 0, sigma: 1 });
				const told = NAN(values).flatMap((value, i) => {
					const state = JSON.parse(JSON.stringify(evaluator.snapshot(0))) as ReturnType<typeof evaluator.snapshot>;
					evaluator = created();
					evaluator.restore(0, state);
					const bits = evaluator.push(0, value);
					return WESTGARD_RULES.flatMap(({ name }, r) =>
						(bits >> r) & 1 ? [`${i} ${name} ${evaluator.side(0, r)}`] : [],
					);
				});
				expect(told).toEqual(batch(answer, 'i'));
			}),
		));
});

describe('a chart with memory, stopped and restored at every point, plots and signals what the analysis does', () => {
	const target = { target: 0.2, sigma: 1.1 };
	it('ewma', () =>
		fc.assert(
			fc.property(series, fc.boolean(), ({ seed, gaps, missing, limitsSigma }, asymptotic) => {
				const values = valuesOf({ seed, gaps });
				const options = { ...target, lambda: 0.15, missing, limitsSigma, asymptotic };
				const answer = analyze({ chart: 'ewma', values, options });
				let ewma = createEwma({ lambda: 0.15, asymptotic });
				const plotted = NAN(values).map((value) => {
					const state = JSON.parse(JSON.stringify(ewma.snapshot())) as ReturnType<typeof ewma.snapshot>;
					ewma = createEwma({ lambda: 0.15, asymptotic });
					ewma.restore(state);
					if (Number.isNaN(value) && missing === 'break') ewma.reset();
					return ewma.push(value, 0.2, 1.1);
				});
				expect(plotted.map(({ value }) => value)).toEqual(NAN(answer.charts.ewma!.statistic));
				const beyond = plotted.flatMap(({ value, sigma }, i) =>
					Math.abs(value - 0.2) > limitsSigma * sigma ? [i] : [],
				);
				expect(beyond).toEqual(answer.signals.map(({ index }) => index));
			}),
		));
	it('cusum', () =>
		fc.assert(
			fc.property(series, ({ seed, gaps, missing }) => {
				const values = valuesOf({ seed, gaps });
				const answer = analyze({ chart: 'cusum', values, options: { ...target, k: 0.4, h: 4, missing } });
				let cusum = createCusum({ k: 0.4 });
				const out = NAN(values).flatMap((value, i) => {
					const state = JSON.parse(JSON.stringify(cusum.snapshot())) as ReturnType<typeof cusum.snapshot>;
					cusum = createCusum({ k: 0.4 });
					cusum.restore(state);
					if (Number.isNaN(value)) {
						if (missing === 'break') cusum.reset();
						return [];
					}
					const { plus, minus } = cusum.push(value, 0.2, 1.1);
					return plus > 4.4 || minus > 4.4 ? [i] : [];
				});
				expect(out).toEqual(answer.charts.cusum!.out);
			}),
		));
});
