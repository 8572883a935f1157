import { describe, expect, it } from 'vitest';
import { isConcern, nextConcerns, worstOf, type Concern, type Found } from './concerns.ts';

const found = (id: string, more: Partial<Found<string>> = {}): Found<string> => ({
	id,
	stream: id,
	standing: 'violating',
	severity: 'warning',
	sinceMs: 0,
	ageMs: 0,
	isExpected: false,
	...more,
});
const HOUR = 3_600_000;

describe('what a crew has to know of', () => {
	const f = (more: Partial<Found<string>>, is: boolean) => expect(isConcern(found('a', more))).toBe(is);
	it('is a violation', () => f({}, true));
	it('is a silence', () => f({ standing: 'stale' }, true));
	it('is a stream that fell silent today', () => f({ standing: 'no-data', ageMs: 3 * HOUR }, true));
	it('is no import of years ago', () => f({ standing: 'no-data', ageMs: 4657 * 24 * HOUR }, false));
	it('is a stream that should have points, however long it has none', () =>
		f({ standing: 'no-data', ageMs: 4657 * 24 * HOUR, isExpected: true }, true));
	it('is no stream that never had one', () => f({ standing: 'no-data', ageMs: undefined }, false));
	it('is nothing that learns', () => f({ standing: 'learning' }, false));
	it('is nothing in control', () => f({ standing: 'in-control' }, false));
});

describe('the order', () => {
	const f = (all: readonly Found<string>[], ids: string[]) =>
		expect(nextConcerns([], all, 0).map(({ id }) => id)).toEqual(ids);
	it('is the worst first', () =>
		f(
			[
				found('stale', { standing: 'stale', severity: undefined }),
				found('silent', { standing: 'no-data', severity: undefined }),
				found('warning'),
				found('critical', { severity: 'critical' }),
				found('info', { severity: 'info' }),
			],
			['critical', 'warning', 'silent', 'stale', 'info'],
		));
	it('is then the newest first', () => f([found('old', { sinceMs: 1 }), found('new', { sinceMs: 2 })], ['new', 'old']));
});

describe('a concern', () => {
	function after(
		steps: readonly (readonly [atMs: number, all: readonly Found<string>[]])[],
	): readonly Concern<string>[] {
		return steps.reduce<readonly Concern<string>[]>((before, [atMs, all]) => nextConcerns(before, all, atMs), []);
	}
	const calm = (id: string) => found(id, { standing: 'in-control', severity: undefined });

	it('that is over is said to be for a while', () => {
		expect(
			after([
				[0, [found('a')]],
				[10, [calm('a')]],
				[9_000, [calm('a')]],
			]),
		).toMatchObject([{ id: 'a', overMs: 10 }]);
	});
	it('that is over goes', () => {
		expect(
			after([
				[0, [found('a')]],
				[10, [calm('a')]],
				[20_000, [calm('a')]],
			]),
		).toEqual([]);
	});
	it('that comes back in that while stands where it stood', () => {
		const b = found('b', { sinceMs: 5 });
		const steps = [
			[6, [found('a', { sinceMs: 1 }), b]],
			[10, [calm('a'), b]],
			[12, [found('a', { sinceMs: 12 }), b]],
		] as const;
		expect(after(steps)).toMatchObject([{ id: 'b' }, { id: 'a', overMs: undefined, sinceMs: 12 }]);
	});
	it('that has become another one stands anew', () => {
		const steps = [
			[0, [found('a')]],
			[10, [found('a', { standing: 'stale', severity: undefined, sinceMs: 9 })]],
		] as const;
		expect(after(steps)).toMatchObject([{ standing: 'stale', cameMs: 9 }]);
	});
	it('of a stream that is gone goes with it', () =>
		expect(
			after([
				[0, [found('a')]],
				[1, []],
			]),
		).toEqual([]));
});

it('the worst of several counts', () => {
	expect(worstOf(['info', 'critical', 'warning'])).toBe('critical');
	expect(worstOf([])).toBeUndefined();
});
