import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCommand } from '#contracts/command.ts';
import { encodeLogs } from '#contracts/log-line.ts';
import { FLAG } from '#contracts/point.ts';
import { encodeRowsRecord } from '#contracts/rows.ts';
import type { Row } from '#contracts/rows.ts';
import { encodeVerdicts } from '#contracts/verdict.ts';
import type { Signal } from '#contracts/verdict.ts';
import type { JournalRecord, Topic } from '#server/journal/port.ts';
import { STORED_ROW_BYTES } from '../port.ts';
import { buildBatch } from './batch.ts';
import type { NewestTimes } from './batch.ts';

const RECEIVED = 1_700_000_000_123_456;
const record = (seq: number, topic: Topic, bytes: Uint8Array): JournalRecord => ({ seq, topic, partition: 0, bytes });
const points = (seq: number, rows: readonly Row[], historical = false) =>
	record(seq, 'points', encodeRowsRecord(rows, { receivedMicros: RECEIVED, historical }));
const row = (stream: number, tMicros: number, v = 1): Row => ({ stream, tMicros, v, quality: 192 });

function decode(rows: Uint8Array) {
	const bytes = Buffer.from(rows);
	return Array.from({ length: rows.length / STORED_ROW_BYTES }, (_, i) => {
		const at = i * STORED_ROW_BYTES;
		return {
			stream: bytes.readUInt32LE(at),
			t: Number(bytes.readBigInt64LE(at + 4)),
			v: bytes.readDoubleLE(at + 12),
			quality: bytes.readUInt8(at + 20),
			received: Number(bytes.readBigInt64LE(at + 21)),
			flags: bytes.readUInt8(at + 29),
		};
	});
}

describe('rows of the journal become rows of the store', () => {
	it('with everything that was known of them', () => {
		const rows = [{ stream: 7, tMicros: 1_600_000_000_000_001, v: -0.1, quality: 64 } as const];
		expect(decode(buildBatch([points(1, rows)], new Map()).rows)).toEqual([
			{ stream: 7, t: 1_600_000_000_000_001, v: -0.1, quality: 64, received: RECEIVED, flags: 0 },
		]);
	});

	const f = (times: number[], flags: number[], newest: NewestTimes = new Map()) => {
		const batch = buildBatch(
			[
				points(
					1,
					times.map((t) => row(1, t)),
				),
			],
			newest,
		);
		expect(decode(batch.rows).map((stored) => stored.flags)).toEqual(flags);
		expect(batch.duplicates).toBe(times.length - flags.length);
	};
	it('in order, none is late', () => f([1, 2, 3], [0, 0, 0]));
	it('what is older than the newest is late', () => f([5, 4, 6], [0, FLAG.late, 0]));
	it('what is late does not make the next one late', () => f([5, 1, 2], [0, FLAG.late, FLAG.late]));
	it('at the newest time it is that point again', () => f([5, 5, 6], [0, 0]));
	it('at another time it has to be stored to be told apart', () => f([4, 5, 4], [0, 0, FLAG.late]));
	it('the newest time of before counts', () => f([4, 5, 6], [FLAG.late, 0], new Map([[1, 5]])));
	it('a first point is late for nothing, however old', () => f([-1], [0]));

	it('of history are flagged so, and late as well where they are', () => {
		const batch = buildBatch([points(1, [row(1, 5), row(1, 4)], true)], new Map());
		expect(decode(batch.rows).map(({ flags }) => flags)).toEqual([FLAG.historical, FLAG.historical | FLAG.late]);
	});

	it('streams are told apart', () => {
		const batch = buildBatch([points(1, [row(1, 5), row(2, 4), row(1, 6), row(2, 3)])], new Map());
		expect(decode(batch.rows).map(({ flags }) => flags)).toEqual([0, 0, 0, FLAG.late]);
	});
});

describe('a batch can be made again', () => {
	const anyRow = fc.record({ stream: fc.integer({ min: 1, max: 4 }), t: fc.integer({ min: 1, max: 20 }) });
	const anyRecords = fc.array(fc.array(anyRow, { maxLength: 8 }), { minLength: 1, maxLength: 6 });

	it('to the byte, from the times that it noted, also when the store has it already', () => {
		fc.assert(
			fc.property(anyRecords, anyRecords, (earlier, later) => {
				const asRecords = (all: typeof earlier, from: number) =>
					all.map((rows, i) =>
						points(
							from + i,
							rows.map(({ stream, t }) => row(stream, t)),
						),
					);
				const newest: NewestTimes = new Map();
				buildBatch(asRecords(earlier, 1), newest);
				const first = buildBatch(asRecords(later, 100), newest);
				// A new process: the store has all of it, so its last times are those after the batch.
				for (const [stream, t] of first.before) {
					if (t === -Infinity) newest.delete(stream);
					else newest.set(stream, t);
				}
				expect(buildBatch(asRecords(later, 100), newest)).toEqual(first);
			}),
		);
	});

	it('the store is told of every point that is not at its newest time, exactly once', () => {
		fc.assert(
			fc.property(anyRecords, (all) => {
				const newest: NewestTimes = new Map();
				const batch = buildBatch(
					all.map((rows, i) =>
						points(
							i + 1,
							rows.map(({ stream, t }) => row(stream, t)),
						),
					),
					newest,
				);
				const model = new Map<number, number>();
				const expected = all.flat().flatMap(({ stream, t }) => {
					const last = model.get(stream) ?? -Infinity;
					model.set(stream, Math.max(last, t));
					return t === last ? [] : [{ stream, t, flags: t < last ? FLAG.late : 0 }];
				});
				expect(decode(batch.rows).map(({ stream, t, flags }) => ({ stream, t, flags }))).toEqual(expected);
				expect(newest).toEqual(model);
			}),
		);
	});
});

