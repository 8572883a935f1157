import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '#contracts/command.ts';
import { createJournalBed, log, recordsOf, type JournalBed } from './testing/journal.ts';
import { createTicker } from './ticker.ts';

let bed: JournalBed;
let nowMicros = 0;

beforeEach(async () => {
	bed = await createJournalBed();
});
afterEach(() => bed.close());

const tickerOf = () =>
	createTicker({ journal: bed.journal, partition: 0, now: () => (nowMicros += 1000), everyMs: 1, log });
const ticks = async () => (await recordsOf(bed.journal, 'commands')).map((text) => JSON.parse(text) as Command);

/** Waits until so many ticks are in the journal. */
async function untilTicks(count: number): Promise<void> {
	const stop = new AbortController();
	let seen = 0;
	const range = { topics: ['commands'], partition: 0, fromSeq: 1, signal: stop.signal } as const;
	for await (const records of bed.journal.read(range)) if ((seen += records.length) >= count) return;
}

describe('a ticker', () => {
	it('says what time it is, again and again', async () => {
		const ticker = tickerOf();
		ticker.start();
		await untilTicks(3);
		await ticker.stop();
		const found = await ticks();
		expect(found[0]).toMatchObject({ type: 'tick' });
		const times = found.map((command) => (command.type === 'tick' ? command.tMicros : NaN));
		expect(times).toEqual([...times].sort((a, b) => a - b));
	});

	it('appends nothing once it has stopped, and nothing when it never started', async () => {
		const ticker = tickerOf();
		ticker.start();
		await untilTicks(1);
		await ticker.stop();
		const before = await bed.journal.lastSeq('commands', 0);
		await tickerOf().stop();
		expect(await bed.journal.lastSeq('commands', 0)).toBe(before);
	});

	it('waits for the lease of the partition, and gives it back', async () => {
		const lease = await bed.journal.lease('engine-0', 5000);
		const ticker = tickerOf();
		ticker.start();
		const waiting = tickerOf();
		waiting.start();
		await waiting.stop();
		expect(await bed.journal.lastSeq('commands', 0)).toBe(0);
		await lease.release();
		await untilTicks(1);
		await ticker.stop();
		await (await bed.journal.lease('engine-0', 5000)).release();
	});
});
