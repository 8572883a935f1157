import type { CollectorsStatus } from '#collectors/messages.ts';
import { planSchema, type Plan } from '#contracts/plan.ts';
import { keyFault } from '#contracts/stream.ts';
import type { Health } from './http/ports.ts';
import type { OwnValue } from './own-streams.ts';

/** What begins the keys of streams that say whether a part is well. */
export const HEALTH_PREFIX = 'health/';

/** Without these nothing is kept or judged. */
const VITAL: readonly string[] = ['journal', 'engine', 'store', 'cases'];
const REACTION = [
	'Open System: it names the part, and says what it logged last',
	'Do what docs/operating.md says about its number',
];
/**
 * 0 is well and 1 is not: one point tells, and the next that is well again ends it. Sigma is chosen so that 1 lies beyond
 * three of them and the step from 0 to 1 within the limit of moving ranges (3.686): one thing is one violation.
 */
const PLAN = planSchema.parse({
	chart: 'i-mr',
	baseline: { centre: 0, sigma: 0.3 },
	rules: [1],
	severity: 'warning',
	reaction: REACTION,
});
const VITAL_PLAN: Plan = { ...PLAN, severity: 'critical' };

const QUEUE = /^collector\/.+\/waiting$/;
/** What waits on the disk of a collector for a minute is told of. */
const QUEUE_PLAN = planSchema.parse({
	chart: 'i-mr',
	baseline: { centre: 0, sigma: 20 },
	rules: [1],
	severity: 'info',
	reaction: REACTION,
});

export function healthPlan(key: string): Plan | undefined {
	if (QUEUE.test(key)) return QUEUE_PLAN;
	if (!key.startsWith(HEALTH_PREFIX)) return undefined;
	return VITAL.includes(key.slice(HEALTH_PREFIX.length)) ? VITAL_PLAN : PLAN;
}

/** A part that is being started is given this long. */
const STARTING_MS = 60_000;
const WELL: readonly string[] = ['up', 'ended'];

/**
 * Whether each part is well, by the words of `/readyz`: journal near its cap, a reader more than a minute behind, a
 * process or a collector that is down.
 */
export function createOwnHealth({
	health,
	nowMs,
}: {
	readonly health: () => Promise<Health>;
	readonly nowMs: () => number;
}): () => Promise<readonly OwnValue[]> {
	const startingSince = new Map<string, number>();

	function isWell(part: string, state: string): boolean {
		if (state !== 'starting') {
			startingSince.delete(part);
			return WELL.includes(state);
		}
		const since = startingSince.get(part) ?? nowMs();
		startingSince.set(part, since);
		return nowMs() - since < STARTING_MS;
	}

	return async () => {
		const { parts } = await health();
		return Object.entries(parts).flatMap(([part, state]) => {
			const stream = HEALTH_PREFIX + part.replace(/^collector /, 'collector/').replace(/^process of /, 'process/');
			// Of a collector whose name no stream may have /readyz tells all the same.
			return keyFault(stream) === undefined ? [{ stream, unit: '', v: isWell(part, state) ? 0 : 1 }] : [];
		});
	};
}

/** How long what each collector has measured has been waiting on its disk, in seconds. */
export function queueValues(statuses: readonly CollectorsStatus[]): readonly OwnValue[] {
	return statuses
		.flatMap(({ collectors }) => collectors)
		.map(({ name, spool }) => ({ stream: `collector/${name}/waiting`, unit: 's', v: spool.oldestMs / 1000 }))
		.filter(({ stream }) => keyFault(stream) === undefined);
}
