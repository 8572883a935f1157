import { describe, expect, it } from 'vitest';
import { progressWords } from './violation-words.ts';

describe('a violation that has not ended', () => {
	const f = (freshness: 'live' | 'stale' | 'dead', ageMs: number, words: string) =>
		expect(progressWords(90_000, { freshness, ageMs })).toBe(words);
	it('goes on while values come', () => f('live', 1_000, 'goes on for 1 min'));
	it('nobody can say that it goes on without them', () => f('stale', 720_000, 'not ended, no value for 12 min'));
	it('of years ago says how old it is', () => f('dead', 4657 * 86_400_000, 'not ended, no value for 4657 d'));
	it('goes on as far as known where the stream is not', () =>
		expect(progressWords(0, undefined)).toBe('goes on for 1 s'));
});
