import type { CollectorsStatus, CollectorStatus } from '#collectors/messages.ts';
import type { Cases } from './cases/port.ts';
import type { EngineView } from './engine/port.ts';
import type { Health, SystemReport } from './http/ports.ts';
import type { Journal } from './journal/port.ts';
import type { Supervisor } from './supervisor.ts';

interface HealthParts {
	readonly journal: Journal;
	readonly partition: number;
	readonly engine: EngineView;
	readonly cases: Pick<Cases, 'position'>;
	readonly writer: { position(): number };
	readonly supervisors: () => readonly Supervisor[];
	/** What the collectors of each process said last. */
	readonly statuses: () => readonly CollectorsStatus[];
	readonly version: string;
}

/** Above this share of its cap a journal or a queue is filling: somebody should look. */
const FILLING = 0.9;

/** `ready` while points can be journaled and every part runs; `degraded` names the part that does not. */
export function createHealth(parts: HealthParts): {
	health(): Promise<Health>;
	system(): Promise<SystemReport>;
} {
	const { journal, engine, cases, writer, supervisors, version } = parts;

	async function states(): Promise<{ readonly parts: Record<string, string>; readonly journalUp: boolean }> {
		const states: Record<string, string> = { ...(await journalState(journal)), engine: 'up' };
		for (const supervisor of supervisors()) {
			const state = supervisor.state();
			states[supervisor.name] = state === 'running' ? 'up' : state;
		}
		for (const { collectors } of parts.statuses())
			for (const one of collectors) states[`collector ${one.name}`] = collectorState(one);
		return { parts: states, journalUp: states.journal !== 'full' };
	}

	return {
		async health() {
			const { parts, journalUp } = await states();
			const calm = Object.values(parts).every((state) => state === 'up' || state === 'ended');
			return { status: !journalUp ? 'down' : calm ? 'ready' : 'degraded', parts };
		},
		async system() {
			const [stats, lastVerdict] = await Promise.all([journal.stats(), journal.lastSeq('verdicts', parts.partition)]);
			return {
				versions: { sigmascope: version, node: process.versions.node, sqlite: process.versions.sqlite ?? 'unknown' },
				journal: stats,
				// Cases read verdicts only: behind is who has not read the newest of those.
				lags: {
					engine: stats.lastSeq - engine.position(),
					store: Math.max(0, stats.lastSeq - writer.position()),
					cases: Math.max(0, lastVerdict - cases.position()),
				},
				parts: (await states()).parts,
			};
		},
	};
}

/** A queue near its cap comes first: points are about to be lost, or the source to be held up. */
function collectorState({ state, spool }: CollectorStatus): string {
	if (spool.bytes > FILLING * spool.capBytes && spool.depth > 0) return 'queue full';
	return state === 'running' ? 'up' : state;
}

async function journalState(journal: Journal): Promise<{ readonly journal: string }> {
	const { bytes, capBytes, refusing } = await journal.stats();
	if (refusing !== null) return { journal: 'full' };
	return { journal: bytes > FILLING * capBytes ? 'filling' : 'up' };
}
