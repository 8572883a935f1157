import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAt, placesFor, type Standpoint } from './places.ts';

const NOBODY: Standpoint = { mayRead: false, mayReadAll: false, mayAdminister: false, hasModels: false };
const ALL: Standpoint = { mayRead: true, mayReadAll: true, mayAdminister: true, hasModels: true };
const titles = (at: Partial<Standpoint>) => placesFor({ ...NOBODY, ...at }).map(({ title }) => title);

describe('the menu', () => {
	it('leads to pages that there are', () =>
		expect(
			placesFor(ALL)
				.map(({ href }) => href)
				.filter((href) => href !== '/api/docs' && !existsSync(`src/routes${href}/+page.svelte`)),
		).toEqual([]));
	it('has no page twice', () => expect(new Set(titles(ALL)).size).toBe(titles(ALL).length));
	it('shows a wall what a wall may see', () =>
		expect(titles({})).toEqual(['Overview', 'Violations', 'Explore', 'Boards', 'Status', 'Glossary', 'Settings']));
	it('compares models where there are some', () => {
		expect(titles({ mayRead: true })).not.toContain('Compare');
		expect(titles({ mayRead: true, hasModels: true })).toContain('Compare');
	});
	it('keeps people for who manages them', () => {
		expect(titles({ mayRead: true, mayReadAll: true })).not.toContain('People');
		expect(titles(ALL)).toContain('People');
	});
	const [overview, violations] = placesFor(ALL);
	const f = (place: typeof overview, path: string, is: boolean) => expect(place && isAt(place, path)).toBe(is);
	it('overview is /', () => f(overview, '/', true));
	it('overview is not everything under /', () => f(overview, '/violations', false));
	it('a stream belongs to the overview', () => f(overview, '/streams/7', true));
	it('a violation belongs to violations', () => f(violations, '/violations/x', true));
	it('/violationsx does not', () => f(violations, '/violationsx', false));
});
