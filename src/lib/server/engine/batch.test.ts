import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '#rules';
import { createNormal } from '#rules/testing/random.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { declare, evaluate, points } from './testing/records.ts';

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
	it('cusum', () => f({ chart: 'cusum', k: 0.25, h: 4 }, { chart: 'cusum', options: { k: 0.25, h: 4 } }));
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
	it('of latencies', () => f((values) => values.map((v) => Math.exp((v - 20) / 2))));
	it('of values that depend on the one before', () =>
		f((values) => {
			let level = 0;
			return values.map((v) => (level = 0.8 * level + (v - 20)));
		}));
	it('of rounded values', () => f((values) => values.map((v) => Math.round(v * 2) / 2)));
});
