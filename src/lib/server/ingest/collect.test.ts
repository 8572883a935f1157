import { describe, expect, it, vi } from 'vitest';
import {
	BATCH_HEADER_BYTES,
	encodeBatch,
	encodeDocumentBatch,
	encodeDocuments,
	encodeLogLines,
} from '#contracts/collect.ts';
import { NO_USAGE } from '#contracts/llm.ts';
import type { NewEvent } from '#contracts/event.ts';
import { parseCalls, type LlmCall } from '#contracts/llm-call.ts';
import type { ProbedCall } from '#contracts/probed-call.ts';
import { parseLogs } from '#contracts/log-line.ts';
import { QUALITY } from '#contracts/point.ts';
import { ROW_BYTES, type Row, viewOf, writeRow } from '#contracts/rows.ts';
import {
	connectCollector,
	emptyJournal,
	fillJournal,
	type Hub,
	metric,
	NOW,
	openHub,
	principalOf,
	shareHub,
} from './testing/hub.ts';

function batch(seq: number, rows: readonly (Partial<Row> & { v: number })[], historical = false): Uint8Array {
	const bytes = new Uint8Array(rows.length * ROW_BYTES);
	rows.forEach((row, i) =>
		writeRow(viewOf(bytes), i * ROW_BYTES, { stream: 0, tMicros: NOW - 1000 + row.v, quality: QUALITY.good, ...row }),
	);
	return encodeBatch({ seq, rows: bytes, count: rows.length, historical });
}

const hello = (more: object = {}) => ({
	hello: {
		collector: 'press',
		epoch: 'e1',
		streams: [
			{ key: 'press-1/t', unit: '°C' },
			{ key: 'press-1/p', labels: { side: 'l' } },
		],
		...more,
	},
});

async function greeted(hub: Hub, more: object = {}, principal = principalOf('k', 'a')) {
	const collector = await connectCollector(hub, principal);
	collector.send(hello(more));
	await collector.heard('welcome');
	return collector;
}

const CALL: ProbedCall = {
	...{ provider: 'openai', model: 'gpt-4o', promptClass: 'short', deployment: null, region: null, environment: null },
	...{ startedMicros: NOW - 2_000_000, endedMicros: NOW - 1_000_000, firstTokenMicros: NOW - 1_600_000 },
	...{ connectMs: 12, ttfcMs: 380, ttftMs: 400, tpotMs: 5, chunkGapP95Ms: 9, totalMs: 1000 },
	...{ serverMs: null, queueMs: null, loadMs: null, ...NO_USAGE, costUsd: null, priceVersion: null },
	...{ errorClass: null, status: null, retries: null, finishReason: 'stop', responseModel: 'gpt-4o-2024-08-06' },
	...{ fingerprint: 'fp_1', passed: true, traceId: null, spanId: null },
};

