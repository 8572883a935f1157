import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BATCH_HEADER_BYTES } from '#contracts/collect.ts';
import { QUALITY } from '#contracts/point.ts';
import { ROW_BYTES } from '#contracts/rows.ts';
import { createSpool, type SendWindow, type Spool, type SpoolWrite, type WhenFull } from './spool.ts';
import { decodeRows, encodeRows, type GapEntry } from './spool-part.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'spool-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const WIDE: SendWindow = { messages: 1000, bytes: 1e9, maxBytes: 1e6 };

function open(options: { whenFull?: WhenFull; capBytes?: number; file?: string } = {}): Spool {
	let epochs = 0;
	return createSpool({
		file: join(folder, options.file ?? 'queue.sqlite'),
		capBytes: options.capBytes ?? 1e9,
		whenFull: options.whenFull ?? 'block',
		newEpoch: () => `epoch-${++epochs}-${Math.random()}`,
		nowMs: () => 5000,
		onDamaged: () => {},
	});
}

const press = { key: 'press-1/temperature', unit: '°C', labels: {}, kind: 'machine' } as const;
const pump = { ...press, key: 'pump-1/flow' };

function rows(stream: number, times: readonly number[], cursor?: unknown): SpoolWrite {
	const body = encodeRows(times.map((tMicros) => ({ stream, tMicros, v: tMicros, quality: QUALITY.good })));
	return {
		parts: [{ kind: 'rows', body, historical: false }],
		cursor: cursor === undefined ? undefined : JSON.stringify(cursor),
	};
}

const gaps = (...entries: GapEntry[]): SpoolWrite => ({ parts: [{ kind: 'gaps', gaps: entries }], cursor: undefined });

/** What the spool would send now, as short words: `1:10,20` is message 1 with points of these times. */
function toSend(spool: Spool, after = spool.acked()): string[] {
	const words: string[] = [];
	for (let seq = spool.nextSeq(after); seq !== undefined; seq = spool.nextSeq(seq)) {
		const message = spool.message(seq);
		const times = message.kind === 'rows' ? decodeRows(message.body).map((row) => row.tMicros) : [];
		if (message.kind === 'gap') words.push(`${seq}:gap ${message.gap.stream} ${message.gap.from}-${message.gap.to}`);
		else words.push(message.kind === 'rows' ? `${seq}:${times.join()}` : `${seq}:${message.count} lines`);
	}
	return words;
}

