import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';
import type { BackupState } from './backup/port.ts';
import type { CollectorsPart } from './collectors-part.ts';
import type { Engine } from './engine/engine.ts';
import { createHealth } from './health.ts';
import type { Ingest } from './ingest/port.ts';
import type { Journal } from './journal/port.ts';
import { createLags } from './lags.ts';
import type { RecentTroubles } from './log/recent.ts';
import type { Metadata } from './metadata/port.ts';
import { createOwnHealth, queueValues } from './own-health.ts';
import { createOwnStreams } from './own-streams.ts';
import { createOwnValues } from './own-values.ts';
import { createRates } from './rates.ts';
import { createStanding } from './standing.ts';
import type { Store } from './store/port.ts';
import type { StoreWriter } from './store/writer.ts';
import type { Supervisor } from './supervisor.ts';
import { createVitals } from './vitals.ts';

/** Until then parts come up. */
const FIRST_HEALTH_MS = 10_000;

/** How the product itself is: for people, for probes, and as streams of its own on control charts. */
export function composeWatch(of: {
	readonly journal: Journal;
	readonly partition: number;
	readonly engine: Pick<Engine, 'position' | 'caughtUp'>;
	readonly cases: { readonly position: () => number };
	readonly writer: Pick<StoreWriter, 'position' | 'lag'>;
	readonly store: Pick<Store, 'sizes'>;
	readonly metadata: Pick<Metadata, 'streams' | 'violations'>;
	readonly ingest: Pick<Ingest, 'points'>;
	readonly collectors: Pick<CollectorsPart, 'statuses' | 'lastRead'>;
	readonly supervisors: () => readonly Supervisor[];
	readonly troubles: RecentTroubles;
	readonly lastBackup: () => BackupState | undefined;
	readonly dataFolder: string;
	readonly versions: Readonly<Record<string, string>>;
	readonly registry: Registry;
	readonly log: Logger;
	readonly now: NowMicros;
	readonly nowMs: () => number;
}) {
	const { journal, partition, engine, writer, store, ingest, collectors, registry, log, now, nowMs } = of;
	const { supervisors, versions } = of;
	const startedAt = new Date();
	const positions = { engine: engine.position, store: writer.position, cases: of.cases.position };
	const lags = createLags({ journal, partition, positions, nowMs });
	const rates = createRates(registry, nowMs);
	const vitals = createVitals({
		...{ journal, supervisors, registry, rates, nowMs, versions },
		readLags: lags.read,
		storeSizes: () => store.sizes(),
		writerLag: writer.lag,
		dataFolder: of.dataFolder,
	});
	const { health, system } = createHealth({
		...{ journal, supervisors, rates, versions, startedAt },
		statuses: collectors.statuses,
		lastRead: collectors.lastRead,
		readLags: lags.read,
		vitals: vitals.now,
		troubles: of.troubles.list,
		backup: of.lastBackup,
	});
	const standing = createStanding({
		...{ health, metadata: of.metadata, startedAt },
		wallMs: () => now() / MICROS_PER_MS,
	});
	const readOwn = createOwnValues({
		...{ rates, caughtUp: engine.caughtUp, nowMs },
		newestSeq: () => journal.lastSeq('points', partition),
		storedUpTo: writer.position,
	});
	const readHealth = createOwnHealth({ health: standing.health, nowMs });
	const own = [
		createOwnStreams({ ingest, read: readOwn, now, log }),
		createOwnStreams({
			read: async () => [...(await readHealth()), ...queueValues(collectors.statuses())],
			...{ ingest, now, log, firstAfterMs: FIRST_HEALTH_MS },
		}),
	];
	return {
		health: standing.health,
		status: standing.status,
		system,
		start: vitals.start,
		/** The product's own streams. */
		startStreams: () => own.forEach((one) => one.start()),
		stopStreams: () => Promise.all(own.map((one) => one.stop())),
		stop: vitals.stop,
	};
}
