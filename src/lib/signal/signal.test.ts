import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandRms } from './bands.ts';
import { bearingFrequencies } from './bearing.ts';
import { amplitudeNear, envelopeOf } from './envelope.ts';
import { featureNames, featuresOf, type FeaturePlan } from './features.ts';
import { shapeOf, withoutMean } from './shape.ts';
import { complexOf, inverse, transform } from './spectrum.ts';

const samplesOf = (n: number, at: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => at(i));
const sine = (n: number, cycles: number, amplitude = 1) =>
	samplesOf(n, (i) => amplitude * Math.sin((2 * Math.PI * cycles * i) / n + 0.3));
const burst = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 97 });
const close = (got: ArrayLike<number>, want: ArrayLike<number>, within: number) => {
	expect(got.length).toBe(want.length);
	for (let i = 0; i < want.length; i++) expect(Math.abs(got[i]! - want[i]!)).toBeLessThanOrEqual(within);
};
/** The definition, term by term. */
function slowly(signal: Float64Array): Float64Array {
	const n = signal.length / 2;
	const out = new Float64Array(2 * n);
	for (let k = 0; k < n; k++)
		for (let j = 0; j < n; j++) {
			const angle = (-2 * Math.PI * ((j * k) % n)) / n;
			const [re, im] = [Math.cos(angle), Math.sin(angle)];
			out[2 * k]! += signal[2 * j]! * re - signal[2 * j + 1]! * im;
			out[2 * k + 1]! += signal[2 * j]! * im + signal[2 * j + 1]! * re;
		}
	return out;
}

describe('a spectrum', () => {
	it('is the sum that defines it, of any length', () =>
		fc.assert(
			fc.property(burst, (v) => {
				const x = complexOf(Float64Array.from(v));
				close(transform(x), slowly(x), 1e-8 * 1e3 * v.length);
			}),
			{ numRuns: 100 },
		));
	it('leads back to its samples', () =>
		fc.assert(
			fc.property(burst, (v) => {
				const x = complexOf(Float64Array.from(v));
				close(inverse(transform(x)), x, 1e-8);
			}),
			{ numRuns: 100 },
		));
	it('of a long odd length is as exact as of a short one', () => {
		const n = 100_003;
		const at = transform(complexOf(sine(n, 1000)));
		expect(Math.hypot(at[2000]!, at[2001]!) / n).toBeCloseTo(0.5, 9);
		expect(Math.hypot(at[2002]!, at[2003]!) / n).toBeLessThan(1e-9);
	});
});

describe('the shape of a burst', () => {
	const f = (samples: Float64Array, want: object) => {
		for (const [name, v] of Object.entries(want)) expect(shapeOf(samples)[name as 'rms']).toBeCloseTo(v as number, 9);
	};
	it('of a sine is known', () => f(sine(4096, 64, 5), { rms: 5 / Math.SQRT2, kurtosis: 1.5 }));
	it('of a square wave is that of its two values', () =>
		f(
			samplesOf(100, (i) => (i % 2 ? 3 : -3)),
			{ rms: 3, peak: 3, crest: 1, kurtosis: 1 },
		));
	it('of one impact among n samples is what n says', () => {
		// Of a single one among n: variance (n - 1) / n^2, fourth moment (n - 1)((n - 1)^3 + 1) / n^5.
		const n = 50;
		f(
			samplesOf(n, (i) => (i === 7 ? 1 : 0)),
			{
				...{ rms: Math.sqrt(n - 1) / n, peak: (n - 1) / n, crest: Math.sqrt(n - 1) },
				kurtosis: ((n - 1) ** 3 + 1) / (n * (n - 1)),
			},
		);
	});
	it('has no offset of the sensor in it, and grows with the signal', () =>
		fc.assert(
			fc.property(
				burst,
				fc.double({ min: 0.01, max: 100, noNaN: true }),
				fc.integer({ min: -50, max: 50 }),
				(v, by, offset) => {
					const one = shapeOf(Float64Array.from(v));
					fc.pre(one.rms > 1e-3);
					const other = shapeOf(Float64Array.from(v, (x) => x * by + offset));
					close([other.rms, other.peak], [one.rms * by, one.peak * by], 1e-7 * (1 + one.peak * by));
					close([other.crest, other.kurtosis], [one.crest, one.kurtosis], 1e-4 * one.kurtosis);
				},
			),
			{ numRuns: 100 },
		));
	it('is none where all samples are equal', () =>
		expect(shapeOf(samplesOf(20, () => 0.1))).toEqual({
			rms: expect.closeTo(0, 9),
			peak: expect.closeTo(0, 9),
			crest: NaN,
			kurtosis: NaN,
		}));
});

