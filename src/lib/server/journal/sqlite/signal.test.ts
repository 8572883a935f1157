import { describe, expect, it } from 'vitest';
import { readRecords } from './read.ts';
import { createSignal } from './signal.ts';
import { createTail } from './tail.ts';

const never = new AbortController().signal;

describe('signal', () => {
	it('wakes everybody who waits', async () => {
		const signal = createSignal();
		const waiting = Promise.all([signal.wait(never), signal.wait(never)]);
		signal.raise();
		await expect(waiting).resolves.toHaveLength(2);
	});

	it('nobody waits who has given up, or when it is over', async () => {
		const signal = createSignal();
		const stop = new AbortController();
		const waiting = signal.wait(stop.signal);
		stop.abort();
		await waiting;
		await signal.wait(stop.signal);
		signal.end();
		await signal.wait(never);
		expect(signal.ended()).toBe(true);
	});

	it('a reader that waits gets the error when the journal breaks', async () => {
		const grown = createSignal();
		const tail = createTail({ lastSeq: 0, maxRecords: 1, maxBytes: 1 });
		const range = { topics: ['points'] as const, partition: 0, fromSeq: 1, signal: never };
		const fetch = () => Promise.reject(new Error('not asked'));
		const reading = readRecords({ range, tail, grown, fetch })[Symbol.asyncIterator]().next();
		grown.fail(new Error('thread is gone'));
		await expect(reading).rejects.toThrow('thread is gone');
	});
});
