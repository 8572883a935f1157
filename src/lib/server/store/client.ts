import type { NowMicros } from '#contracts/time.ts';
import { freeze, restoreFrom, saveFrozen, thaw } from './backup.ts';
import { createConnection } from './connection.ts';
import type { ConnectionOptions } from './connection.ts';
import { migrate } from './migrate.ts';
import type { Store } from './port.ts';
import { expireSites, tableSeconds, type Retention } from './retention.ts';
import { insertCalls, readCallOutcomes, readCalls, readCallVersions } from './queries/calls.ts';
import { readArrivals } from './queries/arrivals.ts';
import { insertLogs, readLogs } from './queries/logs.ts';
import { createPassages } from './queries/passages.ts';
import { exportPoints, readSlices } from './queries/export.ts';
import { insertGaps, readGaps } from './queries/gaps.ts';
import { INSERT_POINTS, countPoints, readLastPoints, readLastTimes, readPoints } from './queries/points.ts';
import { readSizes } from './queries/sizes.ts';
import { putStreams, readMaxStreamId } from './queries/streams.ts';
import { readShaped } from './queries/shaped.ts';
import { readGapsOf, readSideBySide } from './queries/side-by-side.ts';
import { readThinned } from './queries/thinned.ts';
import { insertVerdicts, readSignals } from './queries/verdicts.ts';

export interface StoreOptions extends ConnectionOptions {
	readonly now: NowMicros;
	/** Name of the cluster that the tables are made on; undefined = one server. */
	readonly cluster?: string;
	/** How long points, rollups, calls and logs live after they arrived, in milliseconds; 30 days, 2 years, 90 days, 30 days; sites may have their own. */
	readonly retention?: Retention;
}

/**
 * The store behind a URL: any ClickHouse, the embedded one included, through the same client.
 *
 * Methods throw RetriableError while it cannot be reached or has too much to do, StoreRefusedError for content that it
 * will never take. Connects when first used.
 */
export function createStore(options: StoreOptions): Store {
	const connection = createConnection(options);
	const { retention = {} } = options;
	const deployment = {
		cluster: options.cluster,
		pointsTtlSeconds: tableSeconds(retention, 'points'),
		rollupsTtlSeconds: tableSeconds(retention, 'rollups'),
		callsTtlSeconds: tableSeconds(retention, 'calls'),
		logsTtlSeconds: tableSeconds(retention, 'logs'),
	};
	return {
		ping: () => connection.ping(),
		migrate: () => migrate({ connection, deployment, log: options.log }),
		insertPoints: ({ token, rows }) =>
			connection.insertBytes({ table: 'points', sql: INSERT_POINTS, bytes: rows, token }),
		insertVerdicts: (insert) => insertVerdicts(connection, insert),
		insertGaps: (insert) => insertGaps(connection, insert),
		insertCalls: (insert) => insertCalls(connection, insert),
		putStreams: (streams) => putStreams(connection, streams, options.now()),
		maxStreamId: () => readMaxStreamId(connection),
		countPoints: (range) => countPoints(connection, range),
		points: (range) => readPoints(connection, range),
		lastPoints: (streamId, count, beforeMicros) => readLastPoints(connection, { streamId, count, beforeMicros }),
		thinnedPoints: (range) => readThinned(connection, range),
		shapedPoints: (range) => readShaped(connection, range),
		slices: (range) => readSlices(connection, range),
		exported: async (wish, signal) => exportPoints(connection, wish, signal),
		arrivals: (names) => readArrivals(connection, names),
		signals: (range) => readSignals(connection, range),
		sideBySide: (of) => readSideBySide(connection, of),
		gapsOf: (of) => readGapsOf(connection, of),
		gaps: (range) => readGaps(connection, range),
		callOutcomes: (filter) => readCallOutcomes(connection, filter),
		callVersions: (of) => readCallVersions(connection, of),
		calls: (filter) => readCalls(connection, filter),
		insertLogs: (insert) => insertLogs(connection, insert),
		logs: (filter) => readLogs(connection, filter),
		...createPassages(connection),
		lastTimes: () => readLastTimes(connection),
		expire: () => expireSites(connection, retention, options.now()),
		sizes: () => readSizes(connection),
		freeze: () => freeze(connection),
		saveFrozen: (file) => saveFrozen(connection, file),
		thaw: () => thaw(connection),
		restoreFrom: (file) => restoreFrom(connection, file),
		close: () => connection.close(),
	};
}
