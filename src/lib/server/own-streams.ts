import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';
import { planSchema } from '#contracts/plan.ts';
import type { Principal } from '#contracts/principal.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Ingest } from './ingest/port.ts';
import type { PlanFor } from './ingest/replan.ts';
import { healthPlan } from './own-health.ts';

/** Where the product's own lags and latencies are; no plant is called so. */
export const OWN_SITE = 'sigmascope';
const OWN: Principal = { kind: 'key', name: 'own streams', sites: [OWN_SITE], scopes: ['write'], writeSite: OWN_SITE };

/**
 * Learnt from an hour: latencies are skewed and come in spells, so the plan is the one that such a baseline recommends,
 * with limits for one false alarm a month and stream. No interval is expected: that the server was stopped is no news.
 */
const PLAN = planSchema.parse({
	chart: 'auto',
	baseline: { points: 360 },
	falseAlarmsPerDay: 1 / 30,
	severity: 'info',
});

/** @returns plans for these streams too, unless the file names one */
export function withOwnPlan(planFor: PlanFor): PlanFor {
	return (name) => {
		const chosen = planFor(name);
		if (name.site !== OWN_SITE) return chosen;
		const health = healthPlan(name.key);
		// A plan for every stream of a plant is not meant for 0 and 1.
		if (health) return { plan: health, source: null };
		return chosen.source === null ? { plan: PLAN, source: null } : chosen;
	};
}

export interface OwnValue {
	readonly stream: string;
	readonly unit: string;
	/** null = nothing to measure: then there is no point, and not a 0. */
	readonly v: number | null;
}

const EVERY_MS = 10_000;
/** A process is slow while its code is cold and its caches are empty: that would be learnt as normal. */
const FIRST_AFTER_MS = 300_000;

/**
 * Puts the product's own lags and latencies on control charts, by the way that all points come in: a point of each
 * every ten seconds.
 */
export function createOwnStreams(parts: {
	readonly ingest: Pick<Ingest, 'points'>;
	readonly read: () => Promise<readonly OwnValue[]>;
	readonly now: NowMicros;
	readonly log: Logger;
	readonly firstAfterMs?: number;
	readonly everyMs?: number;
}): { start(): void; stop(): Promise<void> } {
	const { ingest, read, now, log, firstAfterMs = FIRST_AFTER_MS, everyMs = EVERY_MS } = parts;
	let timer: NodeJS.Timeout | undefined;
	let running: Promise<void> = Promise.resolve();
	let stopped = false;

	async function write(): Promise<void> {
		const t = now();
		const values = (await read()).filter(({ v }) => v !== null && Number.isFinite(v));
		if (values.length === 0) return;
		const body = new TextEncoder().encode(JSON.stringify(values.map((value) => ({ ...value, t }))));
		await ingest.points({ principal: OWN, body, contentType: 'application/json' });
	}

	function later(ms: number): void {
		timer = setTimeout(() => {
			// A journal that is full has been told of elsewhere, and what is missing shows as missing.
			running = write().catch((error: unknown) => log.debug(`no points of our own: ${messageOf(error)}`));
			void running.then(() => stopped || later(everyMs));
		}, ms);
	}

	return {
		start: () => later(firstAfterMs),
		async stop() {
			stopped = true;
			clearTimeout(timer);
			await running;
		},
	};
}
