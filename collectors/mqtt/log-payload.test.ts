import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLogPayload } from './log-payload.ts';

const NOW = 1_700_000_000_000_000;
const read = (payload: unknown) =>
	readLogPayload(Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)), {
		source: 'plant/log',
		nowMicros: NOW,
	});
const line = { tMicros: NOW, source: 'plant/log', severity: null, attributes: {} };

describe('a message of a log', () => {
	const f = (payload: unknown, lines: object[], faults: unknown[] = []) =>
		expect(read(payload)).toEqual({ lines, faults });
	it('is text as it stands', () => f('drive hot\n', [{ ...line, text: 'drive hot' }]));
	it('is text, too, where it only looks like JSON', () => {
		f('[ERROR] drive hot', [{ ...line, text: '[ERROR] drive hot' }]);
		f('{broken', [{ ...line, text: '{broken' }]);
		f('17', [{ ...line, text: '17' }]);
	});
	it('is a JSON object, with its own time and source', () =>
		f({ t: '2023-01-02T03:04:05Z', source: 'plc', severity: 'ERR', text: 'hot', attributes: { axis: 3 } }, [
			{
				tMicros: Date.UTC(2023, 0, 2, 3, 4, 5) * 1000,
				source: 'plc',
				severity: 'error',
				text: 'hot',
				attributes: { axis: '3' },
			},
		]));
	it('is an array of them, of which a bad one is left out', () =>
		f(
			[{ text: 'a' }, { txt: 'b' }, 7],
			[{ ...line, text: 'a' }],
			[
				expect.stringMatching(/^line 2 of it, txt: unknown field; .*did you mean text\?$/),
				'line 3 of it is 7, not a line: write {"text": "…"}',
			],
		));
	it('is none when there is nothing in it', () => f('  ', [], ['the line, text: is empty']));
	it('is none that is too large to read at once', () =>
		f('x'.repeat(1024 * 1024 + 1), [], ['1048577 bytes; 1048576 are allowed for lines of a log']));
});

it('any bytes are lines or faults', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.uint8Array(),
				fc.json().map((text) => Buffer.from(text)),
			),
			(bytes) => {
				const { lines, faults } = readLogPayload(Buffer.from(bytes), { source: 's', nowMicros: NOW });
				expect(lines.length + faults.length).toBeGreaterThanOrEqual(String(Buffer.from(bytes)).trim() === '[]' ? 0 : 1);
			},
		),
	);
});
