import { describe, expect, it } from 'vitest';
import { isHandheld, readablePx, shiftAt, viewingOf } from './wall-sizes.ts';

describe('letters that are readable', () => {
	const f = (inches: number, metres: number, width: number, height: number) =>
		Math.round(readablePx({ inches, metres }, { width, height }));
	it('from five metres on 55 inches of full HD have 37 px capitals', () => expect(f(55, 5, 1920, 1080)).toBe(53));
	it('are twice as large where there are twice the pixels', () => expect(f(55, 5, 3840, 2160)).toBe(105));
	it('grow with the distance', () => expect(f(55, 10, 1920, 1080)).toBe(105));
	it('are smaller on a larger screen, whose pixels are larger', () => expect(f(110, 5, 1920, 1080)).toBe(26));
});

describe('what a screen says of itself', () => {
	const f = (query: string) => viewingOf({ inches: 55, metres: 5 }, new URLSearchParams(query));
	it('is what the file says', () => expect(f('')).toEqual({ inches: 55, metres: 5 }));
	it('or its address', () => expect(f('inches=75&metres=8')).toEqual({ inches: 75, metres: 8 }));
	it('is no nonsense', () => expect(f('inches=-1&metres=far')).toEqual({ inches: 55, metres: 5 }));
});

describe('a screen in a hand', () => {
	const f = (width: number, height: number, query = '') => isHandheld({ width, height }, new URLSearchParams(query));
	it('is a telephone, upright or not', () => expect([f(390, 844), f(844, 390)]).toEqual([true, true]));
	it('is no monitor and no tablet', () => expect([f(1024, 600), f(768, 1024)]).toEqual([false, false]));
	it('is none whose address says from where it is read', () => expect(f(480, 800, 'metres=1')).toBe(false));
});

describe('the place of the picture', () => {
	const places = Array.from({ length: 18 }, (_, minute) => shiftAt(minute * 60_000, 8));
	it('is another one each minute', () =>
		expect(places.every((place, i) => i === 0 || String(place) !== String(places[i - 1]))).toBe(true));
	it('is never further than allowed', () => expect(Math.max(...places.flat().map(Math.abs))).toBe(8));
	it('is in the middle on average', () => expect(places.flat().reduce((sum, one) => sum + one, 0)).toBe(0));
});
