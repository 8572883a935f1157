import { describe, expect, it } from 'vitest';
import { maySee, type Principal } from './principal.ts';

describe('a principal sees', () => {
	const f = (sites: Principal['sites'], site: string, sees: boolean) => expect(maySee({ sites }, site)).toBe(sees);
	it('its sites', () => f(['a', 'b'], 'b', true));
	it('no other', () => f(['a', 'b'], 'c', false));
	it('no part of a name', () => f(['plant-a'], 'plant', false));
	it('nothing by default, not even where it writes', () => f([], 'a', false));
	it('every site as the owner', () => f('all', 'anything', true));
	it('only what it may where a site is called all', () => f(['all'], 'a', false));
});
