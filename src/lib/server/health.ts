import type { CollectorsStatus, CollectorStatus } from '#collectors/messages.ts';
import type { ApiCollector, ApiSystem, ApiTrouble } from '#contracts/system.ts';
import { formatTime } from '#contracts/time.ts';
import type { BackupState } from './backup/port.ts';
import type { Health } from './http/ports.ts';
import type { Journal } from './journal/port.ts';
import type { Lags } from './lags.ts';
import type { Rates } from './rates.ts';
import type { Supervisor } from './supervisor.ts';
import type { Vitals } from './vitals.ts';

interface HealthParts {
	readonly journal: Pick<Journal, 'stats'>;
	readonly supervisors: () => readonly Supervisor[];
	/** What the collectors of each process said last. */
	readonly statuses: () => readonly CollectorsStatus[];
	readonly lastRead: (name: string) => number | undefined;
	readonly readLags: () => Promise<Lags>;
	readonly vitals: () => Vitals;
	readonly rates: Pick<Rates, 'now'>;
	readonly troubles: () => readonly ApiTrouble[];
	readonly backup: () => BackupState | undefined;
	readonly versions: Readonly<Record<string, string>>;
	readonly startedAt: Date;
}

/** Above this share of its cap a journal or a queue is filling: somebody should look. */
const FILLING = 0.9;
/** A reader so far behind for so long does not merely catch its breath. */
const BEHIND_SECONDS = 60;

/** `ready` while points can be journaled and every part runs; `degraded` names the part that does not. */
export function createHealth(parts: HealthParts): {
	health(): Promise<Health>;
	system(): Promise<ApiSystem>;
} {
	const { journal, supervisors } = parts;

	async function health(): Promise<Health> {
		const states: Record<string, string> = { ...(await journalState(journal)), engine: 'up' };
		for (const supervisor of supervisors()) {
			const state = supervisor.state();
			states[supervisor.name] = state === 'running' ? 'up' : state;
		}
		for (const [reader, { seconds }] of Object.entries(parts.vitals().lags ?? {}))
			if (seconds > BEHIND_SECONDS && (states[reader] ?? 'up') === 'up') states[reader] = 'behind';
		for (const one of collectorsOf(parts)) states[`collector ${one.name}`] = collectorState(one);
		const calm = Object.values(states).every((state) => state === 'up' || state === 'ended');
		return { status: states['journal'] === 'full' ? 'down' : calm ? 'ready' : 'degraded', parts: states };
	}

	return {
		health,
		async system() {
			const [stats, lags, now] = await Promise.all([journal.stats(), parts.readLags(), health()]);
			const { disk = null, store = null, processes } = parts.vitals();
			const last = parts.backup();
			return {
				versions: parts.versions,
				startedAt: parts.startedAt.toISOString(),
				...now,
				journal: stats,
				lags: mapOf(lags, ({ records }) => records),
				lagSeconds: mapOf(lags, ({ seconds }) => seconds),
				restarts: Object.fromEntries(supervisors().map((one) => [one.name, one.restarts()])),
				disk,
				store,
				processes: processes.map(({ name, memoryBytes, corePercent }) => ({ name, memoryBytes, corePercent })),
				...parts.rates.now(),
				collectors: collectorsOf(parts).map((one) => toApiCollector(one, parts.lastRead(one.name))),
				troubles: parts.troubles(),
				backup: last ? { state: last.state, startedAt: last.startedAt, bytes: last.bytes, error: last.error } : null,
			};
		},
	};
}

function mapOf<T>(lags: Lags, read: (lag: Lags['engine']) => T): Record<string, T> {
	return Object.fromEntries(Object.entries(lags).map(([reader, lag]) => [reader, read(lag)]));
}

const collectorsOf = ({ statuses }: HealthParts) => statuses().flatMap(({ collectors }) => collectors);

function toApiCollector(status: CollectorStatus, readMicros: number | undefined): ApiCollector {
	const { name, type, connected, points, faults, restarts, spool, newest, lastError } = status;
	const { depth, bytes, capBytes, oldestMs, dropped, refused } = spool;
	return {
		...{ name, type, state: collectorState(status), connected, points, faults, restarts },
		...{ depth, bytes, capBytes, oldestMs, dropped, refused },
		lastReadAt: readMicros === undefined ? null : formatTime(readMicros),
		newest: newest && { stream: newest.stream, unit: newest.unit, v: newest.v, at: formatTime(newest.tMicros) },
		lastError: lastError && {
			source: lastError.source,
			message: lastError.message,
			at: formatTime(lastError.atMicros),
		},
	};
}

/** A queue near its cap comes first: points are about to be lost, or the source to be held up. */
function collectorState({ state, spool }: CollectorStatus): string {
	if (spool.bytes > FILLING * spool.capBytes && spool.depth > 0) return 'queue full';
	return state === 'running' ? 'up' : state;
}

async function journalState(journal: Pick<Journal, 'stats'>): Promise<{ readonly journal: string }> {
	const { bytes, capBytes, refusing } = await journal.stats();
	if (refusing !== null) return { journal: 'full' };
	return { journal: bytes > FILLING * capBytes ? 'filling' : 'up' };
}
