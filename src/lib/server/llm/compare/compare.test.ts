import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverage } from '../testing/providers.ts';
import { differenceInterval, medianInterval, medianOf, seeded } from './bootstrap.ts';
import { describe as describeValues, histogramOf, sharedBins } from './describe.ts';
import { shortNames } from './compare.ts';
import { pairedDifferences, slotOf } from './paired.ts';
import { changeSentence, pairSentence } from './sentence.ts';

const MINUTE = 60_000_000;
const draw = () => ({ confidence: 0.95, random: seeded(1) });

describe('the interval of a difference', () => {
	it('has the truth in it as often as it says, and is shorter for pairs', () => {
		const found = coverage({ runs: 150, slots: 60, difference: 80, shared: 300 });
		expect(found.paired).toBeGreaterThan(0.9);
		expect(found.paired).toBeLessThanOrEqual(1);
		expect(found.pairedWidth).toBeLessThan(found.unpairedWidth / 1.5);
	});
	it('is the same for the same values', () => {
		const values = Array.from({ length: 30 }, (_, i) => (i * 37) % 11);
		expect(medianInterval(values, draw())).toEqual(medianInterval(values, draw()));
	});
	it('has the median in it', () =>
		fc.assert(
			fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 8, maxLength: 60 }), (values) => {
				const { low, median, high } = medianInterval(values, draw());
				expect(low <= median && median <= high).toBe(true);
				expect(median).toBe(medianOf(values));
			}),
			{ numRuns: 30 },
		));
	it('of what never moves is that', () =>
		expect(medianInterval(Array<number>(20).fill(5), draw())).toEqual({ median: 5, low: 5, high: 5 }));
	it('is wider where neighbours go together', () => {
		const random = seeded(3);
		const alone = Array.from({ length: 200 }, () => random() - 0.5);
		let last = 0;
		const together = alone.map((v) => (last = 0.9 * last + v * Math.sqrt(1 - 0.81)));
		const width = (values: readonly number[]) => {
			const { low, high } = medianInterval(values, draw());
			return high - low;
		};
		expect(width(together)).toBeGreaterThan(1.5 * width(alone));
	});
	it('of two stretches is after less before', () => {
		const { median, low, high } = differenceInterval(
			[1, 2, 3, 4, 5, 6, 7, 8],
			[11, 12, 13, 14, 15, 16, 17, 18],
			draw(),
		);
		expect([median, low > 0, high < 20]).toEqual([10, true, true]);
	});
});

describe('pairs', () => {
	const series = (...entries: readonly (readonly [number, number])[]) => ({
		tMicros: entries.map(([slot]) => Math.round(slot * MINUTE)),
		v: entries.map(([, v]) => v),
	});
	const f = (a: ReturnType<typeof series>, b: ReturnType<typeof series>, expected: number[]) =>
		expect(pairedDifferences(a, b, MINUTE)).toEqual(expected);
	it('are of the same slot, in whatever order', () =>
		f(series([0.9, 10], [1.1, 20]), series([0.1, 15], [1.9, 22]), [5, 2]));
	it('need both', () => f(series([0, 10], [1, 20]), series([1.5, 25], [2, 9]), [5]));
	it('are of medians where there are several', () => f(series([0, 1], [0.1, 2], [0.2, 90]), series([0.5, 12]), [10]));
	it('have slots as long as the rarer of them needs', () => {
		const often = series(...Array.from({ length: 50 }, (_, i) => [i / 10, 1] as const));
		const rare = series(...Array.from({ length: 50 }, (_, i) => [i * 15 + (i % 2) / 100, 1] as const));
		expect([slotOf([often, often]), slotOf([often, rare])]).toEqual([MINUTE, 15 * MINUTE]);
	});
});

describe('a set of values', () => {
	const sorted = Float64Array.from({ length: 101 }, (_, i) => i);
	it('has percentiles as R and NumPy have them', () =>
		expect(describeValues(sorted, 0).percentiles).toEqual({
			...{ '0.05': 5, '0.25': 25, '0.5': 50, '0.75': 75, '0.9': 90, '0.95': 95, '0.99': 99 },
		}));
	it('has no percentile among those that ran into a deadline, and no mean', () => {
		const { percentiles, mean, max } = describeValues(sorted.subarray(0, 90), 11);
		expect([percentiles['0.75'], percentiles['0.9'], percentiles['0.95'], mean, max]).toEqual([
			75,
			null,
			null,
			null,
			null,
		]);
	});
	it('of nothing says nothing', () =>
		expect(describeValues(new Float64Array(), 0)).toMatchObject({ n: 0, mean: null, min: null, box: null }));
	it('has a box whose whiskers end at values', () => {
		const values = Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 100]);
		expect(describeValues(values, 0).box).toMatchObject({ low: 1, high: 9, beyond: 1, median: 5.5 });
	});
	it('is counted whole in bins that all share', () => {
		const sets = [sorted, Float64Array.from([50, 60, 1e9])];
		const bins = sharedBins(sets);
		expect(bins).toHaveLength(41);
		for (const set of sets) expect(histogramOf(set, bins).reduce((sum, n) => sum + n, 0)).toBe(set.length);
	});
});

describe('in words', () => {
	const f = (name: string, unit: string, [median, low, high]: [number, number, number], expected: string) =>
		expect(pairSentence(name, { a: 'A', b: 'B', unit, n: 412, interval: { median, low, high } })).toBe(expected);
	it('slower', () =>
		f(
			'ttft_ms',
			'ms',
			[180, 140, 230],
			"B's first token is 180 ms slower than A's: 95 % confidence 140 to 230 ms, 412 slots.",
		));
	it('faster', () =>
		f(
			'total_ms',
			'ms',
			[-1180, -1300, -1000],
			"B's whole answer is 1180 ms faster than A's: 95 % confidence 1000 to 1300 ms, 412 slots.",
		));
	it('more tokens a second are faster', () =>
		f(
			'output_tps',
			'tokens/s',
			[5, 4, 6],
			"B's output is 5 tokens/s faster than A's: 95 % confidence 4 to 6 tokens/s, 412 slots.",
		));
	it('not to be told', () =>
		f(
			'ttft_ms',
			'ms',
			[3, -10, 16],
			'No difference between the first token of B and A can be told: 95 % confidence -10 to 16 ms, 412 slots.',
		));
	it('since a version', () =>
		expect(changeSentence('ttft_ms', { what: 'gpt-5', unit: 'ms', interval: { median: 50, low: 40, high: 60 } })).toBe(
			'Since gpt-5 the first token is 50 ms slower: 95 % confidence 40 to 60 ms.',
		));
	it('targets of one model are told by what they differ in', () =>
		expect(
			shortNames([
				{ key: 'openai/gpt-4o/ttft_ms', labels: { source: 'probe', region: 'eu' } },
				{ key: 'openai/gpt-4o/ttft_ms', labels: { source: 'probe', region: 'us' } },
				{ key: 'anthropic/claude/ttft_ms', labels: { source: 'probe' } },
			]),
		).toEqual(['openai/gpt-4o eu', 'openai/gpt-4o us', 'anthropic/claude']));
});
