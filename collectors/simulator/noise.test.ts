import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlledNoise, gaussianNoise, sluggishNoise, uniform, whiteNoise, type Noise } from './noise.ts';

function sample(noise: Noise, count = 20_000) {
	const x = Array.from({ length: count }, (_, i) => noise(i));
	const mean = x.reduce((a, b) => a + b) / count;
	const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / count;
	const covariance = x.slice(1).reduce((sum, v, i) => sum + (v - mean) * ((x[i] ?? 0) - mean), 0) / count;
	return { mean, deviation: Math.sqrt(variance), lag1: covariance / variance, max: Math.max(...x.map(Math.abs)) };
}

describe('the noise', () => {
	it('is the same for the same seed, stream and index, in whatever order it is asked', () =>
		fc.assert(
			fc.property(fc.nat(), fc.nat(500), fc.nat(1e9), (seed, stream, index) => {
				const [a, b] = [sluggishNoise(whiteNoise(seed, stream), 0.5), sluggishNoise(whiteNoise(seed, stream), 0.5)];
				b(index + 1);
				expect(a(index)).toBe(b(index));
			}),
		));

	it('differs between seeds, streams and indexes', () => {
		const values = [uniform(1, 2, 3), uniform(2, 2, 3), uniform(1, 3, 3), uniform(1, 2, 4), uniform(3, 2, 1)];
		expect(new Set(values).size).toBe(values.length);
	});

	const white = whiteNoise(1, 5);
	const f = (noise: Noise, lag1: number) => {
		const found = sample(noise);
		expect(Math.abs(found.mean)).toBeLessThan(0.05);
		expect(Math.abs(found.deviation - 1)).toBeLessThan(0.05);
		expect(Math.abs(found.lag1 - lag1)).toBeLessThan(0.05);
	};
	it('that is white has mean 0, deviation 1 and no memory', () => f(white, 0));
	it('that is Gaussian has mean 0, deviation 1 and no memory', () => f(gaussianNoise(1, 5), 0));
	it('that is Gaussian has tails: about one of 370 is beyond three', () => {
		const beyond = Array.from({ length: 100_000 }, (_, i) => gaussianNoise(1, 5)(i)).filter(
			(x) => Math.abs(x) > 3,
		).length;
		expect(beyond).toBeGreaterThan(200);
		expect(beyond).toBeLessThan(340);
	});
	it('that is controlled takes turns', () => f(controlledNoise(white, 0.5), -0.4));
	it('that is sluggish remembers', () => f(sluggishNoise(white, 0.7), 0.7));
	it('that is controlled is bounded', () => expect(sample(controlledNoise(white, 0.5)).max).toBeLessThan(2.4));
});