describe('a band', () => {
	it('has what lies in it, whole', () =>
		expect(bandRms(transform(complexOf(sine(1000, 50, 2))), 1000, [49, 51])).toBeCloseTo(Math.SQRT2, 9));
	it('has its lower bound and not its upper one', () => {
		const spectrum = transform(complexOf(sine(1000, 50, 2)));
		expect(bandRms(spectrum, 1000, [40, 50])).toBeCloseTo(0, 9);
	});
	it('and all others together have the power of the samples (Parseval)', () =>
		fc.assert(
			fc.property(burst, fc.integer({ min: 1, max: 499 }), (v, split) => {
				const samples = withoutMean(Float64Array.from(v));
				const spectrum = transform(complexOf(samples));
				const parts = [bandRms(spectrum, 1000, [0, split]), bandRms(spectrum, 1000, [split, 501])];
				const together = Math.hypot(...parts);
				expect(Math.abs(together - shapeOf(samples).rms)).toBeLessThanOrEqual(1e-6);
			}),
			{ numRuns: 100 },
		));
});

describe('the frequencies of a bearing', () => {
	// SKF 6205-2RS JEM, as the Case Western Reserve University Bearing Data Center prints them in multiples of the shaft's speed.
	const skf6205 = { balls: 9, ball: 0.3126, pitch: 1.537, angle: 0 };
	it('are those of the published table', () => {
		const { bpfo, bpfi, bsf, ftf } = bearingFrequencies(skf6205, 1);
		// The table counts both times that a ball's damage meets a ring.
		close([bpfi, bpfo, ftf, 2 * bsf], [5.4152, 3.5848, 0.39828, 4.7135], 2e-4);
	});
	it('of both rings are together those of all balls', () => {
		const { bpfo, bpfi } = bearingFrequencies({ ...skf6205, angle: 17 }, 30);
		expect(bpfo + bpfi).toBeCloseTo(9 * 30, 9);
	});
});

describe('an envelope', () => {
	const rateHz = 12_000;
	const n = 12_000;
	/** A tone of 3 kHz that swings by half of its strength. */
	const swinging = (hz: number, amplitude = 2) =>
		samplesOf(n, (i) => {
			const t = i / rateHz;
			return amplitude * (1 + 0.5 * Math.cos(2 * Math.PI * hz * t)) * Math.cos(2 * Math.PI * 3000 * t);
		});
	const envelope = (samples: Float64Array) => envelopeOf(transform(complexOf(samples)), rateHz, [2000, 5500]);
	it('of a tone that swings is the swing', () => {
		const got = envelope(swinging(107));
		close(
			got,
			samplesOf(n, (i) => 2 * (1 + 0.5 * Math.cos((2 * Math.PI * 107 * i) / rateHz))),
			1e-6,
		);
	});
	it('has the amplitude of the swing at its frequency, also between two bins and a percent off', () => {
		for (const hz of [107, 107.36, 106.5])
			expect(amplitudeNear(envelope(swinging(hz)), rateHz, { hz: 107, tolerance: 0.01 })).toBeCloseTo(1, 1.7);
	});
	it('has nothing where nothing swings', () =>
		expect(amplitudeNear(envelope(swinging(107)), rateHz, { hz: 160, tolerance: 0.01 })).toBeLessThan(0.01));
	it('is no answer where the burst is too short, or the rate too low', () => {
		const few = samplesOf(100, (i) => i % 7);
		expect(amplitudeNear(few, 1000, { hz: 15, tolerance: 0.01 })).toBe(NaN);
		expect(amplitudeNear(few, 1000, { hz: 600, tolerance: 0.01 })).toBe(NaN);
	});
});

describe('features of a burst', () => {
	const bearing = { balls: 9, ball: 0.3126, pitch: 1.537, angle: 0, band: [2000, 5500] as const, tolerance: 0.02 };
	const plan: FeaturePlan = {
		...{ rateHz: 12_000, shapes: ['rms', 'kurtosis'], bearing },
		bands: { low: [10, 1000], high: [1000, 6000] },
	};
	const shaftHz = 29.95;
	/** Impacts that ring at 3.2 kHz, so often a second, over noise that is the same each time. */
	const damaged = (hz: number) => {
		let seed = 1;
		const noise = () => ((seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647 - 0.5) * 0.1;
		return samplesOf(16_384, (i) => {
			const t = i / 12_000;
			const since = t % (1 / hz);
			return noise() + Math.exp(-since * 900) * Math.sin(2 * Math.PI * 3200 * since);
		});
	};
	it('have the names that they are said to have', () =>
		expect([...featuresOf(damaged(107), plan, shaftHz).keys()]).toEqual(featureNames(plan)));
	it.each(['bpfo', 'bpfi', 'bsf'] as const)('find a damage by %s, and the others stay low', (which) => {
		const frequencies = bearingFrequencies(bearing, shaftHz);
		const features = featuresOf(damaged(frequencies[which] * 1.008), plan, shaftHz);
		const others = ['bpfo', 'bpfi', 'bsf'].filter((name) => name !== which).map((name) => features.get(name)!);
		expect(features.get(which)!).toBeGreaterThan(5 * Math.max(...others));
		expect(features.get('kurtosis')!).toBeGreaterThan(4);
	});
	it('of a bearing are none while the speed is not known', () =>
		expect([...featuresOf(damaged(107), plan, NaN)].filter(([, v]) => Number.isNaN(v)).map(([name]) => name)).toEqual([
			...['bpfo', 'bpfi', 'bsf', 'ftf'],
		]));
});
