import { describe, expect, it } from 'vitest';
import { axisLabels, formatCount, formatDeviation, numberFormat } from './number.ts';

describe('a value', () => {
	const f = (sigma: number | undefined, value: number, text: string) => expect(numberFormat(sigma)(value)).toBe(text);

	it('has two significant digits of sigma', () => f(0.23, 21.5, '21.50'));
	it('has no decimals when sigma is tens', () => f(35, 812.4, '812'));
	it('has one decimal when sigma is units', () => f(2.5, 21.46, '21.5'));
	it('has four significant digits without a sigma', () => f(undefined, 21.5, '21.50'));
	it('has four significant digits with a sigma of zero', () => f(0, 0.012345, '0.01235'));
	it('below zero has a real minus', () => f(0.1, -3, '−3.00'));
	it('that rounds to zero has no minus', () => f(1, -0.01, '0.0'));
	it('of five digits is grouped', () => f(35, 12345, '12\u202f345'));
	it('of four digits is not', () => f(35, 1234, '1234'));
	it('beyond a milliard is a power', () => f(1, 1.5e12, '1.50×10¹²'));
	it('below a millionth is a power', () => f(1e-9, -1.5e-7, '−1.50×10⁻⁷'));
	it('that is no number is a dash', () => f(1, NaN, '–'));
	it('zero is a zero', () => f(undefined, 0, '0'));
});

describe('a deviation', () => {
	const f = (value: number, text: string) => expect(formatDeviation(value, 10, 2)).toBe(text);
	it('above is plus', () => f(15, '+2.5 σ'));
	it('below is minus', () => f(5, '−2.5 σ'));
	it('of nothing is neither', () => f(10, '±0.0 σ'));
	it('far out is whole', () => f(1010, '+500 σ'));
	it('without a sigma is empty', () => expect(formatDeviation(1, 1, 0)).toBe(''));
});

describe('a count', () => {
	it('of one is singular', () => expect(formatCount(1, 'point')).toBe('1 point'));
	it('of more is plural', () => expect(formatCount(12_000, 'point')).toBe('12\u202f000 points'));
});

describe('labels of an axis', () => {
	const f = (ticks: number[], labels: string[]) => expect(axisLabels(ticks)).toEqual(labels);
	it('have no more decimals than they need', () => f([0, 20, 40], ['0', '20', '40']));
	it('have as many as their distance needs', () => f([75, 77.5, 80], ['75.0', '77.5', '80.0']));
	it('of tiny steps are exact', () => f([0.0025, 0.003], ['0.0025', '0.0030']));
	it('of computed steps are not blown up', () => f([0.1 + 0.2, 0.4], ['0.3', '0.4']));
});
