import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze, applyTransform, learnImr, learnTransform, tTransform } from '#rules';
import { createNormal } from '#rules/testing/random.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { declare, evaluate, gap, points, rows } from './testing/records.ts';

/** A signal as both ways tell it: where it is in values, how it began, what it is. */
interface Told {
	readonly index: number;
	readonly from: number;
	readonly chart: string;
	readonly rule: string;
	readonly side: string;
}

const inOrder = (told: readonly Told[]) =>
	told
		.map(({ index, from, chart, rule, side }) => `${String(index).padStart(4, '0')} ${from} ${chart} ${rule} ${side}`)
		.sort();

/** A point a second from t = 0 on, so that t tells the index. */
function live(plan: PlanInput, values: readonly number[]): string[] {
	const verdicts = evaluate([declare(1, plan), points(values)]);
	return inOrder(
		verdicts.flatMap((verdict) => {
			if (verdict.type !== 'signal') return [];
			const { tMicros, spanFromMicros, chart, rule, side } = verdict.signal;
			const index = tMicros / MICROS_PER_SECOND;
			return [{ index, from: spanFromMicros / MICROS_PER_SECOND, chart, rule: String(rule), side }];
		}),
	);
}

/** @param group values of one plotted point: signals of an analysis count these */
function batch(document: object, group = 1): string[] {
	const own = ['ewma', 'ewma-fast', 'cusum'];
	return inOrder(
		analyze(document).signals.map(({ chart, index, rule, side, span }) => ({
			index: index * group + group - 1,
			// An automatic plan tells which values are in its group; live a group stands at its last one.
			from: chart.startsWith('ewma') ? index : span[0] * group + group - 1,
			chart,
			rule: own.includes(chart) ? 'limit' : String(rule),
			side,
		})),
	);
}

