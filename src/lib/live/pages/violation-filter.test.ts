import { describe, expect, it } from 'vitest';
import { encodeFilter, parseFilter, queryOf } from './violation-filter.ts';

describe('the filter of violations in an address', () => {
	const f = (search: string, filter: unknown) => expect(parseFilter(new URLSearchParams(search))).toEqual(filter);
	it('of nothing shows what is open', () => f('', { show: 'open', rule: '', stream: '' }));
	it('holds what was chosen', () => f('show=active&rule=1&stream=7', { show: 'active', rule: '1', stream: '7' }));
	it('that nobody wrote shows what is open', () => f('show=everything', { show: 'open', rule: '', stream: '' }));
	it('is written as it is read', () => {
		const filter = { show: 'all', rule: 'no-data', stream: '7' } as const;
		expect(parseFilter(new URLSearchParams(encodeFilter(filter)))).toEqual(filter);
	});
	it('of the usual view is empty', () => expect(encodeFilter({ show: 'open', rule: '', stream: '' })).toBe(''));
});

describe('what the API is asked for', () => {
	it('active is active, whatever people did', () =>
		expect(queryOf({ show: 'active', rule: '', stream: '' })).toEqual({ active: true }));
	it('open is a state', () =>
		expect(queryOf({ show: 'open', rule: '1', stream: '7' })).toEqual({ state: 'open', rule: '1', stream: '7' }));
	it('all has no filter', () => expect(queryOf({ show: 'all', rule: '', stream: '' })).toEqual({}));
});
