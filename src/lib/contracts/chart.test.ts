import { describe, expect, it } from 'vitest';
import { chartCode, CHARTS } from './chart.ts';

describe('a chart', () => {
	// A page of last year reads frames of today: a name keeps its code for ever.
	const f = (code: number, names: string) =>
		expect(CHARTS.slice(code, code + names.split(' ').length).join(' ')).toBe(names);
	it('of individuals has code 0', () => expect(chartCode('i')).toBe(0));
	it('of moving ranges has code 1', () => expect(chartCode('mr')).toBe(1));
	it('of subgroups follows', () => f(2, 'xbar r s'));
	it('with a memory follows', () => f(5, 'ewma cusum'));
	it('of attributes follows', () => f(7, 'p np c u p-prime u-prime'));
	it('of rare events follows', () => f(13, 'g t'));
	it('of several variables follows, and the standardized one', () => f(15, 't2 z'));
	it('has a code that finds it again', () =>
		expect(CHARTS.map((chart) => CHARTS[chartCode(chart)])).toEqual([...CHARTS]));
});
