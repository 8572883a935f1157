import { describe, expect, it } from 'vitest';
import { BASELINE_FILE } from './baseline.ts';
import { parseOptions } from './options.ts';

describe('npm run bench', () => {
	const f = (line: string) => parseOptions(line === '' ? [] : line.split(' '));
	it('alone runs all of them once', () =>
		expect(f('')).toEqual({ names: [], runs: 1, save: undefined, compare: undefined }));
	it('with names runs these', () => expect(f('clients charts').names).toEqual(['clients', 'charts']));
	it('--save writes the committed baseline, of three runs', () =>
		expect(f('--save')).toMatchObject({ save: BASELINE_FILE, runs: 3 }));
	it('--save FILE writes another', () => expect(f('--save /tmp/a.json').save).toBe('/tmp/a.json'));
	it('--compare reads the committed baseline', () =>
		expect(f('--compare clients')).toMatchObject({ compare: BASELINE_FILE, names: ['clients'], runs: 1 }));
	it('--compare FILE reads another', () =>
		expect(f('clients --compare a.json')).toMatchObject({ compare: 'a.json', names: ['clients'] }));
	it('--runs repeats each', () => expect(f('--runs 5 --save').runs).toBe(5));
	it('refuses what is no number of runs', () => expect(() => f('--runs many')).toThrow(/"many"/));
	it('refuses what it does not know', () => expect(() => f('--fast')).toThrow(/--fast/));
});
