import { describe, expect, it } from 'vitest';
import type { ApiLimits } from '#contracts/api.ts';
import type { LiveLimits } from '#contracts/live.ts';
import { createLimitsBook } from './limits-book.ts';

const numbers = { centre: 1, sigma: 1, lcl: -2, ucl: 4, rules: [1], baseline: null, notes: [], lag1: null };
const live = (id: string, fromMicros: number): LiveLimits => ({
	...numbers,
	id,
	streamId: 7,
	chart: 'i',
	fromMicros,
	method: 'given',
});
const history = (limitsId: string, from: string): ApiLimits => ({
	...numbers,
	limitsId,
	from,
	chart: 'i',
	method: 'given',
});

describe('the limits that the page knows', () => {
	it('of a stream never heard of are none', () => expect(createLimitsBook().segments('7', 'i')).toEqual([]));

	it('are one history, wherever they came from', () => {
		const book = createLimitsBook();
		book.addLive([live('b', 2_000_000)]);
		expect(book.segments('7', 'i')).toHaveLength(1);
		book.addHistory('7', [history('a', '1970-01-01T00:00:01Z'), history('b', '1970-01-01T00:00:02Z')]);
		expect(book.segments('7', 'i').map((one) => [one.fromMs, one.toMs])).toEqual([
			[1000, 2000],
			[2000, Infinity],
		]);
	});

	it('are each chart’s own', () => {
		const book = createLimitsBook();
		book.addLive([live('b', 1)]);
		expect(book.segments('7', 'mr')).toEqual([]);
	});
});
