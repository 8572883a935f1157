import { afterEach, describe, expect, it } from 'vitest';
import { overwriteGetLocale } from '#messages/generated/runtime.js';
import { changeSentence, pairSentence } from '#server/llm/compare/sentence.ts';
import { changeWords, pairWords } from './difference-words.ts';

afterEach(() => overwriteGetLocale(() => 'en'));

const of = (name: string) => ({ name, unit: 'ms' });
const found = (median: number, low: number, high: number) => ({ median, low, high, confidence: 0.95, n: 17 });

describe('a difference is said on the page as by the API', () => {
	const names = { a: 'alpha', b: 'beta' };
	const f = (name: string, interval: ReturnType<typeof found>) => {
		const unit = 'ms';
		// A page has a minus of its own.
		const said = (text: string) => text.replaceAll('\u2212', '-');
		expect(said(pairWords(of(name), names, interval))).toBe(pairSentence(name, { ...names, unit, n: 17, interval }));
		expect(said(changeWords(of(name), 'v2', interval))).toBe(changeSentence(name, { what: 'v2', unit, interval }));
	};
	it('faster', () => f('ttft_ms', found(-158.4, -166, -130)));
	it('slower', () => f('total_ms', found(40, 30, 55)));
	it('more is faster where it is a rate', () => f('output_tps', found(4, 3, 5)));
	it('none that can be told', () => f('queue_ms', found(1, -2, 3)));
	it('of something of one’s own', () => f('constructor', found(1, 0.5, 3)));
});

it('a difference is whole in German', () => {
	overwriteGetLocale(() => 'de');
	expect(pairWords(of('ttft_ms'), { a: 'alpha', b: 'beta' }, found(-1.5, -1.75, -1.25))).toBe(
		'beta gegenüber alpha: erstes Token 1,5 ms schneller (95 % Konfidenz 1,25 bis 1,75 ms, 17 Zeitfenster).',
	);
});
