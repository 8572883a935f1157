import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '#contracts/config.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Journal } from './journal/port.ts';
import type { Metadata } from './metadata/port.ts';
import { createStoreLink, embeddedStore, remoteStore } from './store-link.ts';
import { createExpiry } from './store/expiry.ts';
import { createStoreWriter } from './store/writer.ts';

/** ClickHouse, here or at an address: what the parts ask, who writes to it, and what has to run for it. */
export function composeStore(of: {
	readonly journal: Journal;
	readonly metadata: Metadata;
	readonly partition: number;
	readonly retention: Config['retention'];
	/** Of a ClickHouse of one's own; without it one runs here, in this folder. */
	readonly address: string | undefined;
	readonly dataFolder: string;
	readonly log: Logger;
	readonly registry: Registry;
	readonly now: NowMicros;
}) {
	const { journal, metadata, partition, retention, address, dataFolder, log, registry, now } = of;
	const link = createStoreLink();
	const writer = createStoreWriter({
		...{ journal, partition, log, registry, now },
		store: link.store,
		plans: async () => (await metadata.streams.all()).map((one) => ({ type: 'stream', ...one })),
	});
	const streams = async () => (await metadata.streams.all()).map((entry) => entry.stream);
	const options = { link, log, now, retention, streams };
	return {
		store: link.store,
		writer,
		expiry: createExpiry({ store: link.store, streams, log }),
		process: address ? remoteStore({ ...options, url: address }) : embeddedStore({ ...options, dataFolder }),
	};
}
