import { describe, expect, it } from 'vitest';
import { analyze } from './analyze.ts';
import type { Answer } from './answer.ts';
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

/** 1-based indices at which a rule signals on a chart. */
const flagged = ({ signals }: Answer, chart: string, rule = 1) =>
	signals.filter((s) => s.chart === chart && s.rule === rule).map((s) => s.index + 1);

/** A list of one is written as its element there. */
const listed = (flags: unknown) =>
	Object.fromEntries(Object.entries(flags as Record<string, unknown>).map(([rule, at]) => [rule, [at].flat()]));

const nelsonFlags = (answer: Answer, chart: string) =>
	Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((rule) => [`nelson${rule}`, flagged(answer, chart, rule)]));

/** qcc starts rules 5 and 6 with full windows. */
const QCC = { startup: 'full-window' };

const expectClose = (answers: readonly (number | null)[], { value, tol }: { value: number[]; tol: number }) => {
	expect(answers).toHaveLength(value.length);
	answers.forEach((answer, i) =>
		expect(Math.abs((answer ?? NaN) - value[i]!), `at ${i}: ${answer}, published ${value[i]}`).toBeLessThanOrEqual(tol),
	);
};
const columnOf = (truth: Truth, name: string) => truth.published[name] as unknown as { value: number[]; tol: number };

describe('charts of subgroups', () => {
	example('montgomery_pistonrings_xbar_r', 'limits of phase I and flags of qcc through phase II', (truth) => {
		const { groups, phase1 } = truth.data as { groups: number[][]; phase1: number };
		const document = {
			chart: 'xbar-r',
			subgroups: groups,
			baseline: { points: phase1 },
			rules: 'nelson',
			options: QCC,
		};
		const answer = analyze(document);
		const { xbar, r } = answer.charts;
		expectPublished(truth, {
			xbarbar: answer.estimates.mean,
			sigma: answer.estimates.sigma,
			lcl: xbar!.lcl[0],
			ucl: xbar!.ucl[39],
			rbar: answer.estimates.meanRange,
			r_lcl: r!.lcl[0],
			r_ucl: r!.ucl[0],
		});
		expect(nelsonFlags(answer, 'xbar')).toEqual(listed(truth['qcc_flags']));
		expect(flagged(answer, 'xbar')).toEqual(truth.published_flags!['1']);
	});

	example('qcc_pistonrings_xbar_s', 'limits, from values and from summaries', (truth) => {
		const { groups, phase1 } = truth.data as { groups: number[][]; phase1: number };
		const check = (answer: Answer) =>
			expectPublished(truth, {
				sbar: answer.estimates.meanSd,
				sigma: answer.estimates.sigma,
				s_lcl: answer.charts.s!.lcl[0],
				s_ucl: answer.charts.s!.ucl[0],
			});
		check(analyze({ chart: 'xbar-s', subgroups: groups, baseline: { points: phase1 } }));
		const mean = groups.map((g) => g.reduce((a, b) => a + b) / g.length);
		const sd = groups.map((g, i) => Math.sqrt(g.reduce((sum, v) => sum + (v - mean[i]!) ** 2, 0) / (g.length - 1)));
		check(analyze({ chart: 'xbar-s', summaries: { mean, sd, size: 5 }, baseline: { points: phase1 } }));
	});
});

describe('charts with memory', () => {
	const ewmaOptions = ({ lam, L, target, sigma, asymptotic }: Record<string, unknown>) => ({
		...{ lambda: lam, limitsSigma: L, target, sigma, asymptotic },
	});
	example('nist_6324_ewma', 'series, limits, no signal', (truth) => {
		const options = ewmaOptions(truth['params'] as Record<string, unknown>);
		const answer = analyze({ chart: 'ewma', values: truth.data['values'], options });
		expectClose(answer.charts.ewma!.statistic, columnOf(truth, 'ewma'));
		expectPublished(truth, { ucl_last: answer.charts.ewma!.ucl.at(-1), lcl_last: answer.charts.ewma!.lcl.at(-1) });
		expect(flagged(answer, 'ewma')).toEqual(truth['published_out']);
	});
	example('montgomery_91_ewma', 'series, exact limits and signals', (truth) => {
		const options = ewmaOptions(truth['params'] as Record<string, unknown>);
		const answer = analyze({ chart: 'ewma', values: truth.data['values'], options });
		expectClose(answer.charts.ewma!.statistic, columnOf(truth, 'ewma'));
		expectClose(answer.charts.ewma!.ucl, columnOf(truth, 'ucl'));
		expectClose(answer.charts.ewma!.lcl, columnOf(truth, 'lcl'));
		expect(flagged(answer, 'ewma')).toEqual(truth['published_out']);
	});
	example('nist_6323_cusum', 'both sums and what is out', (truth) => {
		const options = { sigma: 1, ...(truth['params'] as object) };
		const answer = analyze({ chart: 'cusum', values: truth.data['values'], options });
		expectClose(answer.charts.cusum!.plus, columnOf(truth, 'plus'));
		expectClose(answer.charts.cusum!.minus, columnOf(truth, 'minus'));
		expect(answer.charts.cusum!.out.map((i) => i + 1)).toEqual(truth['published_out']);
		expect(answer.charts.cusum!.h).toBe(4.1959);
		// The sum has grown since observation 13, which is where the shift is.
		expect(answer.signals[0]).toEqual({ chart: 'cusum', index: 13, rule: 1, side: 'above', span: [12, 13] });
	});
});

