import { describe, expect, it } from 'vitest';
import { analyze } from './analyze.ts';
import type { RuleOptions } from '../bank/bank.ts';
import { judgeSeries } from './signals.ts';
import { truthFile, type Truth } from '../testing/truth.ts';

/** One test per published example; its flags are 1-based. */
function example(name: string, says: string, check: (truth: Truth) => void): void {
	const { truth, missing } = truthFile(name);
	it.skipIf(!truth)(`${name}: ${says}${missing}`, () => check(truth!));
}

function expectPublished(truth: Truth, answers: Record<string, number | null | undefined>): void {
	for (const [name, answer] of Object.entries(answers)) {
		const { value, tol } = truth.published[name]!;
		expect(Math.abs((answer ?? NaN) - value), `${name} is ${answer}, published ${value}`).toBeLessThanOrEqual(tol);
	}
}

describe('individuals and moving ranges', () => {
	const check = (truth: Truth) => {
		const { charts, estimates, signals } = analyze({ values: truth.data['values'] });
		const answers: Record<string, number | null | undefined> = {
			center: charts['i']!.centre[0],
			ucl: charts['i']!.ucl[0],
			lcl: charts['i']!.lcl[0],
			mrbar: estimates.movingRangeMean,
		};
		if (truth.published['mr_ucl']) answers['mr_ucl'] = charts['mr']!.ucl[0];
		expectPublished(truth, answers);
		expect(signals.filter((s) => s.rule === 1)).toEqual([]);
	};
	example('nist_6322_imr', 'limits and no signal', check);
	example('wheeler_uspc49_imr', 'limits and no signal', check);
	// The note in that file says 55.8026 and 45.8174, which no d2 gives to the digits shown; E2 is computed independently.
	example('constants', 'the exact d2 gives limits E2 mean ranges from the centre', (truth) => {
		const [{ E2 }] = truth['rows'] as [{ E2: number }];
		const values = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];
		const { charts, estimates } = analyze({ values, options: { d2: 'exact' } });
		expect(charts['i']!.ucl[0]).toBeCloseTo(50.81 + E2 * estimates.movingRangeMean!, 9);
		expect(charts['i']!.lcl[0]).toBeCloseTo(50.81 - E2 * estimates.movingRangeMean!, 9);
	});
});

interface EdgeCase {
	readonly name: string;
	readonly values: (number | null)[];
	readonly center: number;
	readonly sigma: number;
	readonly options: { readonly phase?: number[] };
	readonly flagged: Record<string, number[]>;
}

describe('edge cases of the rules', () => {
	example('nelson_edge_cases', 'all flags', (truth) => {
		for (const { name, values, center, sigma, options, flagged } of truth['cases'] as EdgeCase[]) {
			const phases = options.phase?.flatMap((p, i) => (i === 0 || p !== options.phase![i - 1] ? [i] : []));
			const rules = Object.keys(flagged).map(Number);
			const { signals } = analyze({ values, phases, rules, baseline: { centre: center, sigma } });
			for (const rule of rules) {
				const at = signals.filter((s) => s.chart === 'i' && s.rule === rule).map((s) => s.index + 1);
				expect(at, `${name}, rule ${rule}`).toEqual(flagged[rule]);
			}
		}
	});
});

/** 1-based flags of all eight rules of a series around given limits. */
function flags(
	statistic: readonly number[],
	centre: number,
	sigma: number | readonly number[],
	{ exclude = [], ...options }: RuleOptions & { exclude?: readonly number[] } = {},
): Record<string, number[]> {
	const signals = judgeSeries(
		{
			chart: 'p',
			statistic: Float64Array.from(statistic),
			centre: new Float64Array(statistic.length).fill(centre),
			sigma: typeof sigma === 'number' ? new Float64Array(statistic.length).fill(sigma) : Float64Array.from(sigma),
			phases: [0],
			exclude: new Set(exclude),
			rules: [1, 2, 3, 4, 5, 6, 7, 8],
		},
		options,
	);
	const rules = [1, 2, 3, 4, 5, 6, 7, 8];
	const at = (rule: number) => signals.filter((s) => s.rule === rule).map((s) => s.index + 1);
	return Object.fromEntries(rules.map((rule) => [`nelson${rule}`, at(rule)]));
}

/** A list of one is written as its element there. */
const listed = (flags: unknown) =>
	Object.fromEntries(Object.entries(flags as Record<string, unknown>).map(([rule, at]) => [rule, [at].flat()]));

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe('rules around published limits of other charts', () => {
	// qcc starts rules 5 and 6 with full windows.
	const qcc: RuleOptions = { startup: 'full-window' };

	example('montgomery_orangejuice_p', 'flags of qcc in phase I', (truth) => {
		const { d, n, phase1 } = truth.data as { d: number[]; n: number[]; phase1: number };
		const p = d.slice(0, phase1).map((count, i) => count / n[i]!);
		const centre = sum(d.slice(0, phase1)) / sum(n.slice(0, phase1));
		const found = flags(p, centre, Math.sqrt((centre * (1 - centre)) / n[0]!), qcc);
		expect(found).toEqual(listed(truth['qcc_flags']));
		expect(found['nelson1']).toEqual(truth.published_flags!['1']);
	});

	example('montgomery_orangejuice_p', 'flags of qcc once two points are excluded', (truth) => {
		const { d, n, phase1 } = truth.data as { d: number[]; n: number[]; phase1: number };
		const { exclude } = truth['revised'] as { exclude: number[] };
		const p = d.map((count, i) => count / n[i]!);
		const kept = d.slice(0, phase1).filter((_, i) => !exclude.includes(i + 1));
		const centre = sum(kept) / (kept.length * n[0]!);
		const sigma = Math.sqrt((centre * (1 - centre)) / n[0]!);
		const found = flags(p, centre, sigma, { ...qcc, exclude: exclude.map((i) => i - 1) });
		// qcc drops what is excluded and counts on without it.
		const number = (i: number) => i - exclude.filter((e) => e < i).length;
		const renumbered = Object.entries(found).map(([rule, at]) => [rule, at.map(number)]);
		expect(Object.fromEntries(renumbered)).toEqual(listed(truth['qcc_flags_revised']));
	});

	example('montgomery_pistonrings_xbar_r', 'flags of qcc, phase II after phase I', (truth) => {
		const means = (truth.data['groups'] as number[][]).map((group) => sum(group) / group.length);
		const centre = sum(means.slice(0, 25)) / 25;
		expect(flags(means, centre, truth.published['sigma']!.value / Math.sqrt(5), qcc)).toEqual(
			listed(truth['qcc_flags']),
		);
	});

	example('nist_6331_c', 'a count on the limit is inside', (truth) =>
		expect(flags(truth.data['counts'] as number[], 16, 4)['nelson1']).toEqual(truth.published_flags!['1']),
	);

	example('qcc_orangejuice_np', 'points beyond the limits', (truth) => {
		const { center, sigma } = truth.published;
		const found = flags(truth.data['d'] as number[], center!.value, sigma!.value);
		expect(found['nelson1']).toEqual(truth.published_flags!['1']);
	});

	example('wheeler_uspc276_u', 'limits that vary with the sample size', (truth) => {
		const { c, n } = truth.data as { c: number[]; n: number[] };
		const centre = sum(c) / sum(n);
		const sigma = n.map((size) => Math.sqrt(centre / size));
		const u = c.map((count, i) => count / n[i]!);
		expect(flags(u, centre, sigma)['nelson1']).toEqual(truth.published_flags!['1']);
	});
});