describe('a collector', () => {
	it('is welcomed, and its batches are acknowledged once they are in the journal', async () => {
		const hub = await openHub();
		const collector = await greeted(hub);
		expect(collector.said[0]).toEqual({ welcome: { streams: [0, 1], resumeAfter: 0, maxBytes: 524_288 } });
		collector.send(batch(1, [{ v: 1 }, { v: 2, stream: 1, quality: 64 }]));
		collector.send(batch(2, [{ v: 3 }], true));
		await collector.heard('ack', 2);
		const same = { site: 'a', historical: false, quality: 192 };
		expect(await hub.points()).toEqual([
			{ ...same, key: 'press-1/t', labels: {}, t: NOW - 999, v: 1 },
			{ ...same, key: 'press-1/p', labels: { side: 'l' }, t: NOW - 998, v: 2, quality: 64 },
			{ ...same, key: 'press-1/t', labels: {}, t: NOW - 997, v: 3, historical: true },
		]);
		expect(await metric(hub, 'collect_sessions')).toBe(1);
	});
	it('may declare more streams later', async () => {
		const hub = await openHub();
		const collector = await greeted(hub);
		collector.send({ declare: [{ key: 'late' }] });
		collector.send(batch(1, [{ v: 1, stream: 2 }]));
		await collector.heard('ack', 1);
		expect((await hub.points())[0]?.key).toBe('late');
	});
	it('sends lines of logs in the same numbering, once, and what is bad of them is set aside', async () => {
		const hub = await openHub();
		const collector = await greeted(hub);
		const line = { tMicros: NOW, source: 'plc', severity: 'error' as const, text: 'hot', attributes: { axis: '3' } };
		const lines = encodeLogLines([line, { ...line, text: '' }, { ...line, tMicros: 5 }]);
		const message = encodeDocumentBatch({ kind: 'logs', seq: 2, lines, count: 3 });
		collector.send(batch(1, [{ v: 1 }]));
		collector.send(message);
		await collector.heard('ack', 2);
		collector.send(message);
		collector.send(batch(3, [{ v: 2 }]));
		await collector.heard('ack', 3);
		const [logs, ...more] = await hub.records('logs');
		expect(more).toEqual([]);
		expect(parseLogs(logs?.bytes ?? new Uint8Array())).toMatchObject({ site: 'a', receivedMicros: NOW, lines: [line] });
		const [refused] = await hub.records('refused');
		expect(JSON.parse(new TextDecoder().decode(refused?.bytes))).toMatchObject({
			seq: 2,
			rows: [
				{ line: 1, message: '.text is empty' },
				{ line: 2, message: expect.stringMatching(/^\.t time 1970/) as string },
			],
		});
		expect(await metric(hub, 'ingest_documents_total', { kind: 'logs', result: 'accepted' })).toBe(1);
		expect(await metric(hub, 'ingest_documents_total', { kind: 'logs', result: 'refused' })).toBe(2);
	});
	it('sends what happened on machines, which is kept before it is acknowledged, and is the same when it is sent again', async () => {
		const kept: NewEvent[] = [];
		let isAway = true;
		const hub = await openHub({
			async onEvents(events) {
				if (isAway) throw new Error('the metadata are away');
				kept.push(...events);
			},
		});
		const event = { kind: 'lot', tMicros: NOW, title: 'A7', asset: 'press-1', attributes: { tag: 'press-1/lot' } };
		const bad = [
			{ ...event, kind: 'model-version' },
			{ ...event, title: '' },
			{ ...event, tMicros: 5 },
		];
		const lines = encodeDocuments([event, ...bad]);
		const message = encodeDocumentBatch({ kind: 'events', seq: 1, lines, count: 4 });
		const first = await greeted(hub);
		first.send(message);
		await first.closed();
		isAway = false;
		const second = await greeted(hub);
		second.send(message);
		await second.heard('ack', 1);
		const { tMicros: fromMicros, ...rest } = event;
		expect(kept).toEqual([{ ...rest, site: 'a', fromMicros, toMicros: null, streams: [] }]);
		expect(await hub.records('events')).toHaveLength(1);
		const [refused] = await hub.records('refused');
		expect(JSON.parse(new TextDecoder().decode(refused?.bytes))).toMatchObject({
			rows: [
				{ line: 1, message: expect.stringMatching(/^kind: /) as string },
				{ line: 2, message: expect.stringMatching(/^title: /) as string },
				{ line: 3, message: expect.stringMatching(/^tMicros: time 1970/) as string },
			],
		});
	});
	it('sends calls of language models beside their points, of which whoever wants to hears once', async () => {
		const heard: LlmCall[] = [];
		const hub = await openHub({ onCalls: (calls) => void heard.push(...calls) });
		const collector = await greeted(hub);
		const lines = encodeDocuments([CALL, { ...CALL, ttftMs: -1 }]);
		const message = encodeDocumentBatch({ kind: 'calls', seq: 1, lines, count: 2 });
		for (const seq of [1, 2]) collector.send(seq === 1 ? message : batch(seq, [{ v: 1 }]));
		await collector.heard('ack', 2);
		collector.send(message);
		collector.send(batch(3, [{ v: 2 }]));
		await collector.heard('ack', 3);
		const [record, ...more] = await hub.records('calls');
		expect(more).toEqual([]);
		const { calls } = parseCalls(record?.bytes ?? new Uint8Array());
		expect(calls).toEqual([
			{ ...CALL, id: expect.stringMatching(/^[\da-f]{32}$/) as string, site: 'a', source: 'probe' },
		]);
		expect(heard).toEqual(calls);
		const [refused] = await hub.records('refused');
		expect(JSON.parse(new TextDecoder().decode(refused?.bytes))).toMatchObject({
			rows: [{ line: 1, message: expect.stringMatching(/^ttftMs: /) as string }],
		});
	});
	it('of a newer kind hears by the number which of its batches this hub does not know, and goes on', async () => {
		const hub = await openHub();
		const collector = await greeted(hub);
		const unknown = batch(1, [{ v: 1 }]);
		unknown[0] = 9;
		collector.send(unknown);
		await collector.heard('refused', 1);
		expect(collector.said.at(-1)).toEqual({ refused: 1, error: 'batch version 9; this hub reads 1, 2, 3, 4' });
		collector.send(encodeDocumentBatch({ kind: 'logs', seq: 2, lines: encodeLogLines([]), count: 7 }));
		await collector.heard('refused', 2);
		collector.send(batch(3, [{ v: 2 }]));
		await collector.heard('ack', 3);
	});
	it('sends gaps in the same numbering', async () => {
		const hub = await openHub();
		const collector = await greeted(hub);
		collector.send(batch(1, [{ v: 1 }]));
		collector.send({ seq: 2, gap: { stream: 1, from: NOW - 500, to: NOW, reason: 'disconnected' } });
		collector.send(batch(3, [{ v: 2 }]));
		await collector.heard('ack', 3);
		const topics = (await hub.records('points', 'commands')).slice(2).map(({ topic }) => topic);
		expect(topics).toEqual(['points', 'commands', 'points']);
		expect((await hub.commands()).at(-1)).toEqual({
			type: 'gap',
			streamId: 2,
			fromMicros: NOW - 500,
			toMicros: NOW,
			reason: 'disconnected',
		});
	});
	it('may leave the number of a gap out: it is the next', async () => {
		const hub = await openHub();
		const collector = await greeted(hub);
		collector.send(batch(1, [{ v: 1 }]));
		collector.send({ gap: { stream: 1, from: NOW - 500, to: NOW, reason: 'disconnected' } });
		await collector.heard('ack', 2);
		collector.send(batch(3, [{ v: 2 }]));
		await collector.heard('ack', 3);
		expect((await hub.commands()).at(-1)).toMatchObject({ type: 'gap', streamId: 2 });
	});
	it('goes on where the journal is, and what it sends again changes nothing', async () => {
		const hub = await openHub();
		const first = await greeted(hub);
		for (let seq = 1; seq <= 20; seq++) first.send(batch(seq, [{ v: seq }]));
		await first.heard('ack', 20);
		first.socket.terminate();
		const again = await greeted(hub);
		expect(again.said[0]).toMatchObject({ welcome: { resumeAfter: 20 } });
		for (let seq = 15; seq <= 22; seq++) again.send(batch(seq, [{ v: seq }]));
		await again.heard('ack', 22);
		expect((await hub.points()).map(({ v }) => v)).toEqual(Array.from({ length: 22 }, (_, i) => i + 1));
	});
	it('with a new epoch counts from one', async () => {
		const hub = await openHub();
		const first = await greeted(hub);
		first.send(batch(1, [{ v: 1 }]));
		await first.heard('ack', 1);
		const second = await greeted(hub, { epoch: 'e2' });
		second.send(batch(1, [{ v: 2 }]));
		await second.heard('ack', 1);
		expect(await hub.points()).toHaveLength(2);
	});
	it('that comes a second time replaces its first connection', async () => {
		const hub = await openHub();
		const first = await greeted(hub);
		await greeted(hub);
		expect(await first.closed()).toMatchObject({ code: 4409 });
	});
	it('can send more at once than the hub holds', async () => {
		const hub = await openHub();
		const collector = await greeted(hub);
		const rows = Array.from({ length: 20_000 }, (_, i) => ({ v: i }));
		for (let seq = 1; seq <= 40; seq++) collector.send(batch(seq, rows));
		await collector.heard('ack', 40);
		expect(await metric(hub, 'ingest_points_accepted_total', { via: 'collect' })).toBe(800_000);
	});
});