describe('the disk queue', () => {
	it('gives no number while the hub is away', () => {
		const spool = open();
		spool.commit([rows(0, [1])], undefined);
		expect(toSend(spool)).toEqual([]);
		spool.close();
	});

	it('numbers messages from 1 without gaps once the hub is there', () => {
		const spool = open();
		spool.commit([rows(0, [1])], undefined);
		spool.commit([rows(0, [2])], WIDE);
		spool.commit([rows(0, [3])], WIDE);
		expect(toSend(spool)).toEqual(['1:1', '2:2', '3:3']);
		spool.close();
	});

	it('joins what is committed together, up to a gap or a change to history', () => {
		const spool = open();
		const historical: SpoolWrite = {
			parts: [{ kind: 'rows', body: encodeRows([{ stream: 0, tMicros: 7, v: 0, quality: 192 }]), historical: true }],
			cursor: undefined,
		};
		const gap = gaps({ stream: 1, from: 4, to: 5, reason: 'away' });
		spool.commit([historical, rows(0, [1]), rows(0, [2]), gap, rows(0, [6])], WIDE);
		expect(toSend(spool)).toEqual(['1:7', '2:1,2', '3:gap 1 4-5', '4:6']);
		expect([1, 2].map((seq) => spool.message(seq))).toMatchObject([{ historical: true }, { historical: false }]);
		spool.close();
	});

	it('seals no more than the window takes, and more when something is acknowledged', () => {
		const spool = open();
		const window = { ...WIDE, messages: 2 };
		for (const t of [1, 2, 3, 4]) spool.commit([rows(0, [t])], window);
		expect(toSend(spool)).toEqual(['1:1', '2:2']);
		spool.acknowledge(1);
		expect(spool.due(window)).toBe('seal');
		spool.commit([], window);
		expect(toSend(spool)).toEqual(['2:2', '3:3']);
		spool.close();
	});

	it('cuts messages to what the hub takes at once', () => {
		const spool = open();
		spool.commit([rows(0, [1, 2, 3, 4, 5])], { ...WIDE, maxBytes: BATCH_HEADER_BYTES + 2 * ROW_BYTES });
		expect(toSend(spool)).toEqual(['1:1,2', '2:3,4', '3:5']);
		spool.close();
	});

	it('forgets what is acknowledged, and an item of several messages only with its last', () => {
		const spool = open();
		spool.commit([rows(0, [1, 2, 3])], { ...WIDE, maxBytes: BATCH_HEADER_BYTES + ROW_BYTES });
		spool.acknowledge(2);
		spool.commit([], undefined);
		expect([spool.stats().depth, toSend(spool)]).toEqual([3, ['3:3']]);
		spool.acknowledge(3);
		spool.commit([], undefined);
		expect(spool.stats()).toMatchObject({ depth: 0, bytes: 0 });
		spool.close();
	});

	it('knows a number that was never given', () => {
		const spool = open();
		spool.commit([rows(0, [1])], WIDE);
		expect([spool.acknowledge(2), spool.acknowledge(1), spool.acknowledge(1)]).toEqual([false, true, true]);
		spool.close();
	});

	it('keeps the last note of each name, and forgets what has no bytes', () => {
		const note = (name: string, ...bytes: number[]): SpoolWrite => ({
			parts: [],
			cursor: undefined,
			notes: new Map([[name, Uint8Array.from(bytes)]]),
		});
		const spool = open();
		spool.commit([note('a', 1), note('b', 2), note('a', 3, 4)], undefined);
		spool.commit([note('b'), note('c', 5)], undefined);
		spool.close();
		const again = open();
		expect([...again.notes()].map(([name, bytes]) => [name, ...bytes])).toEqual([
			['a', 3, 4],
			['c', 5],
		]);
		again.close();
	});

	it('has the same numbers, bytes, epoch, cursor and streams after it was opened again', () => {
		const first = open();
		first.streamId(press);
		const id = first.streamId(pump);
		first.commit([rows(id, [1], { line: 3 })], WIDE);
		first.commit([rows(id, [2], { line: 4 })], undefined);
		const epoch = first.epoch();
		first.close();
		const again = open();
		expect([again.epoch(), again.cursor(), again.declaration(id).key]).toEqual([epoch, { line: 4 }, pump.key]);
		expect(again.streamId({ ...pump })).toBe(id);
		expect(toSend(again)).toEqual(['1:1']);
		again.commit([], WIDE);
		expect(toSend(again)).toEqual(['1:1', '2:2']);
		again.close();
	});

	it('takes a changed unit for another stream', () => {
		const spool = open();
		const ids = [press, { ...press, unit: 'K' }, { ...press, labels: { b: '2', a: '1' } }].map(spool.streamId);
		expect([...ids, spool.streamId({ ...press, labels: { a: '1', b: '2' } })]).toEqual([0, 1, 2, 2]);
		spool.close();
	});

	it('tells its depth, bytes and age', () => {
		const spool = open();
		spool.commit([rows(0, [1, 2])], undefined);
		expect(spool.stats()).toMatchObject({ depth: 2, bytes: 2 * ROW_BYTES + 64, oldestMs: 0, dropped: 0 });
		spool.close();
	});

	it('is not opened by a second one', () => {
		const spool = open();
		expect(() => open()).toThrow(/cannot open queue .*: database is locked/);
		spool.close();
		open().close();
	});

	it('sends a message that was refused no more, also when others follow', () => {
		const spool = open();
		for (const t of [1, 2, 3]) spool.commit([rows(0, [t])], WIDE);
		spool.settle(2);
		expect(toSend(spool)).toEqual(['1:1', '3:3']);
		spool.acknowledge(3);
		spool.commit([], WIDE);
		expect(spool.stats().depth).toBe(0);
		spool.close();
	});

	it('begins a new numbering with what is left when the hub has lost the old one', () => {
		const spool = open();
		for (const t of [1, 2, 3]) spool.commit([rows(0, [t])], WIDE);
		spool.acknowledge(1);
		const epoch = spool.epoch();
		spool.renumber();
		expect([spool.epoch() === epoch, spool.acked()]).toEqual([false, 0]);
		spool.commit([], WIDE);
		expect(toSend(spool)).toEqual(['1:2', '2:3']);
		spool.close();
	});
});

