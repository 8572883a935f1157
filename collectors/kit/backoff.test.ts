import { describe, expect, it } from 'vitest';
import { createBackoff } from './backoff.ts';

describe('the waits between attempts', () => {
	const f = (random: number, count: number) => {
		const backoff = createBackoff({ firstMs: 100, longestMs: 1000, random: () => random });
		return Array.from({ length: count }, () => backoff.nextMs());
	};
	it('double up to the longest', () => expect(f(1, 6)).toEqual([100, 200, 400, 800, 1000, 1000]));
	it('are at least half of that, whatever the dice say', () => expect(f(0, 3)).toEqual([50, 100, 200]));
	it('are short again after a success', () => {
		const backoff = createBackoff({ firstMs: 100, longestMs: 1000, random: () => 1 });
		backoff.nextMs();
		backoff.reset();
		expect(backoff.nextMs()).toBe(100);
	});
});
