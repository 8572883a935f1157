import { describe, expect, it } from 'vitest';
import { createNormal, createRandom } from '../testing/random.ts';
import { analyze } from './analyze.ts';
import type { Answer } from './answer.ts';
import { DocumentError, type Fault } from './fault.ts';

const times = (count: number, value: number) => Array<number>(count).fill(value);
const noise = [0.2, -0.4, 0.9, -1.1, 0.3, -0.2, 1.2, -0.7, 0.1, -0.3, 0.8, -0.9, 0.4, -0.6, 0.5, 0.2, -1, 0.7, -0.1, 0];
const known = { centre: 0, sigma: 1 };
const told = (answer: Answer) => answer.signals.map(({ chart, rule, index }) => `${chart} ${rule} @ ${index}`);
const codes = (answer: Answer) => answer.advice.map((advice) => advice.code);

describe('charts of an analysis', () => {
	it('have columns as long as the values, with null where there is nothing', () => {
		const { charts } = analyze({ chart: 'i-mr', values: [1, 2, null, 4] });
		expect(charts['i']!.statistic).toEqual([1, 2, null, 4]);
		expect(charts['mr']!.statistic).toEqual([null, 1, null, null]);
		for (const chart of Object.values(charts))
			for (const column of Object.values(chart)) expect(column).toHaveLength(4);
	});
	it('draw the limits that the rules judge by', () => {
		const { charts, signals } = analyze({ values: [...noise, 20], rules: [1], options: { limitsSigma: 2.5 } });
		const { ucl, centre, sigma } = charts['i']!;
		expect(ucl[0]).toBe(centre[0]! + 2.5 * sigma[0]!);
		expect(signals.map((s) => s.index)).toContain(20);
	});
	it('without two neighbours have a centre and no limits', () => {
		const answer = analyze({ values: [5] });
		expect(answer.charts['i']).toEqual({ statistic: [5], centre: [5], sigma: [null], lcl: [null], ucl: [null] });
		expect(answer.estimates).toEqual({ mean: 5, sigma: null, movingRangeMean: null, sd: null });
		expect(codes(answer)).toEqual(['too-few-points']);
	});
});

describe('phases', () => {
	const values = [...noise, ...noise.map((v) => v + 10)];
	it('have limits of their own', () => {
		const { charts } = analyze({ values, phases: [0, 20] });
		expect(charts['i']!.centre[20]! - charts['i']!.centre[19]!).toBeCloseTo(10, 9);
		expect(charts['mr']!.statistic[20]).toBeNull();
	});
	it('need not name their first start', () =>
		expect(analyze({ values, phases: [20] })).toEqual(analyze({ values, phases: [0, 20] })));
	it('end every run', () =>
		expect(told(analyze({ values: times(16, 1), phases: [0, 8], baseline: known, rules: [2] }))).toEqual([]));
	it('are not reached across by a range', () =>
		expect(told(analyze({ values: [0, 0, 9, 9], phases: [2], baseline: known, rules: [3] }))).toEqual([]));
});

describe('the baseline', () => {
	const values = [...noise, 5, 5, 5];
	it('is the first points where asked', () =>
		expect(analyze({ values, baseline: { points: 20 } }).charts['i']!.centre[22]).toBeCloseTo(0, 9));
	it('is the whole phase else', () => expect(analyze({ values }).charts['i']!.centre[0]).toBeGreaterThan(0.5));
	it('leaves out what is excluded, which is not judged either and is stepped over', () => {
		const spoiled = [...noise.slice(0, 10), 99, ...noise.slice(10)];
		const { charts, signals, estimates } = analyze({ values: spoiled, baseline: { exclude: [10] } });
		expect(estimates).toEqual(analyze({ values: noise }).estimates);
		expect(charts['i']!.statistic[10]).toBe(99);
		expect(charts['mr']!.statistic[11]).toBeCloseTo(Math.abs(noise[10]! - noise[9]!), 12);
		expect(signals).toEqual([]);
	});
	it('may be known, for all or for each value', () => {
		expect(told(analyze({ values: [0, 4], baseline: known, rules: [1] }))).toEqual(['i 1 @ 1', 'mr 1 @ 1']);
		expect(told(analyze({ values: [0, 4], baseline: { centre: [0, 4], sigma: [1, 2] }, rules: [1] }))).toEqual([]);
	});
	it('with a known sigma expects ranges of 1.128 sigma', () =>
		expect(analyze({ values: noise, baseline: { sigma: 2 } }).charts['mr']!.centre[0]).toBe(2.256));
	it('gives exact limits of a constant signal, and advice', () => {
		const answer = analyze({ values: times(30, 0.1) });
		expect(answer.signals).toEqual([]);
		expect(codes(answer)).toEqual(['degenerate']);
	});
});

describe('signals', () => {
	it('carry side and span', () => {
		const { signals } = analyze({ values: times(10, -0.5), baseline: known, rules: [2] });
		expect(signals).toEqual([
			{ chart: 'i', index: 8, rule: 2, side: 'below', span: [0, 8] },
			{ chart: 'i', index: 9, rule: 2, side: 'below', span: [1, 9] },
		]);
	});
	it('span missing values where these are skipped', () => {
		const values = [...times(4, 1), null, ...times(5, 1)];
		const { signals } = analyze({ values, baseline: known, rules: [2], options: { missing: 'skip' } });
		expect(signals.map((s) => s.span)).toEqual([[0, 9]]);
	});
	it('come from rules 1, 2, 5 and 6 by default, and rule 1 on ranges', () => {
		const values = [...times(3, 0), 9, ...times(14, 0.1)];
		const rules = new Set(analyze({ values, baseline: known }).signals.map((s) => `${s.chart}${s.rule}`));
		expect([...rules].sort()).toEqual(['i1', 'i2', 'mr1']);
	});
	it('"nelson" is all eight, "none" is none', () => {
		const values = times(16, 0.1);
		expect(told(analyze({ values, baseline: known, rules: 'nelson' }))).toContain('i 7 @ 14');
		expect(analyze({ values: [0, 99], baseline: known, rules: 'none' }).signals).toEqual([]);
		expect(analyze({ values: [0, 99], baseline: known, rules: [] }).signals).toEqual([]);
	});
});

