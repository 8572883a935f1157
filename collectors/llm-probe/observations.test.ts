import { describe, expect, it } from 'vitest';
import { QUALITY } from '#contracts/point.ts';
import { NO_USAGE } from '#contracts/llm.ts';
import { namedChecks, type Check } from './checks.ts';
import { observationsOf } from './observations.ts';
import { promptClass } from './prompts.ts';
import { failedCall, goodCall } from './testing/answers.ts';

const T = 1_700_000_000_000_000;
const none = { costUsd: null, checks: [] };
const brief = (call: Parameters<typeof observationsOf>[0], more: Partial<typeof none> = {}) =>
	Object.fromEntries(
		observationsOf(call, { ...none, ...more }).map((one) => [
			one.name,
			'v' in one ? [one.v, (one.atMicros - T) / 1000] : one.reason,
		]),
	);

describe('what a call tells', () => {
	it('has the time at which it was known', () =>
		expect(brief(goodCall(T), { costUsd: 0.5 as unknown as null })).toEqual({
			connect_ms: [10, 10],
			ttfc_ms: [20, 30],
			ttft_ms: [40, 50],
			tpot_ms: [5, 110],
			chunk_gap_p95_ms: [6, 110],
			output_tps: [200, 110],
			total_ms: [100, 110],
			input_tokens: [10, 110],
			output_tokens: [13, 110],
			cost_usd: [0.5, 110],
			error: [0, 110],
		}));
	it('has no point for what is not known, least of all a 0', () => {
		const call = goodCall(T, { usage: NO_USAGE, tpotMs: null, outputTps: null, connectMs: null });
		expect(Object.keys(brief(call))).toEqual(['ttfc_ms', 'ttft_ms', 'chunk_gap_p95_ms', 'total_ms', 'error']);
	});
	it('is a point that is at least so long when a deadline passed', () => {
		const call = failedCall(T, 'timeout_first_token', { censoredMs: 30_000, endedMicros: T + 30_000_000 });
		const found = observationsOf(call, none).filter(({ name }) => name === 'ttft_ms' || name === 'total_ms');
		expect(found.map((one) => ('v' in one ? [one.v, one.quality, one.atMicros - T] : one.reason))).toEqual([
			[30_000, QUALITY.uncertain, 30_000_000],
			[30_000, QUALITY.uncertain, 30_000_000],
		]);
	});
	it('keeps the first token of an answer that fell silent', () => {
		const call = failedCall(T, 'timeout_idle', { ttftMs: 40, firstTokenMicros: T + 50_000, censoredMs: 500 });
		expect(brief(call)).toMatchObject({ ttft_ms: [40, 50], total_ms: [500, 110], error: [1, 110] });
	});
	it('is a gap with its class when the provider refused', () =>
		expect(brief(failedCall(T, 'overloaded'))).toMatchObject({
			ttft_ms: 'overloaded: no words',
			total_ms: 'overloaded: no words',
			error: [1, 110],
		}));
	it('is nothing when we stopped it ourselves', () => expect(brief(failedCall(T, 'client_abort'))).toEqual({}));
});

describe('checks', () => {
	const f = (check: Check, text: string) => namedChecks([check])[0]?.passes(text);
	it.each([
		[{ exact: 'yes' }, ' yes\n', true],
		[{ exact: 'yes' }, 'yes.', false],
		[{ regex: '^\\d+$' }, '12', true],
		[{ regex: '^\\d+$' }, '12a', false],
		[{ json: true }, '{"a": [1]}', true],
		[{ json: true }, '```json\n{"a": 1}\n```', true],
		[{ json: true }, 'Sure! {"a": 1}', false],
		[{ length: { min: 2, max: 3 } }, 'abc', true],
		[{ length: { min: 2, max: 3 } }, 'a', false],
		[{ length: { min: 2 } }, 'abcd', true],
	] as [Check, string, boolean][])('%j of %j is %j', (check, text, passes) => expect(f(check, text)).toBe(passes));
	it('have names that tell two of a kind apart', () =>
		expect(namedChecks([{ regex: 'a' }, { json: true }, { regex: 'b' }]).map(({ name }) => name)).toEqual([
			'regex',
			'json',
			'regex-2',
		]));
	it('are streams of 1 and 0, of whole answers only', () => {
		const checks = namedChecks([{ exact: '1 2 3' }, { json: true }]);
		const passes = (call: Parameters<typeof observationsOf>[0]) =>
			observationsOf(call, { costUsd: null, checks })
				.filter(({ name }) => name === 'pass')
				.map((one) => [one.check, 'v' in one && one.v]);
		expect(passes(goodCall(T))).toEqual([
			['exact', 1],
			['json', 0],
		]);
		expect(passes(failedCall(T, 'truncated'))).toEqual([]);
	});
});

describe('prompt classes', () => {
	const own = { mine: { text: 'hi', maxTokens: 5, cache: 'bust', checks: [] } } as const;
	const sizes = ['short', 'medium', 'long'].map((name) => promptClass(name, {})?.text('n').length ?? 0);
	it('come in three sizes', () => expect(sizes.map((size) => Math.round(Math.log10(size)))).toEqual([2, 4, 5]));
	it('begin with what no cache has seen, unless they are to be cached', () => {
		expect(promptClass('short', {})?.text('abc')).toMatch(/^\(request abc\)/);
		expect(promptClass('short-cached', {})?.text('abc')).not.toContain('abc');
	});
	it('of one size ask the same', () =>
		expect(promptClass('long', {})?.text('x').split('\n').slice(1).join('\n')).toBe(
			promptClass('long-cached', {})?.text(''),
		));
	it('know the right answer', () => {
		const [check] = promptClass('short', {})?.checks ?? [];
		expect(check?.passes(`${Array.from({ length: 40 }, (_, i) => i + 1).join(' ')}\n`)).toBe(true);
		expect(check?.passes('1 2 3')).toBe(false);
	});
	it('of an operator have another version with another text', () => {
		const version = (text: string) => promptClass('mine', { mine: { ...own.mine, text } })?.version;
		expect(version('hi')).toBe(version('hi'));
		expect(version('hi')).not.toBe(version('ho'));
	});
	it('that nobody has made are none', () => expect(promptClass('toString', {})).toBeUndefined());
});