describe('the site of a collector', () => {
	it('is that of its key', async () => {
		const hub = await openHub();
		const collector = await greeted(hub);
		collector.send(batch(1, [{ v: 1 }]));
		await collector.heard('ack');
		expect((await hub.points())[0]?.site).toBe('a');
	});
	it('can be another for a key that may write to any', async () => {
		const hub = await openHub();
		const collector = await greeted(hub, { site: 'b' }, principalOf('all', 'a', 'all'));
		collector.send(batch(1, [{ v: 1 }]));
		await collector.heard('ack');
		expect((await hub.points())[0]?.site).toBe('b');
	});
	it('cannot be another for any other key, also one that it may see', async () => {
		const hub = await openHub();
		const collector = await connectCollector(hub, principalOf('k', 'a', ['a', 'b']));
		collector.send(hello({ site: 'b' }));
		expect(await collector.closed()).toEqual({ code: 1008, reason: 'hello.site: this key writes to "a" only' });
	});
	it('keeps collectors of one name apart', async () => {
		const hub = await openHub();
		for (const site of ['a', 'b']) {
			const collector = await greeted(hub, {}, principalOf(site, site));
			collector.send(batch(1, [{ v: 1 }]));
			await collector.heard('ack', 1);
		}
		expect((await hub.points()).map(({ site }) => site)).toEqual(['a', 'b']);
	});
});