describe('what else is in the journal', () => {
	const gap = { streamId: 3, fromMicros: 1, toMicros: 2, reason: 'drop' };
	const signal: Signal = {
		streamId: 1,
		chart: 'i',
		rule: 1,
		side: 'above',
		tMicros: 5,
		spanFromMicros: 5,
		v: 4,
		limitsId: 'L',
		baseline: false,
	};

	it('gaps and verdicts are taken out, ticks are nothing for the store', () => {
		const batch = buildBatch(
			[
				record(1, 'commands', encodeCommand({ type: 'tick', tMicros: 5 })),
				record(2, 'commands', encodeCommand({ type: 'gap', ...gap })),
				record(5, 'verdicts', encodeVerdicts({ inputSeq: 1, verdicts: [{ type: 'signal', signal }] })),
			],
			new Map(),
		);
		expect(batch).toMatchObject({ first: 1, last: 5, used: 3, gaps: [gap], signals: [signal] });
		expect(batch.rows).toHaveLength(0);
	});

	it('what cannot be read does not stop what follows', () => {
		const bad = [record(1, 'points', Buffer.from('x')), record(2, 'verdicts', Buffer.from('{'))];
		const short = points(3, [row(1, 5)]).bytes.subarray(0, 30);
		const batch = buildBatch([...bad, record(3, 'points', short), points(4, [row(1, 5)])], new Map());
		expect(batch.unreadable.map(({ record: { seq } }) => seq)).toEqual([1, 2, 3]);
		expect(decode(batch.rows)).toHaveLength(1);
	});

	it('a batch ends once it has so many streams, and the next begins there', () => {
		const records = [1, 2, 3].map((stream) => points(stream, [row(stream, 5), row(stream + 10, 5)]));
		const batch = buildBatch(records, new Map(), { maxStreams: 3 });
		expect(batch).toMatchObject({ first: 1, last: 2, used: 2 });
		expect(batch.before.size).toBe(4);
	});
});

describe('points that were computed', () => {
	const computed = (seq: number, ...times: number[]) => {
		const of = times.map((tMicros) => ({ streamId: 9, tMicros, v: 0.1, quality: 64, flags: 2 }));
		const bytes = encodeVerdicts({ inputSeq: 1, verdicts: [{ type: 'points', receivedMicros: RECEIVED, points: of }] });
		return record(seq, 'verdicts', bytes);
	};
	it('are rows like all others, behind those that were measured', () => {
		const newest = new Map();
		const batch = buildBatch([points(1, [row(1, 5)]), computed(2, 6), points(3, [row(1, 7)])], newest);
		expect(decode(batch.rows).map(({ stream, t }) => [stream, t])).toEqual([[1, 5], [1, 7], [9, 6]]); // prettier-ignore
		expect(decode(batch.rows)[2]).toEqual({ stream: 9, t: 6, v: 0.1, quality: 64, received: RECEIVED, flags: 2 });
		expect([...newest]).toEqual([[1, 7], [9, 6]]); // prettier-ignore
		expect([...batch.before]).toEqual([[1, -Infinity], [9, -Infinity]]); // prettier-ignore
	});
	it('are looked for in the store where they go back in time', () =>
		expect(buildBatch([computed(1, 4, 6)], new Map([[9, 5]])).back).toEqual([0]));
	it('count for the number of streams of an insert', () => {
		const records = [computed(1, 1), points(2, [row(1, 5)]), points(3, [row(2, 5)])];
		expect(buildBatch(records, new Map(), { maxStreams: 2 }).used).toBe(2);
	});
});

describe('lines of logs', () => {
	const line = (text: string) => ({ tMicros: 5, source: null, severity: null, text, attributes: {} });
	it('become rows that their place in the journal names', () => {
		const bytes = encodeLogs({ site: 'plant', receivedMicros: RECEIVED, lines: [line('a'), line('b')] });
		const { logs, unreadable } = buildBatch(
			[record(7, 'logs', bytes), record(8, 'logs', new Uint8Array([1]))],
			new Map(),
		);
		expect(logs.map(({ site, seq, line: n, text }) => [site, seq, n, text])).toEqual([
			['plant', 7, 0, 'a'],
			['plant', 7, 1, 'b'],
		]);
		expect(unreadable.map(({ record: { seq } }) => seq)).toEqual([8]);
	});
});