describe('advice', () => {
	it('is silent about a clean baseline', () =>
		expect(codes(analyze({ values: noise }))).not.toContain('unstable-baseline'));
	it('names autocorrelation', () =>
		expect(codes(analyze({ values: Array.from({ length: 60 }, (_, i) => Math.sin(i / 6)) }))).toContain(
			'autocorrelated',
		));
	it('names points beyond the limits that they made', () =>
		expect(codes(analyze({ values: [...noise, 30, ...noise] }))).toContain('unstable-baseline'));
	it('names a short baseline', () => expect(codes(analyze({ values: [1, 2, 3, 2] }))).toContain('too-few-points'));
	it('does not question limits that are given', () =>
		expect(codes(analyze({ values: [0, 1], baseline: known }))).toEqual([]));
});

describe('a document that is wrong', () => {
	const faultsOf = (document: unknown): readonly Fault[] => {
		try {
			analyze(document);
		} catch (error) {
			if (error instanceof DocumentError) return error.faults;
			throw error;
		}
		return [];
	};
	const f = (document: unknown, path: string, message: string) =>
		expect(faultsOf(document)).toContainEqual({ path, message: expect.stringContaining(message) as string });
	const values = [1, 2, 3];

	it('is not an object', () => f([1], '$', 'must be an object, not a list'));
	it('is nothing', () => f(undefined, '$', 'must be an object'));
	it('has no values', () => f({}, '$.values', 'is missing'));
	it('has empty values', () => f({ values: [] }, '$.values', 'is empty'));
	it('has a text among the values', () => f({ values: [1, '2'] }, '$.values[1]', 'must be a number or null, not "2"'));
	it('has an infinite value', () => f({ values: [1, Infinity] }, '$.values[1]', 'must be a number'));
	it('has a field that we do not know', () => f({ values, vaules: [] }, '$.vaules', 'is unknown; known are chart'));
	it('has an option that we do not know', () => f({ values, options: { d3: 1 } }, '$.options.d3', 'is unknown'));
	it('asks for a chart that is none', () => f({ values, chart: 'pie' }, '$.chart', 'must be i-mr or xbar-r'));
	it('has columns of another chart', () => f({ values, counts: [1] }, '$.counts', 'is not for this chart'));
	it('has phases out of order', () => f({ values, phases: [0, 2, 1] }, '$.phases[2]', 'must be over 2, not 1'));
	it('has a phase after the end', () => f({ values, phases: [3] }, '$.phases[0]', 'below 3'));
	it('excludes what is not there', () =>
		f({ values, baseline: { exclude: [-1] } }, '$.baseline.exclude[0]', 'at least 0'));
	it('has a negative sigma', () => f({ values, baseline: { sigma: [1, -1, 1] } }, '$.baseline.sigma[1]', 'at least 0'));
	it('has a centre for other values', () =>
		f({ values, baseline: { centre: [1] } }, '$.baseline.centre', '1 entries for 3'));
	it('has a rule that is none', () => f({ values, rules: [9] }, '$.rules[0]', 'not 9'));
	it('has a rule set that is none', () => f({ values, rules: 'toString' }, '$.rules', 'use a list of'));
	it('has an option with a wrong value', () =>
		f({ values, options: { d2: 1 } }, '$.options.d2', 'table or exact, not 1'));
	it('has limits of no width', () => f({ values, options: { limitsSigma: 0 } }, '$.options.limitsSigma', 'over 0'));
	it('says everything at once, but not without end', () => {
		expect(faultsOf({ values: ['a'], rules: 7, options: 1 })).toHaveLength(3);
		expect(faultsOf({ values: Array(1000).fill('a') })).toHaveLength(20);
	});
});

describe('what a plain chart of measured values has to say of them', () => {
	const random = createRandom(3);
	const normal = createNormal(4);
	const of = (count: number, draw: (i: number) => number) => Array.from({ length: count }, (_, i) => draw(i));
	const f = (values: number[], code: string, options = {}) =>
		expect(codes(analyze({ values, options }))).toContain(code);
	it('that they are skewed', () =>
		f(
			of(300, () => -Math.log(1 - random())),
			'skewed',
		));
	it('that they are coarser than they vary', () =>
		f(
			of(300, () => Math.round(0.6 * normal())),
			'discrete',
		));
	it('that a day repeats, where the time between them is known', () => {
		const values = of(288, (i) => 3 * Math.sin((2 * Math.PI * i) / 48) + normal());
		f(values, 'seasonal', { intervalMs: 1_800_000 });
		expect(codes(analyze({ values }))).not.toContain('seasonal');
	});
	it('nothing of normal ones', () => {
		for (let i = 0; i < 20; i++)
			expect(codes(analyze({ values: of(300, normal), options: { intervalMs: 1_800_000 } }))).not.toEqual(
				expect.arrayContaining([expect.stringMatching(/skewed|discrete|seasonal/)]),
			);
	});
});
