import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGGREGATES, encodeExplore, EXPLORE_SPANS, EXPLORE_VIEWS, parseExplore, SCALES } from './explore-query.ts';

const parse = (text: string) => parseExplore(new URLSearchParams(text));

describe('the address of the explore page', () => {
	it('without anything is the last hour of nothing', () =>
		expect(parse('')).toEqual({
			...{ streams: [], range: { last: '1h' }, view: 'each', scale: 'value', of: 'mean', rules: true },
		}));
	it('is short', () => expect(encodeExplore(parse('streams=1,2'))).toBe('streams=1,2'));
	it('keeps a stream once', () => expect(parse('streams=1,1,2').streams).toEqual(['1', '2']));
	it('takes no stream that is none', () => expect(parse('streams=1,<b>,x').streams).toEqual(['1']));
	it('has at most so many streams', () =>
		expect(parse(`streams=${Array.from({ length: 99 }, (_, i) => i + 1).join(',')}`).streams).toHaveLength(24));
	it('takes a range only the right way round', () =>
		expect(parse('from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z').range).toEqual({ last: '1h' }));
	it('does not know toString', () => expect(parse('last=toString').range).toEqual({ last: '1h' }));
	it('leads to what it came from', () =>
		fc.assert(
			fc.property(
				fc.record({
					streams: fc.uniqueArray(fc.nat(1e9).map(String), { maxLength: 24 }),
					range: fc.oneof(
						fc.record({ last: fc.constantFrom(...Object.keys(EXPLORE_SPANS)) }),
						fc.tuple(fc.integer({ min: 4e10, max: 4e12 }), fc.integer({ min: 1, max: 1e9 })).map(([fromMs, span]) => ({
							fromMs,
							toMs: fromMs + span,
						})),
					),
					view: fc.constantFrom(...EXPLORE_VIEWS),
					scale: fc.constantFrom(...SCALES),
					of: fc.constantFrom(...AGGREGATES),
					rules: fc.boolean(),
				}),
				(query) => {
					expect(parse(encodeExplore(query))).toEqual(query);
				},
			),
		));
});
