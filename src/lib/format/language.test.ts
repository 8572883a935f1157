import { afterEach, describe, expect, it } from 'vitest';
import * as contract from '#contracts/rule-words.ts';
import type { Rule } from '#contracts/chart.ts';
import { createClock } from '#lib/chart/clock.ts';
import { overwriteGetLocale } from '#messages/generated/runtime.js';
import { formatBytes } from './bytes.ts';
import { axisLabels, formatCount, formatDeviation, formatFixed } from './number.ts';
import { ruleExplanation, ruleWords, ruleLine } from './rule-words.ts';
import { formatAge, formatClockExact, formatDate } from './time.ts';
import { chartTitle } from './chart-words.ts';
import { rateWords } from './plan-words.ts';

afterEach(() => overwriteGetLocale(() => 'en'));

describe('in German', () => {
	const f = (text: () => string, written: string) => {
		overwriteGetLocale(() => 'de');
		expect(text()).toBe(written);
	};
	it('a number has a comma', () => f(() => formatFixed(-1234.5, 2), '−1234,50'));
	it('a very small one too', () => f(() => formatFixed(1.5e-9, 2), '1,50×10⁻⁹'));
	it('thousands are set apart by thin spaces, as in English', () => f(() => formatFixed(12345.5, 1), '12\u202f345,5'));
	it('a deviation has a comma', () => f(() => formatDeviation(2.4, 0, 1), '+2,4 σ'));
	it('an axis has commas', () => f(() => axisLabels([0, 0.5, 1]).join(' '), '0,0 0,5 1,0'));
	it('bytes have a comma', () => f(() => formatBytes(1.5e9), '1,5 GB'));
	it('a rate has a comma', () => f(() => rateWords(0.9), '0,9 pro Tag'));
	it('a day is an ordinal', () => f(() => formatDate(new Date(2026, 2, 3).getTime()), '3. Mär 2026'));
	it('a chart writes days the same way', () =>
		f(() => createClock('utc').date(Date.UTC(2026, 11, 24)), '24. Dez 2026'));
	it('parts of a second follow a comma', () =>
		f(() => formatClockExact(new Date(2026, 0, 1, 9, 5, 3, 250).getTime()), '09:05:03,250'));
	it('an age comes after its preposition', () => f(() => formatAge(12_000), 'vor 12 s'));
	it('one of something is one', () => f(() => formatCount(1, 'violation'), '1 Regelverletzung'));
	it('several are several', () => f(() => formatCount(12_000, 'stream'), '12\u202f000 Messreihen'));
	it('a rule has its name', () => f(() => ruleLine(2), 'Regel 2: Neun in Folge auf einer Seite'));
	it('a chart has its heading', () =>
		f(() => chartTitle({ chart: 'i', group: 30, scale: undefined }), 'Mittelwert, je 30 Werte'));
});

it('rules are called in English as the API calls them', () => {
	const rules: Rule[] = [
		1,
		2,
		3,
		4,
		5,
		6,
		7,
		8,
		'1-3s',
		'2-2s',
		'R-4s',
		'4-1s',
		'10-x',
		'limit',
		'no-data',
		'out-of-spec',
		'drift',
	];
	expect(rules.map((rule) => [ruleWords(rule), ruleExplanation(rule)])).toEqual(
		rules.map((rule) => [contract.ruleWords(rule), contract.ruleExplanation(rule)]),
	);
});