describe('a full queue', () => {
	/** Room for three points of an item of their own. */
	const capBytes = 3 * (ROW_BYTES + 64) + 20;
	/** A gaps item is larger than a point's; what stands for drops may go over the cap. */
	const fill = (spool: Spool, times: readonly number[]) => times.map((t) => spool.commit([rows(0, [t], t)], undefined));

	it('that blocks takes no more until something is acknowledged', () => {
		const spool = open({ capBytes });
		expect(fill(spool, [1, 2, 3, 4])).toEqual([1, 1, 1, 0]);
		expect(spool.cursor()).toBe(3);
		spool.commit([], WIDE);
		spool.acknowledge(1);
		expect(spool.commit([rows(0, [4], 4)], WIDE)).toBe(1);
		expect(spool.cursor()).toBe(4);
		spool.close();
	});

	it('that blocks takes one write however large when it is empty', () => {
		const spool = open({ capBytes: 10 });
		expect(fill(spool, [1, 2])).toEqual([1, 0]);
		spool.close();
	});

	it('that drops the oldest has one gap for all that went', () => {
		const spool = open({ capBytes, whenFull: 'drop-oldest' });
		expect(fill(spool, [1, 2, 3, 4, 5, 6])).toEqual([1, 1, 1, 1, 1, 1]);
		spool.commit([], WIDE);
		const [gap, ...points] = toSend(spool);
		expect(gap).toMatch(/^1:gap 0 1-\d$/);
		expect(points.at(-1)).toMatch(/:6$/);
		expect(spool.stats().dropped + points.length).toBe(6);
		spool.close();
	});

	it('that drops the oldest keeps what has its number', () => {
		const spool = open({ capBytes, whenFull: 'drop-oldest' });
		spool.commit([rows(0, [1])], WIDE);
		fill(spool, [2, 3, 4, 5, 6, 7]);
		expect(toSend(spool)).toEqual(['1:1']);
		spool.acknowledge(1);
		spool.commit([], WIDE);
		expect(toSend(spool)[0]).toMatch(/^2:gap 0 2-/);
		spool.close();
	});

	it('that drops the newest goes on with a gap', () => {
		const spool = open({ capBytes, whenFull: 'drop-newest' });
		expect(fill(spool, [1, 2, 3, 4, 5, 6])).toEqual([1, 1, 1, 1, 1, 1]);
		spool.commit([], WIDE);
		expect(toSend(spool)).toEqual(['1:1', '2:2', '3:3', '4:gap 0 4-6']);
		expect([spool.cursor(), spool.stats().dropped]).toEqual([6, 3]);
		spool.close();
	});
});

describe('lines of logs', () => {
	const logs = (...texts: string[]): SpoolWrite => ({
		parts: texts.map((text) => ({ kind: 'logs', body: new TextEncoder().encode(`"${text}"\n`), count: 1 })),
		cursor: undefined,
	});

	it('that come together are one message, between the points before and after them', () => {
		const spool = open();
		spool.streamId(press);
		spool.commit([rows(0, [1]), logs('a', 'b'), logs('c'), rows(0, [2])], WIDE);
		expect([toSend(spool), spool.stats().depth]).toEqual([['1:1', '2:3 lines', '3:2'], 5]);
		spool.close();
	});

	it('are counted and leave no gap where a full queue gives them up', () => {
		for (const whenFull of ['drop-oldest', 'drop-newest'] as const) {
			const spool = open({ whenFull, capBytes: 200, file: `${whenFull}.sqlite` });
			for (let i = 0; i < 9; i++) spool.commit([logs(`line ${i}`)], undefined);
			spool.commit([], WIDE);
			const kept = toSend(spool);
			expect([kept.length > 0, spool.stats().dropped]).toEqual([true, 9 - kept.length]);
			expect(kept.every((word) => word.endsWith(':1 lines'))).toBe(true);
			spool.close();
		}
	});
});

