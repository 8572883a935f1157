import { describe, expect, it } from 'vitest';
import { factsOf, type Seen } from './steps.ts';

const NOTHING: Seen = { streams: [], isSetUp: false, people: 1, routes: 0, planActs: 0 };
const f = (change: Partial<Seen>, expected: Partial<ReturnType<typeof factsOf>>) =>
	expect(factsOf({ ...NOTHING, ...change })).toMatchObject(expected);

describe('the first steps', () => {
	it('begin with nothing done', () => expect(Object.values(factsOf(NOTHING)).filter((one) => one)).toEqual([]));
	it('a point has come in', () => f({ streams: [{ state: 'learning', last: {} }] }, { point: true, limits: false }));
	it('a stream without a point is none', () => f({ streams: [{ state: 'no-data', last: null }] }, { point: false }));
	it('limits are learnt', () => f({ streams: [{ state: 'violating', last: {} }] }, { limits: true }));
	it('the first account is no colleague', () => f({ people: 1 }, { colleague: false }));
	it('the second is', () => f({ people: 2 }, { colleague: true }));
	it('what a reader may not know is not on the list', () =>
		f({ people: undefined, routes: undefined, planActs: undefined }, { colleague: undefined, route: undefined }));
});
