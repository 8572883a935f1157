import { describe, expect, it } from 'vitest';
import { createScheduler } from './scheduler.ts';

function clock() {
	const waiting = new Map<number, () => void>();
	let handles = 0;
	let ms = 0;
	return {
		request: (callback: () => void) => (waiting.set(++handles, callback), handles),
		cancel: (handle: number) => void waiting.delete(handle),
		nowMs: () => ms,
		spend: (more: number) => void (ms += more),
		frame() {
			const now = [...waiting.values()];
			waiting.clear();
			now.forEach((callback) => callback());
			return now.length;
		},
	};
}

describe('the scheduler of frames', () => {
	it('draws once however often it is marked', () => {
		const frames = clock();
		const scheduler = createScheduler(frames);
		let drawn = 0;
		const drawable = { draw: () => void drawn++ };
		scheduler.mark(drawable);
		scheduler.mark(drawable);
		expect(frames.frame()).toBe(1);
		expect(drawn).toBe(1);
		expect(frames.frame()).toBe(0);
	});

	it('leaves to the next frame what does not fit this one', () => {
		const frames = clock();
		const scheduler = createScheduler(frames);
		const drawn: number[] = [];
		for (const i of [1, 2, 3]) {
			scheduler.mark({
				draw() {
					drawn.push(i);
					frames.spend(5);
				},
			});
		}
		frames.frame();
		expect(drawn).toEqual([1, 2]);
		frames.frame();
		expect(drawn).toEqual([1, 2, 3]);
	});

	it('does not draw what has gone', () => {
		const frames = clock();
		const scheduler = createScheduler(frames);
		const drawable = { draw: () => expect.unreachable() };
		scheduler.mark(drawable);
		scheduler.drop(drawable);
		frames.frame();
	});

	it('asks for no frame once stopped', () => {
		const frames = clock();
		const scheduler = createScheduler(frames);
		scheduler.mark({ draw: () => expect.unreachable() });
		scheduler.stop();
		expect(frames.frame()).toBe(0);
	});
});
