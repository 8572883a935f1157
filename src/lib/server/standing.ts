import type { ApiIncident, ApiStatus } from '#contracts/status.ts';
import { defaultAsset } from '#contracts/stream.ts';
import { formatTime } from '#contracts/time.ts';
import type { Health } from './http/ports.ts';
import type { Metadata } from './metadata/port.ts';
import { HEALTH_PREFIX } from './own-health.ts';
import { OWN_SITE } from './own-streams.ts';

const MOST_INCIDENTS = 20;
const HEALTH_ASSET = defaultAsset(HEALTH_PREFIX);

/**
 * How the server stands, for everybody who may look: each part's state and since when, and what our own streams of health
 * found last. Since when is known of what changed while somebody asked; whoever reads health goes through here.
 *
 * @param options.metadata of which the violations of our own health are read: they outlive the process
 */
export function createStanding(options: {
	readonly health: () => Promise<Health>;
	readonly metadata: Pick<Metadata, 'streams' | 'violations'>;
	readonly startedAt: Date;
	/** Of the day, and not since the start: people read it. */
	readonly wallMs: () => number;
}): { health(): Promise<Health>; status(): Promise<ApiStatus> } {
	const { metadata, startedAt, wallMs } = options;
	const since = new Map<string, { readonly state: string; readonly ms: number }>();

	async function health(): Promise<Health> {
		const now = await options.health();
		for (const [part, state] of Object.entries(now.parts)) {
			const known = since.get(part);
			if (known?.state !== state) since.set(part, { state, ms: known ? wallMs() : startedAt.getTime() });
		}
		for (const part of since.keys()) if (!(part in now.parts)) since.delete(part);
		return now;
	}

	async function incidents(): Promise<readonly ApiIncident[]> {
		const match = { sites: [OWN_SITE], asset: HEALTH_ASSET, chart: 'i', limit: MOST_INCIDENTS };
		const { items } = await metadata.violations.list(match);
		const found = await metadata.streams.some([...new Set(items.map(({ streamId }) => streamId))]);
		const parts = new Map(found.map(({ stream }) => [stream.id, stream.key.slice(HEALTH_PREFIX.length)]));
		return items.map(({ streamId, firstMicros, endedMicros }) => ({
			part: parts.get(streamId) ?? '',
			from: formatTime(firstMicros),
			to: endedMicros === null ? null : formatTime(endedMicros),
		}));
	}

	return {
		health,
		async status() {
			const [{ status, parts }, found] = await Promise.all([health(), incidents()]);
			return {
				status,
				startedAt: startedAt.toISOString(),
				parts: Object.entries(parts).map(([name, state]) => ({
					name,
					state,
					since: new Date(since.get(name)?.ms ?? startedAt.getTime()).toISOString(),
				})),
				incidents: found,
			};
		},
	};
}
