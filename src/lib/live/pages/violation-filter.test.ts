import { describe, expect, it } from 'vitest';
import { encodeFilter, filterOfGroup, isNarrow, parseFilter, queryOf, USUAL } from './violation-filter.ts';

describe('the filter of violations in an address', () => {
	const f = (search: string, filter: object) =>
		expect(parseFilter(new URLSearchParams(search))).toEqual({ ...USUAL, ...filter });
	it('of nothing shows what is open', () => f('', {}));
	it('holds what was chosen', () => f('show=active&rule=1&stream=7', { show: 'active', rule: '1', stream: '7' }));
	it('holds what they are gathered by', () => f('group=asset&cause=none', { group: 'asset', cause: 'none' }));
	it('that nobody wrote shows what is open', () => f('show=everything&group=x', {}));
	it('is written as it is read', () => {
		const filter = { ...USUAL, show: 'all', rule: 'no-data', stream: '7', asset: 'a&b', group: 'cause' } as const;
		expect(parseFilter(new URLSearchParams(encodeFilter(filter)))).toEqual(filter);
	});
	it('of the usual view is empty', () => expect(encodeFilter(USUAL)).toBe(''));
	it('is narrow when it leaves something out', () =>
		expect([USUAL, { ...USUAL, show: 'all', group: 'rule' } as const, { ...USUAL, asset: 'x' }].map(isNarrow)).toEqual([
			false,
			false,
			true,
		]));
	it('of a group shows its members', () => {
		expect(filterOfGroup({ ...USUAL, group: 'asset' }, 'asset', { key: 'press' })).toEqual({
			...USUAL,
			asset: 'press',
		});
		expect(filterOfGroup(USUAL, 'cause', { key: null }).cause).toBe('none');
	});
});

describe('what the API is asked for', () => {
	it('active is active, whatever people did', () =>
		expect(queryOf({ ...USUAL, show: 'active' })).toEqual({ active: true }));
	it('open is a state', () =>
		expect(queryOf({ ...USUAL, rule: '1', stream: '7' })).toEqual({ state: 'open', rule: '1', stream: '7' }));
	it('unresolved is two states', () =>
		expect(queryOf({ ...USUAL, show: 'unresolved' })).toEqual({ state: 'unresolved' }));
	it('all has no filter', () => expect(queryOf({ ...USUAL, show: 'all' })).toEqual({}));
});
