import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlatedNoise, uniform, whiteNoise, type Noise } from './noise.ts';

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
				const [a, b] = [correlatedNoise(whiteNoise(seed, stream), 0.5), correlatedNoise(whiteNoise(seed, stream), 0.5)];
				b(index + 1);
				expect(a(index)).toBe(b(index));
			}),
		));

	it('differs between seeds, streams and indexes', () => {
		const values = [uniform(1, 2, 3), uniform(2, 2, 3), uniform(1, 3, 3), uniform(1, 2, 4), uniform(3, 2, 1)];
		expect(new Set(values).size).toBe(values.length);
	});

	for (const phi of [0, 0.7, -0.6])
		it(`with phi ${phi} has mean 0, deviation 1 and that correlation`, () => {
			const { mean, deviation, lag1 } = sample(correlatedNoise(whiteNoise(1, 5), phi));
			expect(Math.abs(mean)).toBeLessThan(0.05);
			expect(Math.abs(deviation - 1)).toBeLessThan(0.05);
			expect(Math.abs(lag1 - phi)).toBeLessThan(0.05);
		});

	it('is bounded, as what it stands for', () => expect(sample(whiteNoise(1, 5)).max).toBeLessThanOrEqual(3));
});
