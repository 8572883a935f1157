import { describe, expect, it } from 'vitest';
import { fitGrid } from './fit.ts';

const room = (tiles: number, widthPx: number, heightPx: number, remPx = 16) =>
	fitGrid({ sites: [tiles], widthPx, heightPx, remPx });

describe('the grid of tiles', () => {
	it('shows thirty streams on full HD without scrolling', () => {
		const grid = room(30, 1880, 900);
		expect(grid.fits).toBe(true);
		const rows = Math.ceil(30 / grid.columns);
		expect(rows * (grid.tilePx + 1.6 * 16) + (rows - 1) * 9.6).toBeLessThanOrEqual(900);
	});
	it('shows forty streams of two sites beside the board of what is wrong', () =>
		expect(fitGrid({ sites: [8, 32], widthPx: 1090, heightPx: 850, remPx: 16 }).fits).toBe(true));
	it('is the same picture on a screen of twice the size', () =>
		expect(room(30, 3760, 1800, 32).columns).toBe(room(30, 1880, 900).columns));
	it('scrolls when there are too many', () => expect(room(1000, 1880, 900).fits).toBe(false));
	it('is one column on a phone', () => expect(room(30, 358, 600)).toMatchObject({ columns: 1, fits: false }));
	it('does not blow a few tiles up without end', () => expect(room(1, 1880, 900).tilePx).toBeLessThanOrEqual(240));
	it('begins a row with each site', () => {
		const grid = fitGrid({ sites: [1, 32], widthPx: 1880, heightPx: 930, remPx: 16 });
		const rows = 1 + Math.ceil(32 / grid.columns);
		expect(grid.fits).toBe(true);
		expect(rows * (grid.tilePx + 1.6 * 16) + (rows - 1) * 9.6 + 2 * 2.2 * 16).toBeLessThanOrEqual(930);
	});
	it('of nothing is a grid all the same', () => expect(room(0, 1880, 900).columns).toBe(1));
});
