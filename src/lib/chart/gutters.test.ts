import { describe, expect, it, vi } from 'vitest';
import { createGutters } from './gutters.ts';

describe('charts one below the other', () => {
	it('take the room of the widest', () => {
		const gutters = createGutters();
		const [upper, lower] = [gutters.join(() => undefined), gutters.join(() => undefined)];
		expect(upper.room('left', 40)).toBe(40);
		expect(lower.room('left', 30)).toBe(40);
		expect(lower.room('right', 7)).toBe(7);
	});
	it('are told when another needs more', () => {
		const gutters = createGutters();
		const told = vi.fn();
		const [upper, lower] = [gutters.join(told), gutters.join(() => undefined)];
		upper.room('left', 40);
		lower.room('left', 50);
		expect(told).toHaveBeenCalledTimes(1);
		expect(upper.room('left', 40)).toBe(50);
	});
	it('keep the room when labels get shorter, until the type changes', () => {
		const gutter = createGutters().join(() => undefined);
		gutter.room('left', 40);
		expect(gutter.room('left', 20)).toBe(40);
		gutter.forget();
		expect(gutter.room('left', 20)).toBe(20);
	});
	it('do not wait for one that is gone', () => {
		const gutters = createGutters();
		const [upper, lower] = [gutters.join(() => undefined), gutters.join(() => undefined)];
		upper.room('left', 40);
		upper.leave();
		expect(lower.room('left', 30)).toBe(30);
	});
});
