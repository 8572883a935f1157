import { describe, expect, it } from 'vitest';
import { STREAM_STATES } from '#contracts/stream.ts';
import {
	NELSON_RULES,
	codeOfBits,
	progressWords,
	ruleCode,
	ruleExplanation,
	ruleWords,
	rulesOfBits,
	stateWords,
	violationCode,
	violationWords,
} from './words.ts';

describe('a rule in words', () => {
	it('every rule of Nelson has words and an explanation', () => {
		for (const rule of NELSON_RULES) {
			expect(ruleWords(rule)).toMatch(/^[A-Z]/);
			expect(ruleExplanation(rule).length).toBeGreaterThan(40);
		}
	});
	it('a custom rule is its own name', () => expect(ruleWords('too hot')).toBe('too hot'));
	it('a number is marked R and the number', () => expect(ruleCode(5)).toBe('R5'));
	it('what is no pattern has a mark of its own', () => expect(ruleCode('no-data')).toBe('ND'));
});

describe('the rules of a point', () => {
	const f = (bits: number, rules: number[], code: string) => {
		expect(rulesOfBits(bits)).toEqual(rules);
		expect(codeOfBits(bits)).toBe(code);
	};
	it('none', () => f(0, [], ''));
	it('the first bit is rule 1', () => f(1, [1], 'R1'));
	it('several stand together', () => f(0b1001_0010, [2, 5, 8], 'R2+5+8'));
});

it('every state has words', () => {
	for (const state of STREAM_STATES) expect(stateWords(state)).toMatch(/^[A-Z]/);
});

describe('a violation', () => {
	it('of the values is called by its rule', () =>
		expect(violationWords({ chart: 'i', rule: 2 })).toBe('Nine in a row on one side'));
	it('of the moving range says so', () => {
		expect(violationWords({ chart: 'mr', rule: 1 })).toBe('Moving range beyond its limit');
		expect(violationCode({ chart: 'mr', rule: 1 })).toBe('MR1');
	});
	it('of another chart names the chart', () =>
		expect(violationWords({ chart: 'ewma', rule: 'limit' })).toBe('Beyond the limit, ewma'));
});

describe('a violation that has not ended', () => {
	const f = (freshness: 'live' | 'stale' | 'dead', ageMs: number, words: string) =>
		expect(progressWords(90_000, { freshness, ageMs })).toBe(words);
	it('goes on while values come', () => f('live', 1_000, 'goes on for 1 min'));
	it('nobody can say that it goes on without them', () => f('stale', 720_000, 'not ended, no value for 12 min'));
	it('of years ago says how old it is', () => f('dead', 4657 * 86_400_000, 'not ended, no value for 4657 d'));
	it('goes on as far as known where the stream is not', () =>
		expect(progressWords(0, undefined)).toBe('goes on for 1 s'));
});
