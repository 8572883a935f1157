import { describe, expect, it } from 'vitest';
import { createGutters } from './gutters.ts';

describe('the edges of charts one below the other', () => {
	it('are as wide as the widest needs', () => {
		const gutters = createGutters();
		const [upper, lower] = [gutters.join(), gutters.join()];
		expect(upper.room('left', 40)).toBe(40);
		expect(lower.room('left', 30)).toBe(40);
		expect(lower.room('right', 30)).toBe(30);
	});
	it('shrink when the widest has gone', () => {
		const gutters = createGutters();
		const [upper, lower] = [gutters.join(), gutters.join()];
		upper.room('left', 40);
		upper.leave();
		expect(lower.room('left', 30)).toBe(30);
	});
});
