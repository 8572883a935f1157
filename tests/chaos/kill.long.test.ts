import { describe, expect, it } from 'vitest';
import { runDrill } from './drill.ts';

describe('twenty rounds of kill -9', () => {
	it('lose and double no acknowledged point, and judge as if nothing had happened', async () => {
		const result = await runDrill({ rounds: 20, seed: 20 });
		process.stdout.write(`${JSON.stringify(result)}\n`);
		expect(result).toMatchObject({ lost: 0, doubled: 0, differences: [] });
	});
});
