import { describe, expect, it } from 'vitest';
import type { ApiViolation } from '#contracts/api.ts';
import { streamWords } from './boards-words.ts';

describe('how a stream stands, in words', () => {
	const found = (...rules: number[]) => rules.map((rule) => ({ chart: 'i', rule }) as ApiViolation);
	const f = (...of: Parameters<typeof streamWords>) => streamWords(...of);
	const none = { active: [], learning: undefined };
	it('is its state', () => expect(f(none, 'in-control')).toBe('In control'));
	it('is what was found, each once', () =>
		expect(f({ ...none, active: found(1, 5, 1) }, 'violating')).toBe(
			'One point beyond 3 sigma · Two of three beyond 2 sigma',
		));
	it('is that it violates before it is known by what', () => expect(f(none, 'violating')).toBe('Violating'));
	it('is how far it has learnt', () =>
		expect(f({ ...none, learning: { points: 37, wanted: 100 } }, 'learning')).toBe('Learning, 37 of 100'));
});
