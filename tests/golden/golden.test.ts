import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze, createBank, maskOf, rulesOf } from '#rules';
import {
	completed,
	documentOf,
	episodesOf,
	parseScript,
	signalsOf,
	valuesOfScript,
	type FoundEpisode,
	type FoundSignal,
	type Script,
} from './script.ts';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.spc'));
const scripts = files.map((name) => ({
	name,
	script: parseScript(readFileSync(join(import.meta.dirname, name), 'utf8')),
}));

function batchSignals(script: Script): FoundSignal[] {
	return signalsOf(analyze(documentOf(script)));
}

function streamSignals(script: Script): FoundSignal[] {
	const bank = createBank({ capacity: 1, options: script.options });
	const plotted: number[] = [];
	const signals: FoundSignal[] = [];
	let index = -1;
	for (const { centre, sigma, values } of script.stretches) {
		bank.setLimits(0, { centre, sigma, rules: maskOf(script.rules) });
		for (const value of values) {
			index++;
			const bits = bank.push(0, value);
			if (!Number.isNaN(value)) plotted.push(index);
			for (const rule of rulesOf(bits)) {
				const first = plotted.at(-1 - bank.span(0, rule))!;
				signals.push({ index, rule, side: bank.side(0, rule), span: [first, index] });
			}
		}
	}
	return signals;
}

const inOrder = (episodes: readonly FoundEpisode[]) =>
	episodes.toSorted((a, b) => a.at[0] - b.at[0] || a.rule - b.rule || a.side.localeCompare(b.side));

describe.each(scripts)('$name: $script.title', ({ script }) => {
	const check = (signals: FoundSignal[]) => {
		const found = episodesOf(signals, valuesOfScript(script).length);
		expect(inOrder(found)).toEqual(inOrder(completed(script, found)));
	};
	it('as a batch', () => check(batchSignals(script)));
	it('as a stream', () => check(streamSignals(script)));
});

describe('golden scripts', () => {
	it('there is at least one per rule', () => {
		const rules = new Set(scripts.flatMap(({ script }) => script.expected.map((e) => e.rule)));
		expect([...rules].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
	});
	it('name the line that cannot be read', () => {
		expect(() => parseScript('limits centre 0 sigma 1\npoints 1*x')).toThrow('line 2');
		expect(() => parseScript('points 1')).toThrow('line 1');
		expect(() => parseScript('limits centre 0 sigma 1\nexpect rule 9 at 1')).toThrow('line 2');
		expect(() => parseScript('limits centre 0 sigma 1')).toThrow('either episodes or nothing');
	});
});
