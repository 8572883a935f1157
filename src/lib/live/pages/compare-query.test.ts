import { describe, expect, it } from 'vitest';
import { encodeCompare, parseCompare } from './compare-query.ts';
import { shortTitles, targetsOf, titleOf } from './compare-targets.ts';

const parsed = (text: string) => parseCompare(new URLSearchParams(text));

describe('the address of a comparison', () => {
	it.each([
		'?targets=',
		'?targets=3,12&metric=total_ms&last=7d&view=box&weights=0,10,5,5',
		'?targets=3&from=2026-01-01T00:00:00.000Z&to=2026-01-02T00:00:00.000Z',
		'?targets=3,12&event=9f2c',
	])('holds all of it: %s', (text) => expect(encodeCompare(parsed(text))).toBe(text.replaceAll(':', '%3A')));
	it('that is wrong is as if it said nothing', () =>
		expect(parsed('?targets=x,<b>&last=9y&view=pie&weights=1,2,99,x&from=2&to=1&event=%3Cb%3E')).toEqual(parsed('')));
	it('names no target twice, and not more than can be seen', () =>
		expect(parsed(`?targets=1,1,${[2, 3, 4, 5, 6, 7, 8, 9, 10].join(',')}`).targets).toHaveLength(8));
});

describe('targets', () => {
	const stream = (id: string, key: string, labels = {}, kind = 'llm') => ({
		id,
		key,
		kind,
		labels,
		unit: 'ms',
		site: 's',
	});
	it('are what is measured of one model in one way', () => {
		const targets = targetsOf([
			stream('5', 'openai/gpt-4o/ttft_ms', { source: 'probe', connection: 'new' }),
			stream('6', 'openai/gpt-4o/total_ms', { source: 'probe', connection: 'new' }),
			stream('7', 'openai/gpt-4o/ttft_ms', { source: 'proxy' }),
			stream('8', 'press/temperature', {}, 'machine'),
		]);
		expect(targets.map((target) => [target.id, titleOf(target), [...target.streams.keys()]])).toEqual([
			['5', 'openai/gpt-4o · probe', ['ttft_ms', 'total_ms']],
			['7', 'openai/gpt-4o · proxy', ['ttft_ms']],
		]);
	});
	it('beside each other are told by what they differ in', () =>
		expect(
			shortTitles([
				{ name: 'a/b', labels: { source: 'probe', region: 'eu' } },
				{ name: 'a/b', labels: { source: 'probe', region: 'us' } },
				{ name: 'c/d', labels: { source: 'probe' } },
			]),
		).toEqual(['a/b · eu', 'a/b · us', 'c/d']));
	it('prefer what is measured on new connections', () =>
		expect(
			targetsOf([
				stream('1', 'a/b/ttft_ms', { connection: 'reused' }),
				stream('2', 'a/b/ttft_ms', { connection: 'new' }),
			])[0]?.streams.get('ttft_ms'),
		).toBe('2'));
});
