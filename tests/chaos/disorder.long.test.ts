import { describe, expect, it } from 'vitest';
import { runDisorder } from './disorder.ts';

describe('a store that is down for ten minutes, a clock that steps, points in disorder, a tenth of them twice', () => {
	it('loses and doubles none, and changes no verdict', async () => {
		const { whileDown, straight, disturbed } = await runDisorder({ points: 100_000, downMs: 600_000, seed: 5 });
		expect(new Set(whileDown)).toEqual(new Set([202]));
		// Nothing comes for ten minutes: that it is missed is right, and said once.
		const isMissed = (violation: string) => violation.includes('"rule":"no-data"');
		expect(disturbed.violations.filter(isMissed)).toHaveLength(1);
		expect({ ...disturbed, violations: disturbed.violations.filter((one) => !isMissed(one)) }).toEqual(straight);
	});
});
