import { describe, expect, it } from 'vitest';
import { fitCells } from './boards-fit.ts';

describe('cells that fill a room', () => {
	const f = (count: number, widthPx: number, heightPx: number, shape = 1) =>
		fitCells(count, { widthPx, heightPx }, shape).columns;
	it('one has all of it', () => expect(f(1, 100, 100)).toBe(1));
	it('four make a square', () => expect(f(4, 100, 100)).toBe(2));
	it('stand in a row where the room is wide', () => expect(f(5, 500, 90)).toBe(5));
	it('stand below each other where they are wide', () => expect(f(4, 100, 100, 4)).toBe(1));
	it('none is one', () => expect(f(0, 100, 100)).toBe(1));
});
