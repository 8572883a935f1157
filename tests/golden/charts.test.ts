import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '#rules';
import { parseChartScript } from './chart-script.ts';
import { expectAnswer } from './expect-answer.ts';

const folder = join(import.meta.dirname, 'charts');
const scripts = readdirSync(folder).map((name) => parseChartScript(readFileSync(join(folder, name), 'utf8')));

describe('golden scripts of charts', () => {
	it.each(scripts)('$title', (script) => expectAnswer(script, analyze(script.document)));

	const told = (field: string) => new Set(scripts.flatMap(({ document }) => Object.keys(document[field] as object)));
	it('there is one of each kind', () => {
		const kinds = ['xbar-r', 'xbar-s', 'ewma', 'cusum', 'p', 'np', 'c', 'u', 'p-prime', 'u-prime', 'g', 't', 't2'];
		const found = new Set(scripts.map(({ document }) => document['chart']));
		expect([...kinds, 'i-mr', 'z-mr', 'capability'].filter((kind) => !found.has(kind))).toEqual([]);
	});
	it('there is one for each option', () => {
		const options = ['missing', 'rule8', 'startup', 'd2', 'screenMovingRanges', 'limitsSigma', 'lambda', 'asymptotic'];
		const others = ['target', 'sigma', 'k', 'h', 'lsl', 'usl', 'confidence', 'distribution'];
		const found = told('options');
		expect([...options, ...others].filter((option) => !found.has(option))).toEqual([]);
	});
	it('there is one for each way to say what is known of a baseline', () => {
		const found = told('baseline');
		expect(['points', 'exclude', 'revise', 'centre', 'sigma'].filter((field) => !found.has(field))).toEqual([]);
	});
	it('there is one for each rule set', () => {
		const found = scripts.map(({ document: { rules } }) => (Array.isArray(rules) ? typeof rules[0] : rules));
		const sets = ['nelson', 'western-electric', 'westgard', 'aiag', 'none', 'object', 'number'];
		expect(sets.filter((set) => !found.includes(set))).toEqual([]);
	});
});