function chunks(values: readonly number[], size: number): number[][] {
	return Array.from({ length: Math.floor(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));
}

/** In control, then a shift and a spike now and then. */
const series = fc.record({ seed: fc.nat(1e6), shift: fc.constantFrom(0, 0.5, 2), spikes: fc.nat(3) });
function valuesOf({ seed, shift, spikes }: { seed: number; shift: number; spikes: number }, count: number): number[] {
	const normal = createNormal(seed + 1);
	return Array.from({ length: count }, (_, i) => {
		const spike = spikes > 0 && i % 97 === 50 + spikes ? 6 : 0;
		return 20 + normal() + (i > (2 * count) / 3 ? shift : 0) + spike;
	});
}

const KNOWN = { centre: 20, sigma: 1 };

describe('a live stream signals where an analysis of its values does', () => {
	const f = (plan: PlanInput, document: object) =>
		fc.assert(
			fc.property(series, (of) => {
				const values = valuesOf(of, 300);
				expect(live({ baseline: KNOWN, ...plan }, values)).toEqual(batch({ baseline: KNOWN, ...document, values }));
			}),
			{ numRuns: 40 },
		);
	it('i-mr', () => f({}, { chart: 'i-mr' }));
	it('i-mr by all eight rules', () => f({ rules: 'nelson' }, { chart: 'i-mr', rules: 'nelson' }));
	it('i-mr by the rules of Western Electric', () =>
		f({ rules: 'western-electric' }, { chart: 'i-mr', rules: 'western-electric' }));
	it('i-mr by the rules of Westgard', () => f({ rules: 'westgard' }, { chart: 'i-mr', rules: 'westgard' }));
	it('i-mr by the rules of AIAG', () => f({ rules: 'aiag' }, { chart: 'i-mr', rules: 'aiag' }));
	it('i-mr by rules of one’s own', () => {
		const rules = [
			{ name: 'drift', any: [{ trend: 5 }, { count: 3, of: 4, beyond: 1.5 }] },
			{ name: 'far', beyond: 3.5 },
		];
		f({ rules }, { chart: 'i-mr', rules });
	});
	it('ewma', () =>
		f({ chart: 'ewma', lambda: 0.1, limitsSigma: 2.7 }, { chart: 'ewma', options: { lambda: 0.1, limitsSigma: 2.7 } }));
	it('ewma and cusum by no rules: nothing', () => {
		f({ chart: 'ewma', rules: 'none' }, { chart: 'ewma', rules: 'none' });
		f({ chart: 'cusum', rules: 'none' }, { chart: 'cusum', rules: 'none' });
		f({ rules: 'none' }, { chart: 'i-mr', rules: 'none' });
	});
	it('cusum', () => f({ chart: 'cusum', k: 0.25, h: 4 }, { chart: 'cusum', options: { k: 0.25, h: 4 } }));
});

describe('the edges of rules are those of an analysis', () => {
	/** Values with gaps; a gap lies between two whole seconds. */
	const told = (plan: PlanInput, values: readonly (number | null)[]) => {
		const inputs = values.map((v, at) => (v === null ? gap(1, at - 0.6, at - 0.4) : points([v], at)));
		return inOrder(
			evaluate([declare(1, plan), ...inputs]).flatMap((verdict) => {
				if (verdict.type !== 'signal') return [];
				const { tMicros, spanFromMicros, chart, rule, side } = verdict.signal;
				const index = tMicros / MICROS_PER_SECOND;
				return [{ index, from: spanFromMicros / MICROS_PER_SECOND, chart, rule: String(rule), side }];
			}),
		);
	};
	const f = (plan: PlanInput, document: object) =>
		fc.assert(
			fc.property(series, fc.integer({ min: 5, max: 12 }), (of, every) => {
				const values = valuesOf({ ...of, shift: 1 }, 300).map((v, i) => (i % every === every - 1 ? null : v));
				expect(told({ baseline: KNOWN, ...plan }, values)).toEqual(batch({ baseline: KNOWN, ...document, values }));
			}),
			{ numRuns: 20 },
		);
	const SKIP = { options: { missing: 'skip' } };
	it('what is missing breaks', () => f({ rules: 'nelson' }, { rules: 'nelson' }));
	it('what is missing is skipped', () => f({ rules: 'nelson', missing: 'skip' }, { rules: 'nelson', ...SKIP }));
	it('what is missing is skipped by rules written as data', () =>
		f({ rules: 'westgard', missing: 'skip' }, { rules: 'westgard', ...SKIP }));
	it('what is missing is skipped by an EWMA', () => f({ chart: 'ewma', missing: 'skip' }, { chart: 'ewma', ...SKIP }));
	it('what is missing is skipped by a CUSUM', () =>
		f({ chart: 'cusum', missing: 'skip' }, { chart: 'cusum', ...SKIP }));
	it('rule 8 on either side', () =>
		f({ rules: [8], rule8: 'either-side' }, { rules: [8], options: { rule8: 'either-side' } }));
	it('rules 5 and 6 in full windows', () =>
		f({ rules: [5, 6], startup: 'full-window' }, { rules: [5, 6], options: { startup: 'full-window' } }));
	it('Western Electric in full windows', () =>
		f(
			{ rules: 'western-electric', startup: 'full-window' },
			{ rules: 'western-electric', options: { startup: 'full-window' } },
		));
});

describe('short runs', () => {
	const PARTS = { 17: { centre: 20, sigma: 1 }, 18: { centre: 30, sigma: 2 }, 19: { centre: 19, sigma: 0.5 } };
	it('are judged by the targets of their parts, across parts', () =>
		fc.assert(
			fc.property(series, fc.integer({ min: 1, max: 9 }), (of, run) => {
				const part = (i: number) => (17 + (Math.floor(i / run) % 3)) as 17 | 18 | 19;
				const target = (i: number) => PARTS[part(i)];
				const values = valuesOf(of, 300).map((v, i) => target(i).centre + (v - 20) * target(i).sigma);
				const inputs = values.flatMap((v, i) => {
					const both = [
						{ stream: 2, v: part(i) },
						{ stream: 1, v },
					];
					return [rows(both.map((one) => ({ ...one, tMicros: i * MICROS_PER_SECOND, quality: 192 as const })))];
				});
				const plan: PlanInput = { chart: 'z-mr', part: 'k/2', targets: PARTS, rules: 'nelson' };
				const verdicts = evaluate([declare(1, plan), declare(2, { rules: 'none' }), ...inputs]);
				const told = verdicts.flatMap((verdict) => {
					if (verdict.type !== 'signal') return [];
					const { tMicros, spanFromMicros, chart, rule, side } = verdict.signal;
					const from = spanFromMicros / MICROS_PER_SECOND;
					return [{ index: tMicros / MICROS_PER_SECOND, from, chart, rule: String(rule), side }];
				});
				const baseline = {
					centre: values.map((_, i) => target(i).centre),
					sigma: values.map((_, i) => target(i).sigma),
				};
				expect(inOrder(told)).toEqual(
					batch({ chart: 'z-mr', parts: values.map((_, i) => String(part(i))), baseline, rules: 'nelson', values }),
				);
			}),
			{ numRuns: 20 },
		));
});

describe('values on another scale', () => {
	const spiked = (of: Parameters<typeof valuesOf>[0], count: number) => valuesOf({ ...of, spikes: 2 }, count);
	/** By the delta method: a sigma of a tenth of the centre is a tenth of a logarithm. */
	const LOGS = { centre: Math.log(20), sigma: 0.05 };
	const f = (plan: PlanInput, document: object) =>
		fc.assert(
			fc.property(series, (of) => {
				const values = spiked(of, 300);
				const baseline = { centre: 20, sigma: 1 };
				expect(live({ baseline, transform: 'log', ...plan }, values)).toEqual(
					batch({ baseline: LOGS, ...document, values: values.map(Math.log) }),
				);
			}),
			{ numRuns: 20 },
		);
	it('logarithms', () => f({ rules: 'nelson' }, { rules: 'nelson' }));
	it('the EWMA of logarithms', () => f({ chart: 'ewma' }, { chart: 'ewma' }));
	it('the CUSUM of logarithms', () => f({ chart: 'cusum' }, { chart: 'cusum' }));

	/** Of the leading chart: ranges are measured in a baseline, and follow from a known sigma. */
	const only = (chart: string, told: readonly string[]) => told.filter((line) => line.split(' ')[2] === chart);
	it.each(['none', 'log', 'box-cox', 'percentile'] as const)(
		'learnt from a hundred points, transform %s',
		(transform) =>
			fc.assert(
				fc.property(series, (of) => {
					const values = spiked(of, 300);
					const baseline = Float64Array.from(values.slice(0, 100));
					const scale = learnTransform(transform, baseline)!;
					const changed = values.map((v) => applyTransform(scale, v));
					const { i, rules } = learnImr({ values: Float64Array.from(changed.slice(0, 100)), rules: [1, 2, 5, 6] })!;
					const known = { centre: i.centre, sigma: i.sigma };
					expect(only('i', live({ transform, baseline: { points: 100 } }, values))).toEqual(
						only('i', batch({ values: changed, baseline: known, rules })),
					);
				}),
				{ numRuns: 20 },
			),
	);
});

describe('counts and times between events', () => {
	const counts = (of: Parameters<typeof valuesOf>[0]) =>
		valuesOf(of, 300).map((v) => Math.max(0, Math.round(4 * v - 70)));
	const f = (chart: 'c' | 'g', rules: readonly number[]) =>
		fc.assert(
			fc.property(series, (of) => {
				const values = counts(of);
				const document = chart === 'c' ? { counts: values } : { values };
				const plan: PlanInput = { chart, rules: [...rules], baseline: { points: 100 } };
				expect(live(plan, values)).toEqual(batch({ chart, ...document, rules, baseline: { points: 100 } }));
			}),
			{ numRuns: 20 },
		);
	it('c, learnt from a hundred', () => f('c', [1, 2, 5, 6]));
	it('g, learnt from a hundred', () => f('g', [1]));
	it('g by run rules where they are named', () => f('g', [1, 2, 3]));
	it('t: individuals of t^(1/3.6), its sigma by the delta method', () =>
		fc.assert(
			fc.property(series, (of) => {
				const values = valuesOf(of, 300).map((v) => Math.exp(1.4 * (v - 20)) * 30);
				const baseline = { centre: tTransform(30), sigma: (tTransform(30) / 30 / 3.6) * 40 };
				const told = batch({ values: values.map(tTransform), baseline, rules: [1, 2, 3] });
				expect(live({ chart: 't', rules: [1, 2, 3], baseline: { centre: 30, sigma: 40 } }, values)).toEqual(
					told.filter((line) => line.includes(' i ')).map((line) => line.replace(' i ', ' t ')),
				);
			}),
			{ numRuns: 20 },
		));
});

describe('groups of five', () => {
	const f = (chart: 'xbar-r' | 'xbar-s', plan: PlanInput) =>
		fc.assert(
			fc.property(series, (of) => {
				const values = valuesOf(of, 600);
				const baseline = plan.baseline;
				expect(live({ chart, subgroup: { size: 5 }, ...plan }, values)).toEqual(
					batch({ chart, subgroups: chunks(values, 5), baseline }, 5),
				);
			}),
			{ numRuns: 40 },
		);
	it('by their ranges, learnt from thirty of them', () => f('xbar-r', { baseline: { points: 30 } }));
	it('by their ranges, with a known sigma', () => f('xbar-r', { baseline: KNOWN }));
	it('by their deviations, learnt from thirty of them', () => f('xbar-s', { baseline: { points: 30 } }));

	/** A window is plotted when the first value after it comes, so the last one never is. */
	const byTime = (chart: 'xbar-r' | 'xbar-s', baseline: PlanInput['baseline']) =>
		fc.assert(
			fc.property(series, (of) => {
				const values = valuesOf(of, 600);
				const document = { chart, subgroups: chunks(values.slice(0, 595), 5), baseline };
				expect(live({ chart, subgroup: { window: '5s' }, baseline }, values)).toEqual(batch(document, 5));
			}),
			{ numRuns: 20 },
		);
	it('by time and ranges, with a known sigma', () => byTime('xbar-r', KNOWN));
	it('by time and ranges, learnt from thirty of them', () => byTime('xbar-r', { points: 30 }));
	it('by time and deviations, learnt from thirty of them', () => byTime('xbar-s', { points: 30 }));

	it.each(['i-mr', 'ewma', 'cusum'] as const)('whose means are judged as values: %s', (chart) =>
		fc.assert(
			fc.property(series, (of) => {
				const values = valuesOf(of, 600);
				const baseline = { centre: 20, sigma: 0.45 };
				const means = chunks(values, 5).map(
					(group) => group[0]! + group.reduce((sum, v) => sum + v - group[0]!, 0) / 5,
				);
				const own = chart !== 'i-mr';
				const told = analyze({ chart, values: means, baseline }).signals.map(({ index, span, ...signal }) => ({
					...signal,
					index: index * 5 + 4,
					from: (chart === 'ewma' ? index : span[0]) * 5 + 4,
					rule: own ? 'limit' : String(signal.rule),
				}));
				expect(live({ chart, subgroup: { size: 5 }, baseline }, values)).toEqual(inOrder(told));
			}),
			{ numRuns: 20 },
		),
	);
});

describe('an automatic plan', () => {
	const f = (of: (values: number[]) => number[]) =>
		fc.assert(
			fc.property(series, (one) => {
				const values = of(valuesOf(one, 900));
				const document = { chart: 'auto', values, baseline: { points: 300 }, options: { intervalMs: 1000 } };
				expect(live({ chart: 'auto' }, values)).toEqual(batch(document));
			}),
			{ numRuns: 8 },
		);
	it('of normal values', () => f((values) => values));
	it.each([
		['as they are', { points: 100 }, 20],
		['in groups of three of them', { points: 300 }, 1],
	] as const)('of groups of five, or of five seconds, is that of their means, %s', (_, baseline, falseAlarmsPerDay) =>
		fc.assert(
			fc.property(series, fc.constantFrom({ size: 5 }, { window: '5s' }), (one, subgroup) => {
				const values = valuesOf(one, 2401);
				const means = chunks(values.slice(0, 2400), 5).map(
					(group) => group[0]! + group.reduce((sum, v) => sum + v - group[0]!, 0) / 5,
				);
				const options = { intervalMs: 5000, falseAlarmsPerDay };
				const document = { chart: 'auto', values: means, baseline, options };
				const plan: PlanInput = { chart: 'auto', subgroup, baseline, falseAlarmsPerDay };
				const told = analyze(document).signals.map(({ index, ...signal }) => ({
					...signal,
					index: index * 5 + 4,
					from: index * 5 + 4,
					rule: 'limit',
				}));
				expect(live(plan, values)).toEqual(inOrder(told));
			}),
			{ numRuns: 8 },
		),
	);
	it('of latencies', () => f((values) => values.map((v) => Math.exp((v - 20) / 2))));
	it('of values that depend on the one before', () =>
		f((values) => {
			let level = 0;
			return values.map((v) => (level = 0.8 * level + (v - 20)));
		}));
	it('of rounded values', () => f((values) => values.map((v) => Math.round(v * 2) / 2)));
});
