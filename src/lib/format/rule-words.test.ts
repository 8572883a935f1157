import { describe, expect, it } from 'vitest';
import type { Rule } from '#contracts/chart.ts';
import { STREAM_STATES } from '#contracts/stream.ts';
import { chartTitle, unitWords } from './chart-words.ts';
import { NELSON_RULES, codeOfBits, ruleCode, rulesOfBits } from './rule-words.ts';
import { stateWords } from './state-words.ts';
import { violationCode, violationWords } from './violation-words.ts';
import { ruleExplanation, ruleWords } from '#contracts/rule-words.ts';

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
	const f = (bits: number, rules: Rule[], code: string) => {
		expect(rulesOfBits(bits)).toEqual(rules);
		expect(codeOfBits(bits)).toBe(code);
	};
	it('none', () => f(0, [], ''));
	it('the first bit is rule 1', () => f(1, [1], 'R1'));
	it('several stand together', () => f(0b1001_0010, [2, 5, 8], 'R2+5+8'));
	it("the chart's own limit is one, whichever side was passed", () => {
		f(1 << 8, ['limit'], 'LIM');
		f(1 << 9, ['limit'], 'LIM');
	});
	it('rules with names of their own follow', () => {
		expect(rulesOfBits((1 << 10) | (1 << 11) | 1, ['drift', 'stuck'])).toEqual([1, 'drift', 'stuck']);
		expect(codeOfBits((1 << 10) | 1, ['drift'])).toBe('R1 drift');
	});
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
	it('of an average says so', () => {
		expect(violationWords({ chart: 'ewma', rule: 'limit' })).toBe('EWMA beyond its limit');
		expect(violationCode({ chart: 'ewma', rule: 'limit' })).toBe('EWMA');
	});
	it('of means is called by its rule', () =>
		expect(violationWords({ chart: 'xbar', rule: 5 })).toBe('Two of three beyond 2 sigma'));
	it('of another chart names the chart', () =>
		expect(violationWords({ chart: 'c', rule: 2 })).toBe('Nine in a row on one side, Count'));
	it('of a rule that is called like something of JavaScript is called so', () => {
		expect(violationWords({ chart: 'i', rule: 'constructor' })).toBe('constructor');
		expect(violationCode({ chart: 'i', rule: 'constructor' })).toBe('constr');
	});
});

describe('a chart is headed by what a point of it is', () => {
	const f = (plotted: Parameters<typeof chartTitle>[0], words: string) => expect(chartTitle(plotted)).toBe(words);
	it('a value', () => f({ chart: 'i', group: 1, scale: undefined }, 'Individuals'));
	it('a mean of several', () => f({ chart: 'i', group: 30, scale: undefined }, 'Mean of 30 values'));
	it('a mean of a time', () => f({ chart: 'xbar', group: '1m', scale: undefined }, 'Mean of 1m'));
	it('a range of several', () => f({ chart: 'r', group: 5, scale: undefined }, 'Range of 5 values'));
	it('a score', () => f({ chart: 'i', group: 1, scale: 'score' }, 'Score'));
	it('an average of scores of means', () =>
		f({ chart: 'ewma', group: 30, scale: 'score' }, 'EWMA, means of 30 values'));
	it('and what is no value has no unit of values', () => {
		expect(unitWords('score', 'ms')).toBe('σ');
		expect(unitWords('transformed', 'ms')).toBe('transformed ms');
		expect(unitWords(undefined, 'ms')).toBe('ms');
	});
});
