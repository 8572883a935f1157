import { describe, expect, it } from 'vitest';
import { countStandings, groupStreams } from './overview.ts';

const stream = (key: string, site = 'a') => ({ key, site, asset: key.split('/')[0] ?? '' });
const sites = groupStreams([
	stream('press-10/oil'),
	stream('press-2/oil'),
	stream('oven/heat', 'b'),
	stream('press-2/force'),
	stream('mill/load'),
]);

describe('the overview', () => {
	it('stands as it always stands, numbers in their order', () =>
		expect(sites.flatMap(({ assets }) => assets.flatMap(({ streams }) => streams.map(({ key }) => key)))).toEqual([
			'mill/load',
			'press-2/force',
			'press-2/oil',
			'press-10/oil',
			'oven/heat',
		]));
	it('keeps assets together', () =>
		expect(sites[0]?.assets.map(({ asset }) => asset)).toEqual(['mill', 'press-2', 'press-10']));
	it('keeps sites apart', () => expect(sites.map(({ site }) => site)).toEqual(['a', 'b']));
});

describe('the counts', () => {
	it('are of what is said of each stream; what learns is not judged', () =>
		expect(countStandings(['violating', 'learning', 'in-control', 'bad-quality', 'stale', 'in-control'])).toEqual({
			violating: 1,
			'no-data': 0,
			stale: 1,
			'not-judged': 2,
			'in-control': 2,
		}));
});
