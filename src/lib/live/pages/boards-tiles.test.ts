import { describe, expect, it } from 'vitest';
import { boardSchema } from '#contracts/board.ts';
import { optionsOf, placeTiles, valuesOf, type Findable } from './boards-tiles.ts';

const stream = (key: string, more: Partial<Findable> = {}): Findable => ({
	id: key,
	key,
	site: 'north',
	asset: key.split('/')[0] ?? '',
	kind: 'machine',
	labels: {},
	...more,
});
const STREAMS = [
	stream('press-10/force'),
	stream('press-2/force'),
	stream('press-2/oil'),
	stream('openai/gpt-4o/ttft_ms', { kind: 'llm' }),
];

function place(
	tiles: readonly object[],
	given: { variables?: object; columns?: number; query?: string; worst?: string } = {},
) {
	const { variables = {}, columns = 12, query = '', worst } = given;
	const board = boardSchema.parse({ tiles, variables, columns });
	const page = { name: 'x', title: 'x', columns, tiles: board.tiles ?? [], variables: board.variables, forMs: null };
	const values = valuesOf(page, new URLSearchParams(query));
	return placeTiles(page, { values, streams: STREAMS, rankOf: ({ id }) => (id === worst ? 0 : 1) });
}
const shown = (...of: Parameters<typeof place>) =>
	place(...of).map(({ streams }) => streams.map(({ key }) => key).join(' '));

describe('the tiles of a board', () => {
	it('show the first stream that fits, by name as people count', () =>
		expect(shown([{ type: 'chart', stream: 'press-*/force' }])).toEqual(['press-2/force']));
	it('are as many as streams fit, where that is said', () =>
		expect(shown([{ type: 'chart', stream: 'press-*/*', most: 9 }])).toEqual([
			'press-2/force',
			'press-2/oil',
			'press-10/force',
		]));
	it('are no more than is said', () => expect(shown([{ type: 'number', most: 2 }])).toHaveLength(2));
	it('of assets are one for each', () =>
		expect(shown([{ type: 'asset', stream: 'press-*/*', most: 9 }])).toEqual([
			'press-2/force press-2/oil',
			'press-10/force',
		]));
	it('that show what is worst show it first', () =>
		expect(shown([{ type: 'chart', order: 'worst' }], { worst: 'press-2/oil' })).toEqual(['press-2/oil']));
	it('that show what is worst stay the same tile', () => {
		const ids = (worst: string) => place([{ type: 'chart', order: 'worst' }], { worst }).map(({ id }) => id);
		expect(ids('press-2/oil')).toEqual(ids('press-10/force'));
	});
	it('that find nothing are there and say what they looked for', () =>
		expect(place([{ type: 'chart', stream: 'oven/*', labels: { line: 'a' } }])).toMatchObject([
			{ streams: [], wanted: 'stream oven/*, line = a' },
		]));
	it('follow the variables of the address', () =>
		expect(
			shown([{ type: 'chart', stream: '{asset}/force' }], { variables: { asset: 'press-2' }, query: 'asset=press-10' }),
		).toEqual(['press-10/force']));
	it('have titles with variables put in', () =>
		expect(place([{ type: 'clock', title: 'At {site}' }], { variables: { site: 'north' } })[0]?.title).toBe(
			'At north',
		));
	it('are as wide on another grid as on that of twelve', () =>
		expect(place([{ type: 'chart' }], { columns: 24 })[0]?.width).toBe(8));
	it('are never wider than the grid', () => expect(place([{ type: 'overview' }], { columns: 1 })[0]?.width).toBe(1));
});

describe('a variable', () => {
	const f = (query: string) => valuesOf({ variables: { asset: { default: 'a' } } }, new URLSearchParams(query));
	it('has its default', () => expect(f('')).toEqual({ asset: 'a' }));
	it('has what the address says', () => expect(f('asset=b&site=x')).toEqual({ asset: 'b' }));
	it('is no pattern to get stuck in', () => expect(f(`asset=${'**a'.repeat(20)}`)).toEqual({ asset: 'a' }));
	it('may be what the streams have', () =>
		expect([optionsOf('asset', { variables: {} }, STREAMS), optionsOf('provider', { variables: {} }, STREAMS)]).toEqual(
			[['openai', 'press-2', 'press-10'], ['openai']],
		));
	it('may be what the file allows', () =>
		expect(optionsOf('asset', { variables: { asset: { default: 'a', options: ['a', 'b'] } } }, STREAMS)).toEqual([
			'a',
			'b',
		]));
});