describe('rows that cannot be taken', () => {
	it('are set aside with their cause; the others go on and the batch is acknowledged', async () => {
		const hub = await openHub();
		const collector = await greeted(hub);
		const y9999 = 253_370_764_800_000_000;
		collector.send(
			batch(1, [
				{ v: 1 },
				{ v: NaN, tMicros: NOW },
				{ v: 2, tMicros: y9999 },
				{ v: 3, tMicros: 0 },
				{ v: 4, quality: 7 as never },
				{ v: 5 },
			]),
		);
		collector.send(batch(2, [{ v: Infinity, tMicros: NOW }]));
		collector.send(batch(3, [{ v: 6 }]));
		await collector.heard('ack', 3);
		expect((await hub.points()).map(({ v }) => v)).toEqual([1, 5, 6]);
		const refused = (await hub.records('refused')).map(
			({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
		);
		expect(refused).toMatchObject([
			{
				source: 'a/press',
				epoch: 'e1',
				seq: 1,
				rows: [
					{ row: 1, v: 'NaN', reason: 'value' },
					{ row: 2, tMicros: String(y9999), reason: 'time' },
					{ row: 3, reason: 'time', message: expect.stringContaining('before 1971') as string },
					{ row: 4, quality: 7, reason: 'quality' },
				],
			},
			{ seq: 2, rows: [{ v: 'Infinity' }] },
		]);
		expect(await metric(hub, 'ingest_points_refused_total', { via: 'collect' })).toBe(5);
		expect(await hub.journal.highestOf('a/press', 'e1')).toBe(3);
	});
	it('of a stream with a bad name are set aside, and welcome says which streams are good', async () => {
		const hub = await openHub();
		const collector = await greeted(hub, { streams: [{ key: 'good' }, { key: '<b>' }, { key: 'better' }] });
		expect(collector.said[0]).toMatchObject({ welcome: { streams: [0, 2] } });
		collector.send(batch(1, [{ v: 1 }, { v: 2, stream: 1 }, { v: 3, stream: 2 }]));
		await collector.heard('ack', 1);
		expect((await hub.points()).map(({ key }) => key)).toEqual(['good', 'better']);
	});
	it('of streams over the limit are set aside', async () => {
		const hub = await openHub({ streamsPerKey: 1 });
		const collector = await greeted(hub);
		expect(collector.said[0]).toMatchObject({ welcome: { streams: [0] } });
	});
});

describe('a message that is none', () => {
	const { hub, nextSite } = shareHub();
	const f = async (message: object | Uint8Array, error: RegExp) => {
		const site = nextSite();
		const collector = await greeted(hub(), {}, principalOf('k', site));
		collector.send(batch(1, [{ v: 1 }]));
		collector.send(message);
		collector.send(batch(3, [{ v: 3 }]));
		await collector.heard('ack', 3);
		expect(await collector.heard('refused')).toMatchObject({
			refused: 2,
			error: expect.stringMatching(error) as string,
		});
		expect((await hub().points()).filter((point) => point.site === site).map(({ v }) => v)).toEqual([1, 3]);
	};
	const version9 = batch(2, [{ v: 2 }]);
	version9[0] = 9;
	it('a stream that was never declared', () =>
		f(batch(2, [{ v: 2 }, { v: 2, stream: 9 }]), /^row 1: stream index 9, but 2 streams are declared$/));
	it('another version', () => f(version9, /^batch version 9; this hub reads 1, 2, 3, 4$/));
	it('a length that is not that of its rows', () =>
		f(batch(2, [{ v: 2 }]).slice(0, -1), /^batch says 1 rows, which is 34 bytes, and has 33 bytes$/));
	it('no rows', () => f(batch(2, []), /^batch says 0 rows/));
	it('more than a message may have', () =>
		f(
			batch(
				2,
				Array.from({ length: 25_000 }, () => ({ v: 1 })),
			),
			/^batch of 525013 bytes; 524288 are allowed$/,
		));
	it('a gap of no stream', () =>
		f({ seq: 2, gap: { stream: 7, from: NOW, to: NOW, reason: 'x' } }, /^gap.stream: index 7/));
	it('a gap that ends before it begins', () =>
		f({ seq: 2, gap: { stream: 0, from: NOW, to: NOW - 1, reason: 'x' } }, /^gap.to: is before gap.from/));
	it('a gap with a field too many', () =>
		f({ seq: 2, gap: { stream: 0, from: NOW, to: NOW, reason: 'x', more: 1 } }, /more/));
});

describe('a connection that speaks another protocol ends, with the reason', () => {
	const { hub } = shareHub();
	const f = async (message: object | Uint8Array | string, reason: RegExp, isGreeted = false) => {
		const collector = isGreeted ? await greeted(hub()) : await connectCollector(hub());
		if (typeof message === 'string') collector.socket.send(message);
		else collector.send(message);
		expect(await collector.closed()).toMatchObject({ code: 1008, reason: expect.stringMatching(reason) as string });
		await vi.waitFor(async () => expect(await metric(hub(), 'collect_sessions')).toBe(0));
	};
	it('malformed JSON', () => f('{', /^malformed JSON/));
	it('something else', () => f('{"subscribe": 1}', /^a message has one of "hello", "declare" and "gap"$/));
	it('a batch before hello', () => f(batch(1, [{ v: 1 }]), /^the first message must be hello$/));
	it('hello twice', () => f(hello(), /^hello was said before$/, true));
	it('a hello with a field too many', () => f(hello({ token: 'x' }), /token/));
	it('less than a header', () =>
		f(new Uint8Array(BATCH_HEADER_BYTES - 1), /^a batch has a header of 13 bytes; these are 12 bytes$/, true));
	it('a number that is none', () => f(batch(0, [{ v: 1 }]), /^0 is no number of a batch$/, true));
	it('a reason longer than a close may carry is cut', () => f(hello({ ['x'.repeat(500)]: 1 }), /\.\.\.$/));
});

describe('while the journal is full', () => {
	it('a batch is to be sent again, and nothing behind it is taken before it', async () => {
		const hub = await openHub({ capBytes: 600_000 });
		const collector = await greeted(hub);
		collector.send(batch(1, [{ v: 1 }]));
		await collector.heard('ack', 1);
		await fillJournal(hub, 'logs');
		const big = Array.from({ length: 100 }, (_, i) => ({ v: 100 + i }));
		collector.send(batch(2, big));
		expect(await collector.heard('retry')).toEqual({ retry: 2, afterMs: 2000 });
		await emptyJournal(hub);
		// Under way before the collector heard of it:
		collector.send(batch(3, [{ v: 3 }]));
		collector.send(batch(4, [{ v: 4 }]));
		for (const [seq, rows] of [
			[2, big],
			[3, [{ v: 3 }]],
			[4, [{ v: 4 }]],
		] as const)
			collector.send(batch(seq, rows));
		await collector.heard('ack', 4);
		expect((await hub.points()).map(({ v }) => v)).toEqual([1, ...big.map(({ v }) => v), 3, 4]);
	});
	it('a hello with new streams is to come later', async () => {
		const hub = await openHub({ capBytes: 240_000 });
		await fillJournal(hub, 'verdicts');
		const collector = await connectCollector(hub);
		collector.send(hello({ streams: [{ key: 'x'.repeat(200) }] }));
		expect(await collector.closed()).toMatchObject({ code: 1013 });
	});
});
