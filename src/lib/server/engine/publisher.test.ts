import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFullError, SeqConflictError } from '#server/journal/port.ts';
import { createPublisher } from './publisher.ts';
import { createJournalBed, recordsOf, type JournalBed } from './testing/journal.ts';

let bed: JournalBed;
let stop: AbortController;
let full: Error[];
let failures: unknown[];

beforeEach(async () => {
	bed = await createJournalBed({ capBytes: 400_000 });
	stop = new AbortController();
	full = [];
	failures = [];
});
afterEach(() => bed.close());

const bytesOf = (text: string) => new TextEncoder().encode(text);
const source = 'engine-0';
async function publisherOf({ onFull = () => {} }: { onFull?: () => Promise<void> | void } = {}) {
	const { journal } = bed;
	return createPublisher({
		journal,
		partition: 0,
		source,
		lastSeq: await journal.lastSeq('verdicts', 0),
		knownSeq: await journal.highestOf(source, journal.generation),
		onFull: (error) => full.push(error),
		onFailure: (error) => failures.push(error),
		sleep: async () => onFull(),
		signal: stop.signal,
	});
}
/** Until the journal takes no verdict of 20,000 bytes any more. */
async function fill(): Promise<void> {
	for (;;) {
		try {
			await bed.journal.publish({ topic: 'verdicts', partition: 0, bytes: new Uint8Array(20_000) });
		} catch (error) {
			expect(error).toBeInstanceOf(JournalFullError);
			return;
		}
	}
}

describe('the publisher of verdicts', () => {
	it('writes in order what it is given, whatever the groups', async () => {
		const publisher = await publisherOf();
		const texts = Array.from({ length: 500 }, (_, i) => `verdict ${i}`);
		for (const [i, text] of texts.entries()) {
			publisher.push(i + 1, [bytesOf(text)]);
			if (i % 50 === 0) await publisher.room();
		}
		expect(await publisher.flushed()).toBe(true);
		expect(await recordsOf(bed.journal, 'verdicts')).toEqual(texts);
	});

	it('writes nothing again that a publisher before it has written', async () => {
		const first = await publisherOf();
		first.push(3, [bytesOf('a')]);
		await first.flushed();
		const second = await publisherOf();
		second.push(3, [bytesOf('a')]);
		second.push(5, [bytesOf('b')]);
		await second.flushed();
		expect(await recordsOf(bed.journal, 'verdicts')).toEqual(['a', 'b']);
	});

	it('writes all that one input led to, or nothing of it', async () => {
		const first = await publisherOf();
		first.push(3, [bytesOf('a'), bytesOf('b'), bytesOf('c')]);
		await first.flushed();
		const second = await publisherOf();
		second.push(3, [bytesOf('a'), bytesOf('b'), bytesOf('c')]);
		second.push(4, [bytesOf('d')]);
		await second.flushed();
		expect(await recordsOf(bed.journal, 'verdicts')).toEqual(['a', 'b', 'c', 'd']);
	});

	it('writes nothing after another process has written', async () => {
		const publisher = await publisherOf();
		await bed.journal.publish({ topic: 'verdicts', partition: 0, bytes: bytesOf('of another') });
		publisher.push(1, [bytesOf('a')]);
		await expect(publisher.flushed()).rejects.toBeInstanceOf(SeqConflictError);
		await expect(publisher.room()).rejects.toBeInstanceOf(SeqConflictError);
		expect(failures).toHaveLength(1);
		expect(await recordsOf(bed.journal, 'verdicts')).toEqual(['of another']);
	});

	it('waits while the journal is full, says so once, and goes on', async () => {
		await fill();
		const last = await bed.journal.lastSeq('verdicts', 0);
		let tries = 0;
		const publisher = await publisherOf({
			async onFull() {
				if (++tries === 3) await bed.journal.trim({ topics: ['verdicts'], partition: 0, beforeSeq: last + 1 });
			},
		});
		publisher.push(1, [new Uint8Array(20_000)]);
		expect(await publisher.flushed()).toBe(true);
		expect([tries, full.length]).toEqual([3, 1]);
	});

	it('gives up what a full journal refuses once it is to stop, and says that it did', async () => {
		await fill();
		const publisher = await publisherOf({ onFull: () => stop.abort() });
		publisher.push(1, [new Uint8Array(20_000)]);
		expect(await publisher.flushed()).toBe(false);
	});
});
