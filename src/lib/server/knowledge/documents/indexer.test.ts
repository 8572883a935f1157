import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Metadata } from '#server/metadata/port.ts';
import type { Store } from '#server/store/port.ts';
import { until } from '#tests/support/until.ts';
import { createIndexer } from './indexer.ts';

/** Nothing is to be done. A look at what there is takes until it is let go; the later ones take no time. */
function setUp() {
	const look = Promise.withResolvers<readonly []>();
	let looks = 0;
	const indexer = createIndexer({
		documents: {
			list: () => (looks++ === 0 ? look.promise : Promise.resolve([])),
			gone: async () => [],
		} as unknown as Metadata['documents'],
		store: { editions: async () => new Map() } as unknown as Store,
		embedder: () => undefined,
		log: pino({ level: 'silent' }),
	});
	indexer.start();
	return { indexer, looks: () => looks, letGo: () => look.resolve([]) };
}

describe('the indexer', () => {
	it('that is stopped while it works ends with its work', async () => {
		const { indexer, looks, letGo } = setUp();
		await until(() => looks() === 1);
		const stopped = indexer.stop();
		letGo();
		await stopped;
	});
	it('that is stopped while it waits for work ends at once', async () => {
		const { indexer, looks, letGo } = setUp();
		letGo();
		await until(() => looks() === 2);
		await indexer.stop();
	});
	it('that is woken while it works looks again', async () => {
		const { indexer, looks, letGo } = setUp();
		await until(() => looks() === 1);
		indexer.wake();
		letGo();
		await until(() => looks() === 3);
		await indexer.stop();
	});
	it('that has nothing to do looks no more until it is woken', async () => {
		const { indexer, looks, letGo } = setUp();
		letGo();
		await until(() => looks() === 2);
		await new Promise(setImmediate);
		expect(looks()).toBe(2);
		indexer.wake();
		await until(() => looks() === 3);
		await indexer.stop();
	});
});
