import { describe, expect, it } from 'vitest';
import { ConfigError, InputError, messageOf, RetriableError } from './error.ts';

describe('an error', () => {
	const f = (error: Error, name: string) => {
		expect(error).toBeInstanceOf(Error);
		expect(String(error)).toBe(`${name}: why`);
	};
	it('that a person can mend says so', () => f(new ConfigError('why'), 'ConfigError'));
	it('that may pass says so', () => f(new RetriableError('why'), 'RetriableError'));
	it('of an input says so', () => f(new InputError('why'), 'InputError'));
	it('keeps what caused it', () => {
		const cause = new Error('below');
		expect(new RetriableError('why', { cause }).cause).toBe(cause);
		expect(new ConfigError('why', { cause }).cause).toBe(cause);
	});
	it('says when to try again where somebody said so', () =>
		expect(new RetriableError('why', { retryAfterMs: 250 }).retryAfterMs).toBe(250));
	it('else leaves that to the one who tries', () => expect(new RetriableError('why').retryAfterMs).toBe(undefined));
	it('of an input has a fault for each place', () => {
		const faults = [{ path: 'line 17', message: 'no value' }];
		expect(new InputError('why', faults).faults).toEqual(faults);
		expect(new InputError('why').faults).toEqual([]);
	});
});

describe('the message of what was thrown', () => {
	const f = (thrown: unknown, message: string) => expect(messageOf(thrown)).toBe(message);
	it('of an error', () => f(new ConfigError('why'), 'why'));
	it('of a string', () => f('why', 'why'));
	it('of nothing', () => f(undefined, 'undefined'));
	it('of several errors without a word of their own, as Node refuses a name with two addresses', () =>
		f(
			new AggregateError([new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 127.0.0.1:1')]),
			'connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1',
		));
	it('of several errors with one', () => f(new AggregateError([new Error('a')], 'all failed'), 'all failed'));
});
