import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createBackups } from '#server/backup/backups.ts';
import { createDemo } from '#server/demo.ts';
import type { StreamRegistry } from '#server/ingest/registry.ts';
import { settleCopy } from '#server/journal/sqlite/copy.ts';
import type { createSqliteJournal } from '#server/journal/sqlite/journal.ts';
import type { Metadata } from '#server/metadata/port.ts';
import { pinDatabase } from '#server/metadata/sqlite/copy.ts';
import { createRates } from '#server/rates.ts';
import { createStore } from '#server/store/client.ts';
import type { Store } from '#server/store/port.ts';
import { createTrials } from '#server/trials.ts';
import type { HttpPorts } from '../ports.ts';

/** A store that nobody answers for: what it is like while the store is down. */
export function absentStore(log: Logger, now: () => number): Store {
	return createStore({ url: 'http://127.0.0.1:9', username: 'x', password: 'x', database: 'x', log, now });
}

interface Parts {
	readonly journal: Awaited<ReturnType<typeof createSqliteJournal>>;
	readonly metadata: Metadata;
	readonly store: Store;
	readonly streams: Pick<StreamRegistry, 'held'>;
	readonly folder: string;
	readonly registry: Registry;
	readonly log: Logger;
}

/** What belongs to a process as a whole, as a hub in a test has it: a store that is down, and no children. */
export function standIns(
	parts: Parts,
): Pick<HttpPorts, 'health' | 'status' | 'system' | 'backups' | 'demo' | 'trials' | 'version'> {
	const { journal, metadata, store, streams, folder, registry, log } = parts;
	return {
		health: () => ({ status: 'degraded', parts: { journal: 'up', store: 'down' } }),
		status: async () => ({
			status: 'degraded',
			startedAt: '2026-01-31T12:00:00Z',
			parts: [{ name: 'store', state: 'down', since: '2026-01-31T12:00:00Z' }],
			incidents: [],
		}),
		system: async () => ({
			versions: {},
			startedAt: new Date(0).toISOString(),
			status: 'degraded',
			journal: await journal.stats(),
			lags: {},
			lagSeconds: {},
			parts: {},
			restarts: {},
			disk: null,
			store: null,
			processes: [],
			...createRates(registry, () => 0).now(),
			collectors: [],
			troubles: [],
			backup: null,
		}),
		backups: createBackups({
			sources: {
				journal: { generation: journal.generation, copyTo: journal.copyTo, settle: settleCopy },
				pinMetadata: () => pinDatabase(join(folder, 'metadata.db')),
				store,
				storeFolder: undefined,
				configFile: undefined,
				whileNothingIsTrimmed: (work) => work(),
				whileNothingIsStored: (work) => work({ key: 'writer/0', value: undefined }),
				whileNoStreamIsMade: streams.held,
				storedUpTo: () => 0,
				versions: {},
			},
			dataFolder: folder,
			folder: join(folder, 'backups'),
			log,
			registry,
			now: () => new Date(),
		}),
		demo: createDemo({
			file: join(folder, 'demo'),
			byDefault: false,
			config: () => ({ site: 'main', collectors: [] }),
			run: async () => undefined,
			removeSite: metadata.streams.removeSite,
		}),
		trials: createTrials({ allow: [], spoolFolder: join(folder, 'spool'), nowMs: Date.now, newId: () => 'trial' }),
		version: '0.0.0',
	};
}
