import { describe, expect, it } from 'vitest';
import { createPacer, MOST_MS, type Look } from './pace.ts';

const LOOK: Look = { minMs: 0, maxMs: 50_000, widthPx: 200, signalMs: -Infinity, parts: ['limits', undefined] };

/** Offers pictures, by name, at their times; a timer runs when its time has come. @returns what was drawn, and when */
function drawn(offers: readonly (readonly [atMs: number, name: string, change?: Partial<Look>])[], untilMs = 10_000) {
	const seen: [number, string][] = [];
	let [nowMs, timer] = [0, undefined as { atMs: number; run: () => void } | undefined];
	const pacer = createPacer<string>((name) => seen.push([nowMs, name]), {
		nowMs: () => nowMs,
		after(delayMs, run) {
			timer = { atMs: nowMs + delayMs, run };
			return () => (timer = undefined);
		},
	});
	const runTo = (atMs: number) => {
		if (timer && timer.atMs <= atMs) {
			nowMs = timer.atMs;
			const { run } = timer;
			timer = undefined;
			run();
		}
		nowMs = atMs;
	};
	for (const [atMs, name, change] of offers) {
		runTo(atMs);
		pacer.offer(name, { ...LOOK, ...change });
	}
	runTo(untilMs);
	return seen;
}

const moved = (ms: number) => ({ minMs: ms, maxMs: 50_000 + ms });

describe('a picture', () => {
	it('is drawn at once when it is the first', () => expect(drawn([[0, 'a']])).toEqual([[0, 'a']]));
	it('waits while it moved by less than a pixel, and the newest is drawn after a quarter of a second', () =>
		expect(
			drawn([
				[0, 'a'],
				[100, 'b', moved(100)],
				[200, 'c', moved(200)],
			]),
		).toEqual([
			[0, 'a'],
			[MOST_MS, 'c'],
		]));
	it('is drawn at once when it moved by a pixel', () =>
		expect(
			drawn([
				[0, 'a'],
				[10, 'b', moved(250)],
			])[1],
		).toEqual([10, 'b']));
	it('is drawn at once when the view got wider', () =>
		expect(
			drawn([
				[0, 'a'],
				[10, 'b', { maxMs: 60_000 }],
			])[1],
		).toEqual([10, 'b']));
	it('is drawn at once with a new signal', () =>
		expect(
			drawn([
				[0, 'a'],
				[10, 'b', { signalMs: 49_990 }],
			])[1],
		).toEqual([10, 'b']));
	it('is drawn at once with other limits, or when another point is read', () =>
		expect(
			drawn([
				[0, 'a'],
				[10, 'b', { parts: ['limits', 3] }],
			])[1],
		).toEqual([10, 'b']));
	it('that waited is not drawn when a newer one was', () =>
		expect(
			drawn([
				[0, 'a'],
				[100, 'b', moved(100)],
				[150, 'c', moved(300)],
			]),
		).toEqual([
			[0, 'a'],
			[150, 'c'],
		]));
	it('without a width is drawn: nothing is known of how far it moved', () =>
		expect(
			drawn([
				[0, 'a', { maxMs: 0 }],
				[10, 'b', { maxMs: 0 }],
			]),
		).toHaveLength(2));
});
