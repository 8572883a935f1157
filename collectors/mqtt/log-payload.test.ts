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

const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('ERR', NOW, -1, 1e300, '2023-01-02T03:04:05Z', ''));
const item = fc.record(
	{ t: odd, text: odd, severity: odd, source: odd, attributes: odd, txt: odd },
	{ requiredKeys: [] },
);
const payload = fc.oneof(
	fc.uint8Array().map((bytes) => Buffer.from(bytes)),
	fc.json().map((text) => Buffer.from(text)),
	fc.oneof(item, fc.array(fc.oneof(item, odd))).map((document) => Buffer.from(JSON.stringify(document))),
);

it('any bytes are lines that have a text, a time and a source, or faults', () => {
	let [taken, refused] = [0, 0];
	fc.assert(
		fc.property(payload, (bytes) => {
			const { lines, faults } = readLogPayload(bytes, { source: 's', nowMicros: NOW });
			expect(lines.length + faults.length).toBeGreaterThanOrEqual(/^\s*\[\s*\]\s*$/.test(bytes.toString()) ? 0 : 1);
			for (const { text, tMicros, source } of lines)
				if (text.trim() === '' || !Number.isInteger(tMicros) || source === null || source === '') throw new Error(text);
			for (const fault of faults) if (!/^(the line|line \d+ of it)[ ,]/.test(fault)) throw new Error(fault);
			taken += lines.length;
			refused += faults.length;
		}),
		{ numRuns: 10_000 },
	);
	expect(Math.min(taken, refused)).toBeGreaterThan(100);
});
