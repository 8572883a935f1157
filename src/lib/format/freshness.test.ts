import { describe, expect, it } from 'vitest';
import { STREAM_STATES, type StreamState } from '#contracts/stream.ts';
import { freshnessOf, standingOf, usualInterval, type Freshness, type Pulse, type Standing } from './freshness.ts';

const SECOND = 1000;
const DAY = 86_400 * SECOND;

describe('freshness', () => {
	interface Case extends Partial<Omit<Pulse, 'intervalMs'>> {
		readonly intervalMs?: number | undefined;
	}
	const f = ({ intervalMs, ...pulse }: Case, freshness: Freshness) =>
		expect(freshnessOf({ state: 'in-control', ageMs: 0, isLost: false, ...pulse, intervalMs: () => intervalMs })).toBe(
			freshness,
		);
	it('is live within three intervals', () => f({ ageMs: 29 * SECOND, intervalMs: 10 * SECOND }, 'live'));
	it('is stale after three', () => f({ ageMs: 31 * SECOND, intervalMs: 10 * SECOND }, 'stale'));
	it('is dead after thirty', () => f({ ageMs: 301 * SECOND, intervalMs: 10 * SECOND }, 'dead'));
	it('is not stale within five seconds', () => f({ ageMs: 4 * SECOND, intervalMs: 100 }, 'live'));
	it('is not dead within two minutes', () => f({ ageMs: 119 * SECOND, intervalMs: 100 }, 'stale'));
	it('of an hourly stream is live after an hour', () => f({ ageMs: 3600 * SECOND, intervalMs: 3600 * SECOND }, 'live'));
	it('without an interval counts on one of twenty seconds', () => {
		f({ ageMs: 59 * SECOND, intervalMs: undefined }, 'live');
		f({ ageMs: 61 * SECOND, intervalMs: undefined }, 'stale');
		f({ ageMs: 601 * SECOND, intervalMs: undefined }, 'dead');
	});
	it('of an imported history is dead', () => f({ ageMs: 4657 * DAY, intervalMs: 300 * SECOND }, 'dead'));
	it('a stream without a point has none', () => f({ state: 'learning', ageMs: undefined }, 'none'));
	it('the engine’s no-data is final', () => f({ state: 'no-data' }, 'dead'));
	it('is never live while nobody answers', () => f({ isLost: true }, 'stale'));
	it('a time ahead of the clock is live', () => f({ ageMs: -60 * SECOND }, 'live'));
});

describe('what is shown of a stream', () => {
	const f = (state: StreamState, freshness: Freshness, standing: Standing, sigma: number | undefined = 1) =>
		expect(standingOf(state, freshness, sigma)).toBe(standing);
	it('is its state while it is live', () => {
		for (const state of STREAM_STATES) f(state, 'live', state);
	});
	it('is good only when it is live and in control', () => {
		for (const state of STREAM_STATES)
			for (const freshness of ['live', 'stale', 'dead', 'none'] as const)
				if (state !== 'in-control' || freshness !== 'live')
					expect(standingOf(state, freshness, 1)).not.toBe('in-control');
	});
	it('is stale before it is good', () => f('in-control', 'stale', 'stale'));
	it('is a violation as long as its values are of the day', () => f('violating', 'stale', 'violating'));
	it('is no violation of years ago', () => f('violating', 'dead', 'no-data'));
	it('is not judged by limits without variation', () => f('in-control', 'live', 'not-judged', 0));
	it('is a violation also by limits without variation', () => f('violating', 'live', 'violating', 0));
});

describe('the usual interval', () => {
	const f = (times: number[], interval: number | undefined) =>
		expect(usualInterval(Float64Array.from(times))).toBe(interval);
	it('is the distance', () => f([0, 10, 20, 30], 10));
	it('one outage does not change', () => f([0, 10, 20, 900, 910], 10));
	it('of bursts is the pause between them', () =>
		f(
			[...Array(20).keys()].map((i) => Math.floor(i / 2) * 60 + (i % 2)),
			59,
		));
	it('of two distances is not known', () => f([0, 10, 20], undefined));
	it('looks at the last thirty', () =>
		f(
			[...Array(50).keys()].map((i) => (i < 15 ? i : 15 + (i - 15) * 100)),
			100,
		));
});
