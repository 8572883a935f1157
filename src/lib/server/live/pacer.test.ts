import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPacer } from './pacer.ts';

const EVERY_MS = 100;
let skewMs = 0;
beforeEach(() => {
	skewMs = 0;
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'Date'] });
});
afterEach(() => vi.useRealTimers());

/** @returns when the work was done, if it was wanted at these times; milliseconds from the start */
function ranAt(wantedMs: readonly number[], { setBackAtMs = Infinity, ahead = 0 } = {}): number[] {
	const start = Date.now();
	const times: number[] = [];
	const pacer = createPacer({
		everyMs: EVERY_MS,
		ahead,
		work: () => times.push(Date.now() - start),
		now: () => (Date.now() + skewMs) * 1000,
	});
	for (const at of wantedMs) {
		if (at >= setBackAtMs) skewMs = -3_600_000;
		vi.advanceTimersByTime(start + at - Date.now());
		pacer.want();
	}
	vi.advanceTimersByTime(10 * EVERY_MS);
	pacer.stop();
	return times;
}

describe('a pacer', () => {
	const f = (wantedMs: number[], want: number[]) => expect(ranAt(wantedMs)).toEqual(want);
	it('works at once when it has not for long', () => f([5, 1000], [5, 1000]));
	it('works once for all that is wanted within an interval, at its end', () => f([0, 10, 50, 99], [0, 100]));
	it('is not late for what comes a little late, and stays in step', () =>
		f([0, 103, 200, 304, 400], [0, 103, 200, 304, 400]));
	it('waits for its time when something comes early', () => f([0, 97, 198, 299], [0, 100, 200, 300]));
	it('starts anew after a longer pause', () => f([0, 260, 270, 365], [0, 260, 360, 460]));
	it('goes on when the clock is set back an hour', () =>
		expect(ranAt([0, 150, 160, 300], { setBackAtMs: 150 })).toEqual([0, 150, 250, 350]));
	it('with some ahead works at once as often, then at its rate, and has them again after a pause', () =>
		expect(ranAt([0, 10, 20, 30, 40, 2000, 2010, 2020], { ahead: 2 })).toEqual([0, 10, 20, 100, 2000, 2010, 2020]));
	it('with some ahead goes on when the clock is set back an hour', () =>
		expect(ranAt([0, 10, 20, 250, 260], { ahead: 1, setBackAtMs: 250 })).toEqual([0, 10, 100, 250, 260]));
	it('never works more often than its rate over any stretch, and always after the last wish', () =>
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 200 }),
				fc.nat({ max: 4 }),
				(pauses, ahead) => {
					let at = 0;
					const wanted = pauses.map((pause) => (at += pause));
					const times = ranAt(wanted, { ahead });
					for (let from = 0; from < times.length; from++)
						for (let to = from + 1; to < times.length; to++)
							expect(to - from + 1).toBeLessThanOrEqual((times[to]! - times[from]!) / EVERY_MS + 2 + ahead);
					expect(times.at(-1)).toBeGreaterThanOrEqual(wanted.at(-1)!);
				},
			),
		));
});