describe('whatever happens to the queue', () => {
	const action = fc.oneof(
		{
			weight: 5,
			arbitrary: fc.record({
				do: fc.constant('write' as const),
				stream: fc.nat(2),
				count: fc.integer({ min: 1, max: 6 }),
			}),
		},
		{ weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), messages: fc.nat(4) }) },
		{ weight: 3, arbitrary: fc.record({ do: fc.constant('ack' as const) }) },
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('away' as const) }) },
		{
			weight: 2,
			arbitrary: fc.record({
				do: fc.constant('there' as const),
				messages: fc.integer({ min: 1, max: 5 }),
				rows: fc.integer({ min: 1, max: 4 }),
			}),
		},
	);
	const policies = ['block', 'drop-oldest', 'drop-newest'] as const;

	it('each point arrives once and in order, or a gap of its stream covers it', () => {
		let run = 0;
		fc.assert(
			fc.property(
				fc.constantFrom(...policies),
				fc.integer({ min: 150, max: 3000 }),
				fc.array(action, { maxLength: 60 }),
				(whenFull, capBytes, actions) => {
					const options = { whenFull, capBytes, file: `run-${run++}.sqlite` };
					let spool = open(options);
					let window: SendWindow | undefined;
					let t = 0;
					let highest = 0;
					const written: { stream: number; t: number }[] = [];
					const arrived: { stream: number; t: number }[] = [];
					const covered: GapEntry[] = [];
					const send = (messages: number) => {
						for (let i = 0, at = highest; i < messages; i++) {
							const seq = spool.nextSeq(at);
							if (seq === undefined) return;
							const message = spool.message(seq);
							expect(seq).toBe(highest + 1);
							if (message.kind === 'gap') covered.push(message.gap);
							else arrived.push(...decodeRows(message.body).map((row) => ({ stream: row.stream, t: row.tMicros })));
							at = highest = seq;
						}
					};
					const window4 = (messages: number, count: number) => ({
						messages,
						bytes: 1e9,
						maxBytes: BATCH_HEADER_BYTES + count * ROW_BYTES,
					});
					for (const one of actions) {
						if (one.do === 'write') {
							const times = Array.from({ length: one.count }, () => ++t);
							if (spool.commit([rows(one.stream, times)], window) === 1)
								written.push(...times.map((time) => ({ stream: one.stream, t: time })));
						} else if (one.do === 'send') send(one.messages);
						else if (one.do === 'ack') {
							expect(spool.acknowledge(highest)).toBe(true);
							spool.commit([], window);
						} else if (one.do === 'away') window = undefined;
						else if (one.do === 'there') {
							window = window4(one.messages, one.rows);
							spool.commit([], window);
						} else {
							spool.close();
							spool = open(options);
							expect(spool.acked()).toBeLessThanOrEqual(highest);
						}
					}
					for (let round = 0; spool.stats().depth > 0 && round < 1000; round++) {
						spool.commit([], window4(5, 3));
						send(100);
						spool.acknowledge(highest);
						spool.commit([], undefined);
					}
					expect(spool.stats()).toMatchObject({ depth: 0, bytes: 0 });
					spool.close();
					const times = arrived.map((point) => point.t);
					expect(times).toEqual([...times].sort((a, b) => a - b));
					expect(new Set(times).size).toBe(times.length);
					const seen = new Set(times);
					for (const point of written)
						if (!seen.has(point.t))
							expect(covered.some((g) => g.stream === point.stream && g.from <= point.t && point.t <= g.to)).toBe(true);
					if (whenFull === 'block') expect(arrived).toEqual(written);
				},
			),
			{ numRuns: 60 },
		);
	});
});
