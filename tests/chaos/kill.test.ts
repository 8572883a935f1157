import { describe, expect, it } from 'vitest';
import { runDrill } from './drill.ts';

describe('kill -9 of each process and of the whole tree under load', () => {
	it(
		'loses and doubles no acknowledged point, and judges as if nothing had happened',
		{ timeout: 240_000 },
		async () => {
			const result = await runDrill({ rounds: 4, seed: 1 });
			expect(result).toMatchObject({ lost: 0, doubled: 0, differences: [] });
			expect(result.violations).toBeGreaterThan(50);
		},
	);
});
