import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Settings } from '#contracts/config.ts';
import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';
import { createBackups } from './backup/backups.ts';
import type { SnapshotSources } from './backup/snapshot.ts';
import type { DataFolder } from './data-folder.ts';
import type { StreamRegistry } from './ingest/registry.ts';
import { settleCopy } from './journal/sqlite/copy.ts';
import type { SqliteJournal } from './journal/sqlite/journal.ts';
import { pinDatabase } from './metadata/sqlite/copy.ts';
import { BACKUPS_FOLDER } from './store/embedded/protocol.ts';
import type { StoreWriter } from './store/writer.ts';

/** Copies of all that is kept, taken while the product runs; who writes stands still for a moment, one after the other. */
export function composeBackups(of: {
	readonly settings: Pick<Settings, 'clickhouseUrl' | 'configFile'>;
	readonly folder: DataFolder;
	readonly journal: SqliteJournal;
	readonly store: SnapshotSources['store'];
	readonly writer: StoreWriter;
	readonly streams: Pick<StreamRegistry, 'held'>;
	readonly whileNothingIsTrimmed: SnapshotSources['whileNothingIsTrimmed'];
	readonly versions: Readonly<Record<string, string>>;
	readonly log: Logger;
	readonly registry: Registry;
	readonly now: NowMicros;
}) {
	const { settings, folder, journal, store, writer, streams, whileNothingIsTrimmed, versions, log, registry, now } = of;
	return createBackups({
		sources: {
			journal: { generation: journal.generation, copyTo: journal.copyTo, settle: settleCopy },
			pinMetadata: () => pinDatabase(folder.metadata),
			store,
			storeFolder: settings.clickhouseUrl ? undefined : join(folder.clickhouse, BACKUPS_FOLDER),
			configFile: settings.configFile,
			whileNothingIsTrimmed,
			whileNothingIsStored: writer.held,
			whileNoStreamIsMade: streams.held,
			storedUpTo: writer.position,
			versions,
		},
		dataFolder: folder.path,
		folder: resolve(folder.backups),
		log,
		registry,
		now: () => new Date(now() / MICROS_PER_MS),
	});
}
