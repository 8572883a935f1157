import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCursor, scanFieldKey, scanSeries, skipSpaces } from './line-cursor.ts';
import { createSeriesCache } from './series-cache.ts';

function cursorAt(series: string, field: string) {
	const cursor = createCursor(new TextEncoder().encode(`${series} ${field}=1`));
	scanSeries(cursor);
	skipSpaces(cursor);
	scanFieldKey(cursor);
	return cursor;
}

describe('the cache of series', () => {
	const name = fc.stringMatching(/^[a-c,0-9]{1,6}$/);
	it('finds each pair of series and field that was put, and no other', () =>
		fc.assert(
			fc.property(fc.uniqueArray(fc.tuple(name, name), { selector: String, maxLength: 40 }), (names) => {
				const cache = createSeriesCache();
				const cursors = names.map(([series, field]) => cursorAt(series, field.replaceAll(',', '\\,')));
				cursors.forEach((cursor, i) => {
					expect(cache.find(cursor)).toBe(0);
					cache.put(cursor, i + 1);
				});
				expect(cursors.map((cursor) => cache.find(cursor))).toEqual(names.map((_, i) => i + 1));
			}),
		));
	it('tells pairs of the same hash apart by their bytes', () => {
		const cache = createSeriesCache();
		const [a, b] = [cursorAt('m', 'a'), cursorAt('m', 'b')];
		b.hash = a.hash;
		cache.put(a, 1);
		expect(cache.find(b)).toBe(0);
		cache.put(b, 2);
		expect([cache.find(a), cache.find(b)]).toEqual([1, 2]);
	});
	it('grows to many', () => {
		const cache = createSeriesCache();
		for (let i = 1; i <= 5000; i++) cache.put(cursorAt(`m,host=${i}`, 'v'), i);
		for (let i = 1; i <= 5000; i += 7) expect(cache.find(cursorAt(`m,host=${i}`, 'v'))).toBe(i);
		expect(cache.find(cursorAt('m,host=5001', 'v'))).toBe(0);
	});
});
