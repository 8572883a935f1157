import { pino } from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { encodeRowsRecord, ROWS_HEADER_BYTES, viewOf } from '#contracts/rows.ts';
import { createSources } from './sources.ts';
import { NOW as HUB_NOW, openHub, principalOf } from './testing/hub.ts';

const NOW = 1.7e15;

/** A source that sends once a second for so many, each time with points so much ahead of the hub's clock. */
function f(seconds: number, ahead: (second: number) => number) {
	const logged: string[] = [];
	const log = pino({}, { write: (line: string) => void logged.push((JSON.parse(line) as { msg: string }).msg) });
	const registry = new Registry();
	const sources = createSources({ registry, log });
	for (let second = 0; second < seconds; second++) {
		const receivedMicros = NOW + second * 1e6;
		const row = { stream: 7, tMicros: receivedMicros + ahead(second) * 1e6, v: 1, quality: 192 } as const;
		const view = viewOf(encodeRowsRecord([row], { receivedMicros, historical: false }));
		sources.note({ source: 'a/press', receivedMicros, view, from: ROWS_HEADER_BYTES, count: 1 });
	}
	return { offset: sources.clockOf(7)?.offsetSeconds, logged, sources, registry };
}

describe('the clock of a source', () => {
	it('is right when its newest points are of now', () =>
		expect(f(60, () => -0.2)).toMatchObject({ offset: undefined, logged: [] }));
	it('is right when points come late now and then', () =>
		expect(f(60, (s) => (s % 5 === 0 ? 0 : -300)).offset).toBeUndefined());
	it('is ahead when it stamps the future, which is said once with how much', () =>
		expect(f(60, () => 30)).toMatchObject({
			offset: 30,
			logged: ['the clock of a/press is 30 s ahead; set it by NTP'],
		}));
	it('is behind when nothing of it is ever newer', () =>
		expect(f(60, () => -3600)).toMatchObject({
			offset: -3600,
			logged: ['the clock of a/press is 3600 s behind, or its points are always that late; set it by NTP'],
		}));
	it('is not called slow for a backlog of some seconds', () => expect(f(25, () => -3600).logged).toEqual([]));
	it('is right again when it was set', () =>
		expect(f(60, (s) => (s < 30 ? 30 : 0))).toMatchObject({
			offset: undefined,
			logged: [expect.stringMatching(/30 s ahead/), 'the clock of a/press is right again'],
		}));
	it('is a metric, and so is what comes twice', async () => {
		const { registry, sources } = f(60, () => 30);
		sources.duplicates('a/press', 3);
		const text = await registry.metrics();
		expect(text).toMatch('sigmascope_ingest_source_clock_offset_seconds{source="a/press"} 30');
		expect(text).toMatch('sigmascope_ingest_source_duplicates_total{source="a/press"} 3');
	});
	it('is told of a thousand sources and no more', async () => {
		const { sources, registry } = f(1, () => 0);
		const view = viewOf(encodeRowsRecord([], { receivedMicros: NOW, historical: false }));
		for (let i = 0; i < 5000; i++)
			for (const receivedMicros of [NOW, NOW + 20e6])
				sources.note({ source: `s${i}`, receivedMicros, view, from: 16, count: 0 });
		expect((await registry.metrics()).match(/clock_offset_seconds\{/g)).toHaveLength(999);
	});
});

describe('a key whose clock is an hour ahead, so that nothing of it can be taken', () => {
	it('is named all the same', async () => {
		const hub = await openHub();
		const principal = principalOf('fast', 'a');
		const send = (t: number) => {
			const body = new TextEncoder().encode(JSON.stringify({ stream: 's', t, v: 1 }));
			return hub.ingest.points({ principal, body, contentType: 'application/x-ndjson' });
		};
		await expect(send(HUB_NOW + 3600e6)).rejects.toThrow(/ahead/);
		hub.setNow(HUB_NOW + 11e6);
		await expect(send(HUB_NOW + 3611e6)).rejects.toThrow(/ahead/);
		expect(await hub.metrics.metrics()).toMatch('clock_offset_seconds{source="key:fast"} 3600');
	});
});
