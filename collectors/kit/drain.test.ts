import { describe, expect, it } from 'vitest';
import { createDrainLimit } from './drain.ts';
import { createManualClock } from './testing/manual-clock.ts';

/** Sends batches of `rows` as fast as the limit allows for a while. @returns rows per second */
function drained(options: {
	rowsPerSecond?: number;
	rows: number;
	measuredPerSecond?: number;
	ageMs?: number;
}): number {
	const clock = createManualClock();
	const start = clock.now;
	const points = () => ((clock.now - start) / 1e6) * (options.measuredPerSecond ?? 0);
	const limit = createDrainLimit({ rowsPerSecond: options.rowsPerSecond, points, clock });
	let sent = 0;
	while (clock.now < start + 60e6) {
		const waitMs = limit.waitMs(options.rows, clock.now / 1000 - (options.ageMs ?? 60_000));
		if (waitMs === 0) sent += options.rows;
		// A batch on its way takes a little, too.
		clock.now += Math.max(waitMs * 1000, 100);
	}
	return sent / 60;
}

describe('the backlog of a queue', () => {
	it('goes at its rate', () => expect(drained({ rowsPerSecond: 50_000, rows: 3000 }) / 50_000).toBeCloseTo(1, 1));
	it('goes at its rate in single rows', () => expect(drained({ rowsPerSecond: 100, rows: 1 }) / 100).toBeCloseTo(1, 1));
	it('goes at its rate in batches of half a minute', () =>
		expect(drained({ rowsPerSecond: 100, rows: 3000 }) / 100).toBeCloseTo(1.5, 1));
	it('goes twice as fast as points come, or it would never end', () =>
		expect(drained({ rowsPerSecond: 100, rows: 10, measuredPerSecond: 1000 }) / 2000).toBeCloseTo(1, 1));
	it('is nothing that was measured just now', () =>
		expect(drained({ rowsPerSecond: 100, rows: 10, ageMs: 1000 })).toBe(100_000));
	it('has no limit where none is set', () => expect(drained({ rows: 10 })).toBe(100_000));
	it('goes on when the clock is set back', () => {
		const clock = createManualClock();
		const limit = createDrainLimit({ rowsPerSecond: 100, points: () => 0, clock });
		expect(limit.waitMs(1000, 0)).toBe(0);
		clock.now -= 3600e6;
		const waitMs = limit.waitMs(1, 0);
		clock.now += waitMs * 1000 + 1000;
		expect([waitMs > 0 && waitMs < 11_000, limit.waitMs(1, 0)]).toEqual([true, 0]);
	});
});
