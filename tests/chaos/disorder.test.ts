import { describe, expect, it } from 'vitest';
import { runDisorder } from './disorder.ts';

describe('points in disorder, a tenth of them twice, a clock that steps by hours and a day, and a store that is down', () => {
	it('are taken, stored once each, and judged as if they had come in order', { timeout: 180_000 }, async () => {
		const { whileDown, straight, disturbed } = await runDisorder({ points: 2000, downMs: 3000, seed: 3 });
		expect(new Set(whileDown)).toEqual(new Set([202]));
		expect(disturbed).toEqual(straight);
		expect(straight.points).toHaveLength(2016);
		expect(straight.violations.length).toBeGreaterThan(20);
	});
});
