import { describe, expect, it } from 'vitest';
import { labelsText, matches, searchText, shortKey } from './stream-name.ts';

describe('a stream’s name under its asset', () => {
	const f = (key: string, asset: string, name: string) => expect(shortKey(key, asset)).toBe(name);
	it('is what follows the asset', () => f('press-1/temperature', 'press-1', 'temperature'));
	it('keeps what else it has', () => f('openai/gpt-4o/ttft_ms', 'openai', 'gpt-4o/ttft_ms'));
	it('is whole under another asset', () => f('press-1/temperature', 'press', 'press-1/temperature'));
	it('is whole when it is the asset', () => f('humidity', 'humidity', 'humidity'));
});

describe('the filter', () => {
	const text = searchText({ key: 'press-1/oil', site: 'Plant-A', asset: 'press-1', unit: '°C', labels: { line: 'a' } });
	const f = (query: string, found: boolean) => expect(matches(text, query)).toBe(found);
	it('nothing finds all', () => f('', true));
	it('does not mind case', () => f('PLANT-a', true));
	it('wants every word', () => f('oil press-2', false));
	it('finds words in any order', () => f('oil plant', true));
	it('finds a label', () => f('line', true));
});

it('labels are read as name and value', () => {
	expect(labelsText({ line: 'a', source: 'probe' })).toBe('line a · source probe');
	expect(labelsText({})).toBe('');
});
