import { describe, expect, it } from 'vitest';
import { FLAG, isQuality, QUALITY } from './point.ts';

describe('a quality', () => {
	const f = (value: unknown, isOne: boolean) => expect(isQuality(value)).toBe(isOne);
	it('is bad', () => f(QUALITY.bad, true));
	it('is uncertain', () => f(QUALITY.uncertain, true));
	it('is good', () => f(QUALITY.good, true));
	it('is no status code of OPC UA', () => f(0x80000000, false));
	it('is nothing in between', () => f(128, false));
	it('is no text', () => f('192', false));
	it('is no nothing', () => f(undefined, false));
});

describe('flags', () => {
	it('are bits of one byte, as they stand in the store', () =>
		expect(FLAG).toEqual({ late: 1, historical: 2, excluded: 4, censored: 8 }));
});
