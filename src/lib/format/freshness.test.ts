import { describe, expect, it } from 'vitest';
import { freshnessOf, usualInterval } from './freshness.ts';

describe('freshness', () => {
	it('is live within three intervals', () => expect(freshnessOf('in-control', 29_000, 10_000)).toBe('live'));
	it('is stale after three', () => expect(freshnessOf('in-control', 31_000, 10_000)).toBe('stale'));
	it('is not stale within five seconds', () => expect(freshnessOf('in-control', 4_000, 100)).toBe('live'));
	it('a stream without a point has none', () => expect(freshnessOf('learning', undefined, 100)).toBe('none'));
	it('the engine’s no-data is final', () => expect(freshnessOf('no-data', 10, 100)).toBe('none'));
});

describe('the usual interval', () => {
	const f = (times: number[], interval: number | undefined) =>
		expect(usualInterval(Float64Array.from(times))).toBe(interval);
	it('is the middle distance', () => f([0, 10, 20, 100, 110], 10));
	it('of two distances is not known', () => f([0, 10, 20], undefined));
	it('looks at the last thirty', () =>
		f(
			[...Array(50).keys()].map((i) => (i < 15 ? i : 15 + (i - 15) * 100)),
			100,
		));
});
