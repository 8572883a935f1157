import { describe, expect, it } from 'vitest';
import { filled, matcherOf, placeholdersOf, providerOf, type Values, type Which } from './board-match.ts';

const machine = {
	key: 'press-1/temperature',
	site: 'north',
	asset: 'press-1',
	kind: 'machine',
	labels: { line: 'a' },
} as const;
const model = { key: 'openai/gpt-4o/ttft_ms', site: 'north', asset: 'openai', kind: 'llm', labels: {} } as const;

describe('which streams a tile means', () => {
	const f = (which: Which, values: Values = {}) => [machine, model].map(matcherOf(which, values));
	it('are all while nothing is said', () => expect(f({})).toEqual([true, true]));
	it('are those of a key', () => expect(f({ stream: 'press-1/temperature' })).toEqual([true, false]));
	it('are those of a pattern', () => expect(f({ stream: 'press-*/*' })).toEqual([true, false]));
	it('a star stays within a segment', () => expect(f({ stream: 'openai/*' })).toEqual([false, false]));
	it('two do not', () => expect(f({ stream: 'openai/**' })).toEqual([false, true]));
	it('are those of an asset', () => expect(f({ asset: 'press-1' })).toEqual([true, false]));
	it('have every label that is said', () => expect(f({ labels: { line: 'a' } })).toEqual([true, false]));
	it('of another label are others', () => expect(f({ labels: { line: 'b' } })).toEqual([false, false]));
	it('of a provider are those of language models', () => expect(f({ provider: '*' })).toEqual([false, true]));
	it('fit everything that is said', () =>
		expect(f({ site: 'north', stream: '**', asset: 'x' })).toEqual([false, false]));
	it('follow a variable', () => expect(f({ stream: '{asset}/*' }, { asset: 'press-1' })).toEqual([true, false]));
	it('are all where a variable has no value', () => expect(f({ asset: '{asset}' })).toEqual([true, true]));
	it('a variable is no expression', () =>
		expect(f({ asset: '{asset}' }, { asset: 'press.1' })).toEqual([false, false]));
});

describe('a text with variables', () => {
	it('has them put in', () => expect(filled('{site}: {asset}', { site: 'a', asset: 'b' })).toBe('a: b'));
	it('says their names', () => expect(placeholdersOf('{asset}/{nme}/x')).toEqual(['asset', 'nme']));
});

describe('the provider', () => {
	it('is the first segment of a model’s streams', () => expect(providerOf(model)).toBe('openai'));
	it('is none of a machine', () => expect(providerOf(machine)).toBeUndefined());
});
