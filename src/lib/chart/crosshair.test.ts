import { describe, expect, it, vi } from 'vitest';
import { createCrosshair } from './crosshair.ts';

const RANGE = { minMs: 0, maxMs: 100 };
const move = (screenX: number) => ({ type: 'mousemove', screenX, screenY: 0 });

function pair() {
	const crosshair = createCrosshair();
	const told = vi.fn();
	return { upper: crosshair.join(() => undefined), lower: crosshair.join(told), told };
}

describe('the crosshair of charts one below the other', () => {
	it('is at the moment that keys chose on one of them', () => {
		const { upper, lower, told } = pair();
		upper.hold(7);
		expect([lower.heldMs(), told.mock.calls.length]).toEqual([7, 1]);
	});
	it('stays at an end while the same stretch is shown, and at its moment when another one is', () => {
		const { upper, lower } = pair();
		upper.hold(90);
		upper.aim('last', RANGE);
		expect([upper.aimAt(RANGE), lower.aimAt(RANGE)]).toEqual(['last', undefined]);
		expect(upper.aimAt({ minMs: 10, maxMs: 110 })).toBeUndefined();
		expect([upper.aimAt(RANGE), upper.heldMs()]).toEqual([undefined, 90]);
	});
	it('goes to an end that was asked for before the first picture', () => {
		const { upper } = pair();
		upper.aim('first', undefined);
		expect(upper.aimAt(RANGE)).toBe('first');
	});
	it('leaves an end with the next key', () => {
		const { upper } = pair();
		upper.aim('last', RANGE);
		upper.hold(50);
		expect(upper.aimAt(RANGE)).toBeUndefined();
	});
	it("is not taken by a mouse at rest below which the page moved, nor by the mouse's leaving", () => {
		const { upper, lower } = pair();
		expect(upper.pointer(move(3))).toBe(true);
		upper.hold(7);
		expect(upper.pointer(move(3))).toBe(false);
		expect(lower.pointer({ ...move(40), type: 'mouseleave' })).toBe(false);
		expect(lower.heldMs()).toBe(7);
	});
	it('is taken by a mouse that moves', () => {
		const { upper, lower } = pair();
		upper.pointer(move(3));
		upper.hold(7);
		upper.aim('last', RANGE);
		expect(lower.pointer(move(4))).toBe(true);
		expect([upper.heldMs(), upper.aimAt(RANGE)]).toEqual([undefined, undefined]);
	});
	it('tells nobody who has left', () => {
		const { upper, lower, told } = pair();
		lower.leave();
		upper.hold(7);
		expect(told).not.toHaveBeenCalled();
	});
});
