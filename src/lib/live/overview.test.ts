import { describe, expect, it } from 'vitest';
import type { StreamState } from '#contracts/stream.ts';
import { countStates, groupStreams, samePlaces, type Order } from './overview.ts';

const stream = (key: string, state: StreamState = 'in-control', site = 'a') => ({
	key,
	site,
	asset: key.split('/')[0] ?? '',
	state,
});
const streams = [
	stream('press-10/oil'),
	stream('press-2/oil'),
	stream('press-2/force', 'violating'),
	stream('mill/load', 'learning'),
	stream('oven/heat', 'in-control', 'b'),
];

describe('the overview', () => {
	const f = (order: Order, keys: string[]) =>
		expect(
			groupStreams(streams, order).flatMap((site) =>
				site.assets.flatMap((asset) => asset.streams.map((one) => one.key)),
			),
		).toEqual(keys);

	it('by place stands as it always stands, numbers in their order', () =>
		f('place', ['mill/load', 'press-2/force', 'press-2/oil', 'press-10/oil', 'oven/heat']));
	it('by urgency brings the asset with a violation first', () =>
		f('urgent', ['press-2/force', 'press-2/oil', 'mill/load', 'press-10/oil', 'oven/heat']));
	it('knows when everything stays where it is', () => {
		const places = groupStreams(streams, 'place');
		expect(samePlaces(places, groupStreams(streams, 'place'))).toBe(true);
		expect(samePlaces(places, groupStreams(streams, 'urgent'))).toBe(false);
		expect(samePlaces(places, groupStreams(streams.slice(1), 'place'))).toBe(false);
	});
	it('keeps sites apart', () => expect(groupStreams(streams, 'place').map((one) => one.site)).toEqual(['a', 'b']));
});

describe('the counts', () => {
	it('are of every state that occurs, the most urgent first', () =>
		expect(countStates(streams)).toEqual([
			{ state: 'violating', count: 1 },
			{ state: 'learning', count: 1 },
			{ state: 'in-control', count: 3 },
		]));
	it('of nothing are zeroes for good and bad', () =>
		expect(countStates([]).map((one) => one.state)).toEqual(['violating', 'in-control']));
});
