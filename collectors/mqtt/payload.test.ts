import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '#contracts/time.ts';
import { subscriptionSchema } from './config.ts';
import { createPayloadReader } from './payload.ts';

function read(payload: string | Buffer, options: object = {}) {
	const reader = createPayloadReader(subscriptionSchema.parse({ topic: 'a/#', ...options }));
	return reader.read(Buffer.from(payload));
}

/** Values, or why there are none. */
function f(payload: string | Buffer, options: object, want: unknown) {
	const reading = read(payload, options);
	expect(typeof reading === 'string' ? reading : reading.values).toEqual(want);
}

describe('a payload that is a burst of samples', () => {
	const reader = createPayloadReader(
		subscriptionSchema.parse({
			topic: 'v',
			value: '$.a',
			time: '$.t',
			timeUnit: 's',
			burst: { rate: 100, features: ['rms'] },
		}),
	);
	const read = (document: object) => reader.read(Buffer.from(JSON.stringify(document)));
	const a = Array.from({ length: 32 }, (_, i) => (i % 2 ? 2 : -2));
	it('has its features as values', () =>
		expect([reader.names, read({ a, t: 7 })]).toEqual([
			['rms'],
			{ tMicros: 7_000_000, quality: 192, values: [2], faults: [] },
		]));
	it('that is none is said, with its path', () => expect(read({ a: 5, t: 7 })).toMatch(/^\$\.a: it is no array/));
});

describe('a number as text', () => {
	const n = (text: string | Buffer, want: unknown) => f(text, { format: 'number' }, want);
	it('is a decimal', () => n('21.5', [21.5]));
	it('may have a sign, an exponent, blanks and a line end', () => n(' -1.5e+3\r\n', [-1500]));
	it('may be a boolean', () => n('true', [1]));
	it('may say that there is none', () => n('NaN', [NaN]));
	it('may be empty, which says the same', () => n('', [NaN]));
	it('is no word', () => n('on', '"on" is no number'));
	it('is not hexadecimal', () => n('0x1F', '"0x1F" is no number'));
	it('has no comma', () => n('21,5', '"21,5" is no number'));
	it('is not infinite', () => n('Infinity', '"Infinity" is no number'));
	it('is not beyond a double', () => n('1e999', 'the number is beyond what a double can hold'));
	it('shows what is invisible, cut', () => n('\u202e\u0000x', '"\\u202e\\u0000x" is no number'));
	it('is not ten megabytes long', () => n(Buffer.alloc(10_000_000, 0x31), '10000000 bytes are no number'));
});

describe('JSON', () => {
	it('may be a bare number', () => f('21.5', {}, [21.5]));
	it('has a value at a path', () => f('{"a": [{"v": 2}]}', { value: '$.a[0].v' }, [2]));
	it('has a number in a string', () => f('{"v": " 2.5 "}', { value: '$.v' }, [2.5]));
	it('has booleans', () => f('{"v": false}', { value: '$.v' }, [0]));
	it('says with null that there is none', () => f('{"v": null}', { value: '$.v' }, [NaN]));
	it('lacks the value', () => f('{"w": 1}', { value: '$.v' }, '$.v is not in it'));
	it('has an object there', () => f('{"v": {}}', { value: '$.v' }, [NaN]));
	it('has a number beyond a double', () => f('{"v": 1e999}', { value: '$.v' }, [NaN]));
	it('has several values, and some of them at a time', () =>
		f('{"a": 1, "c": null}', { values: { a: '$.a', b: '$.b', c: '$.c' } }, [1, undefined, NaN]));
	it('has none of several', () => f('{}', { values: { a: '$.a' } }, 'none of its values is in it'));
	it('cannot be read when it is none', () => f('{"v":', { value: '$.v' }, '"{\\"v\\":" is no JSON'));
	it('cannot be read when it is too long', () =>
		f(`"${'x'.repeat(10_000_000)}"`, {}, '10000002 bytes; 1048576 are allowed'));
	it('cannot be reached below where it goes too deep', () =>
		expect(typeof read('['.repeat(200_000), { value: '$.v' })).toBe('string'));
	it('has no value in what all objects have', () => f('{}', { value: '$.toString' }, '$.toString is not in it'));
	it('of any kind never throws', () =>
		fc.assert(
			fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
				read(text, { value: '$.a', time: '$.t', quality: '$.q' });
				read(text, { values: { a: '$[0]', b: '$.b' } });
			}),
			{ numRuns: 10_000 },
		));
});

describe('a time of measurement', () => {
	const t = (value: unknown, timeUnit: string, want: string | undefined) => {
		const reading = read(JSON.stringify({ v: 1, t: value }), { value: '$.v', time: '$.t', timeUnit });
		if (want === undefined) expect(reading).toMatch(/^\$\.t: .* is no time|the time is not in it/);
		else expect(reading).toMatchObject({ tMicros: parseTime(want) });
	};
	const at = '2026-01-02T03:04:05.250Z';
	it('is RFC 3339', () => t('2026-01-02T04:04:05.25+01:00', 'rfc3339', at));
	it('is no number unless its unit is said', () => t(1767323045250, 'rfc3339', undefined));
	it('is no digits unless their unit is said', () => t('1767323045250', 'rfc3339', undefined));
	it('is seconds', () => t(1767323045.25, 's', at));
	it('is milliseconds', () => t(1767323045250, 'ms', at));
	it('is microseconds', () => t(1767323045250000, 'us', at));
	it('is nanoseconds, as digits', () => t('1767323045250000999', 'ns', at));
	it('is a number in a string', () => t('1767323045250', 'ms', at));
	it('is no text when it is to be a number', () => t('soon', 'ms', undefined));
	it('is not missing', () => t(undefined, 'rfc3339', undefined));
	it('is not beyond what can be counted', () => t(1e300, 's', undefined));
});

describe('a quality', () => {
	const q = (value: unknown, want: unknown) => {
		const reading = read(JSON.stringify({ v: 1, q: value }), { value: '$.v', quality: '$.q' });
		expect(typeof reading === 'string' ? reading : reading.quality).toEqual(want);
	};
	it('is a word', () => q('Bad', 0));
	it('is a boolean', () => q(true, 192));
	it('is a number of OPC, whatever its lower bits', () => q(216, 192));
	it('is uncertain between 64 and 127', () => q(80, 64));
	it('is bad below', () => q(24, 0));
	it('is uncertain when it is missing', () => q(undefined, 64));
	it('is no other word', () => q('__proto__', '$.q: "__proto__" is no quality'));
});
