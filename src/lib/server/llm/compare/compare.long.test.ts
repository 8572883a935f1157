import { describe, expect, it } from 'vitest';
import { coverage } from '../testing/providers.ts';

describe('the interval of a paired difference, in a thousand runs', () => {
	it.each([
		[30, 80, 300],
		[60, 0, 300],
		[100, 180, 600],
		[400, 20, 100],
	])(
		'of %i slots, %i ms, %i ms of shared noise has the truth in 93 to 97 of 100, and beats the unpaired one',
		(...given) => {
			const [slots, difference, shared] = given;
			const found = coverage({ runs: 1000, slots, difference, shared });
			expect(found.paired).toBeGreaterThanOrEqual(0.93);
			expect(found.paired).toBeLessThanOrEqual(0.97);
			expect(found.pairedWidth).toBeLessThan(found.unpairedWidth);
		},
	);
});