describe('charts of counts', () => {
	example('montgomery_orangejuice_p', 'limits and flags of qcc in phase I', (truth) => {
		const { d, n, phase1 } = truth.data as { d: number[]; n: number[]; phase1: number };
		const first = (values: number[]) => values.slice(0, phase1);
		const answer = analyze({ chart: 'p', counts: first(d), sizes: first(n), rules: 'nelson', options: QCC });
		const { centre, sigma, ucl, lcl } = answer.charts.p!;
		expectPublished(truth, { center: centre[0], sd: sigma[0], ucl: ucl[0], lcl: lcl[0] });
		expect(nelsonFlags(answer, 'p')).toEqual(listed(truth['qcc_flags']));
		expect(flagged(answer, 'p')).toEqual(truth.published_flags!['1']);
	});

	const revisedOf = (truth: Truth) => truth['revised'] as { exclude: number[] } & Truth['published'];
	example('montgomery_orangejuice_p', 'revised limits and flags of qcc once two points are excluded', (truth) => {
		const { d, n, phase1 } = truth.data as { d: number[]; n: number[]; phase1: number };
		const revised = revisedOf(truth);
		const baseline = { points: phase1, exclude: revised.exclude.map((i) => i - 1) };
		const answer = analyze({ chart: 'p', counts: d, sizes: n, baseline, rules: 'nelson', options: QCC });
		const { centre, ucl, lcl } = answer.charts.p!;
		const published = { ...truth, published: revised } as Truth;
		expectPublished(published, { center: centre[0], ucl: ucl[0], lcl: lcl[0] });
		// qcc drops what is excluded and counts on without it.
		const number = (i: number) => i - revised.exclude.filter((e) => e < i).length;
		const renumbered = Object.entries(nelsonFlags(answer, 'p')).map(([rule, at]) => [rule, at.map(number)]);
		expect(Object.fromEntries(renumbered)).toEqual(listed(truth['qcc_flags_revised']));
	});

	example('montgomery_orangejuice_p', 'the same two points leave when limits are to be revised', (truth) => {
		const { d, n, phase1 } = truth.data as { d: number[]; n: number[]; phase1: number };
		const answer = analyze({ chart: 'p', counts: d, sizes: n, baseline: { points: phase1, revise: true } });
		// Montgomery keeps sample 21, beyond the limits of the second pass, because no cause was found for it.
		expect(answer.excluded).toEqual([
			{ index: 14, chart: 'p', pass: 1 },
			{ index: 20, chart: 'p', pass: 2 },
			{ index: 22, chart: 'p', pass: 1 },
		]);
		expect(flagged(answer, 'p')).toEqual(expect.arrayContaining([15, 21, 23]));
	});

	example('qcc_orangejuice_np', 'limits and points beyond them', (truth) => {
		const answer = analyze({ chart: 'np', counts: truth.data['d'], sizes: 50 });
		const { centre, sigma, ucl, lcl } = answer.charts.np!;
		expectPublished(truth, { center: centre[0], sigma: sigma[0], ucl: ucl[0], lcl: lcl[0] });
		expect(flagged(answer, 'np')).toEqual(truth.published_flags!['1']);
	});

	example('nist_6331_c', 'limits, and a count on the limit is inside', (truth) => {
		const answer = analyze({ chart: 'c', counts: truth.data['counts'] });
		const { centre, ucl, lcl } = answer.charts.c!;
		expectPublished(truth, { center: centre[0], ucl: ucl[0], lcl: lcl[0] });
		expect(flagged(answer, 'c')).toEqual(truth.published_flags!['1']);
	});

	example('wheeler_uspc276_u', 'limits that vary with the sample size', (truth) => {
		const answer = analyze({ chart: 'u', counts: truth.data['c'], sizes: truth.data['n'] });
		expectPublished(truth, { center: answer.charts.u!.centre[0] });
		expectClose(answer.charts.u!.ucl, columnOf(truth, 'ucl'));
		expectClose(answer.charts.u!.lcl, columnOf(truth, 'lcl'));
		expect(flagged(answer, 'u')).toEqual(truth.published_flags!['1']);
	});

	example('powerbi_pprime', 'limits of Laney with screened moving ranges', (truth) => {
		const options = { screenMovingRanges: true };
		const answer = analyze({ chart: 'p-prime', counts: truth.data['d'], sizes: truth.data['n'], options });
		expectClose(answer.charts['p-prime']!.ucl, columnOf(truth, 'ucl'));
		expectClose(answer.charts['p-prime']!.lcl, columnOf(truth, 'lcl'));
	});

	example('powerbi_g', 'limits of cases between events', (truth) => {
		const { charts } = analyze({ chart: 'g', values: truth.data['g'] });
		expectPublished(truth, { ucl: charts.g!.ucl[0], lcl: charts.g!.lcl[0] });
	});
});
