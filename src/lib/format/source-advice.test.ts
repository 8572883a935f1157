import { describe, expect, it } from 'vitest';
import { sourceAdvice } from './source-advice.ts';

describe('values that were just read', () => {
	const f = (at: (i: number) => number, kind: string, n = 60) =>
		expect(sourceAdvice(Array.from({ length: n }, (_, i) => at(i))).kind).toBe(kind);
	const noise = (i: number) => ((i * 7919) % 104_729) / 104_729;
	it('say nothing while they are few', () => f(noise, 'few', 19));
	it('that do not change are no variation', () => f(() => 5, 'steady'));
	it('of two kinds are a state', () => f((i) => i % 2, 'state'));
	it('that only grow are a counter', () => f((i) => Math.floor(i / 3), 'counter'));
	it('also one that begins anew', () => f((i) => i % 40, 'counter'));
	it('of few steps are coarse', () => f((i) => 0.5 * ((i * 7) % 5), 'coarse'));
	it('that resemble their neighbours are read too often', () => f((i) => Math.sin(i / 8), 'alike'));
	it('of all other kinds are charted one by one', () => f((i) => noise(i * i * 31 + 7 * i), 'plain'));
});
