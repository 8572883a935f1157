import { describe, expect, it } from 'vitest';
import { createExclusive } from './exclusive.ts';

describe('exclusive work', () => {
	it('runs one at a time, in the order asked', async () => {
		const exclusive = createExclusive();
		const steps: string[] = [];
		const work = (name: string) => async () => {
			steps.push(`${name} begins`);
			await Promise.resolve();
			steps.push(`${name} ends`);
			return name;
		};
		expect(await Promise.all([exclusive(work('a')), exclusive(work('b'))])).toEqual(['a', 'b']);
		expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
	});
	it('that fails is its caller’s, and stops nobody else', async () => {
		const exclusive = createExclusive();
		const failed = exclusive(() => Promise.reject(new Error('no')));
		const next = exclusive(() => Promise.resolve(1));
		await expect(failed).rejects.toThrow('no');
		expect(await next).toBe(1);
	});
});
