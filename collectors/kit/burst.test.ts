import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burstSchema, createBurstReader } from './burst.ts';

const bearing = { balls: 9, ball: 7.94, pitch: 39.04, rpm: 1797, envelope: [2000, 5500] };
const sine = Array.from({ length: 64 }, (_, i) => Math.sin((2 * Math.PI * i) / 16));

describe('a burst in the configuration', () => {
	const f = (options: object, fault: RegExp) =>
		expect(JSON.stringify(burstSchema.safeParse({ rate: 12_000, ...options }).error?.issues)).toMatch(fault);
	it('has no band beyond half of its rate', () => f({ bands: { high: [5000, 7000] } }, /beyond half of .*\(6000 Hz\)/));
	it('has no envelope there either', () => f({ bearing: { ...bearing, envelope: [1, 6001] } }, /beyond half/));
	it('has bands that begin before they end', () => f({ bands: { low: [10, 10] } }, /lower frequency first/));
	it('has balls that fit between the rings', () => f({ bearing: { ...bearing, ball: 40 } }, /smaller than the pitch/));
	it('asks for something', () => f({ features: [] }, /names nothing to know/));
	it('is shape, bands and bearing', () =>
		expect(createBurstReader(burstSchema.parse({ rate: 12_000, bands: { low: [10, 1000] }, bearing })).names).toEqual([
			...['rms', 'peak', 'crest', 'kurtosis', 'band-low', 'bpfo', 'bpfi', 'bsf', 'ftf'],
		]));
});

describe('what is read of it', () => {
	const reader = createBurstReader(burstSchema.parse({ rate: 1000, features: ['rms', 'crest'] }), 10);
	it('is scaled', () =>
		expect(reader.read(sine)).toEqual([expect.closeTo(10 * Math.SQRT1_2, 9), expect.closeTo(Math.SQRT2, 9)]));
	it('takes what a protocol has for an array', () => expect(reader.read(Float32Array.from(sine))).toHaveLength(2));
	it('has a unit but for what is a ratio', () => expect(reader.names.map(reader.hasUnit)).toEqual([true, false]));
	it.each([
		[5, /no array of numbers/],
		['text', /no array of numbers/],
		[undefined, /no array of numbers/],
		[[1, 2, 3], /3 samples are no burst/],
		[[...sine, null], /sample 64 of the burst is no number/],
		[[...sine, NaN], /sample 64 of the burst is no number/],
		[new Float64Array(131_073), /131073 samples; 131072 are allowed/],
	])('is not made of %s', (found, why) => expect(reader.read(found)).toMatch(why));
	it('is an answer or a cause, whatever stands there', () =>
		fc.assert(
			fc.property(fc.oneof(fc.anything(), fc.array(fc.double(), { minLength: 16, maxLength: 40 })), (found) => {
				const read = reader.read(found);
				expect(typeof read === 'string' || read.length === 2).toBe(true);
			}),
			{ numRuns: 10_000 },
		));
	it('of a flat line has no crest, which is no number and no crash', () =>
		expect(reader.read(Array<number>(64).fill(3))).toEqual([0, NaN]));
});
