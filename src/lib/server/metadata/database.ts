import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { NowMicros } from '#contracts/time.ts';
import { createAccounts } from './accounts.ts';
import { createActs } from './acts.ts';
import { createAlertStore } from './alerts.ts';
import { createAnnotations } from './annotations.ts';
import { createCauses } from './causes.ts';
import { identityOf } from './counters.ts';
import { createDocuments } from './documents.ts';
import { createEvents } from './events.ts';
import { createKeys } from './keys.ts';
import { createLimits } from './limits.ts';
import { createLinks } from './links.ts';
import { migrate } from './migrations.ts';
import { createOutbox } from './outbox.ts';
import type { Metadata } from './port.ts';
import { createRcaRecords } from './rca.ts';
import { createRecordings } from './recordings.ts';
import { createSecrets } from './secrets.ts';
import { createStoredSessions } from './sessions.ts';
import { createStreams } from './streams.ts';
import type { Tables } from './tables.ts';
import { createViews } from './views.ts';
import { createViolations } from './violations.ts';

export interface DatabaseOptions {
	readonly db: Kysely<Tables>;
	readonly log: Logger;
	readonly now: NowMicros;
	readonly random: (bytes: number) => Uint8Array;
}

/** The metadata over any database that Kysely speaks to; brings its tables up to date first. */
export async function createMetadata({ db, log, now, random }: DatabaseOptions): Promise<Metadata> {
	await migrate(db);
	const identity = await identityOf(db, random);
	const onUnknownStream = (streamId: number) => log.error({ streamId }, 'verdict about a stream that does not exist');
	return {
		streams: createStreams(db, now),
		outbox: createOutbox(db, identity),
		violations: createViolations(db, { now, onUnknownStream }),
		limits: createLimits(db),
		keys: createKeys(db, { now, random }),
		accounts: createAccounts(db, now),
		sessions: createStoredSessions(db),
		links: createLinks(db, now),
		annotations: createAnnotations(db, now),
		acts: createActs(db, now),
		causes: createCauses(db, now),
		secrets: createSecrets(db, now),
		views: createViews(db),
		events: createEvents(db, now),
		documents: createDocuments(db, now),
		alerts: createAlertStore(db, { now, identity }),
		rca: createRcaRecords(db, now),
		recordings: createRecordings(db, now),
		close: () => db.destroy(),
	};
}
