import { RetriableError } from '#contracts/error.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Violation } from '#contracts/violation.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { contributionsOf } from './contributions.ts';

type Ports = Pick<HttpPorts, 'engine' | 'metadata' | 'store'>;

/** How another stream of the asset stood when a violation began. */
export interface Neighbour {
	readonly stream: Pick<Stream, 'id' | 'key' | 'unit'>;
	readonly tMicros: number;
	readonly v: number;
	/** From the centre, by the limits of then; null where values are not plotted as they are. */
	readonly sigmas: number | null;
}

const MOST_STREAMS = 40;
/** What is older says nothing of that moment. */
const OLDEST_MICROS = 3_600 * MICROS_PER_SECOND;

/**
 * The newest value at that moment of each stream of the same asset, the one furthest from its centre first.
 *
 * @returns undefined while the store does not answer
 */
export async function aroundOf(
	{ metadata, store }: Ports,
	{ firstMicros }: Violation,
	{ id, site, asset }: Stream,
): Promise<readonly Neighbour[] | undefined> {
	const page = await metadata.streams.page({ sites: [site], asset, afterId: 0, limit: MOST_STREAMS + 1 });
	const others = page.filter((other) => other.id !== id).slice(0, MOST_STREAMS);
	try {
		const found = await Promise.all(
			others.map(async ({ id: streamId, key, unit }): Promise<Neighbour | undefined> => {
				const { tMicros: times, v } = await store.lastPoints(streamId, 1, firstMicros + 1);
				const [tMicros, value] = [Number(times[0]), v[0]];
				if (value === undefined || firstMicros - tMicros > OLDEST_MICROS) return undefined;
				const sigmas = await distanceOf(metadata, { streamId, tMicros, v: value });
				return { stream: { id: streamId, key, unit }, tMicros, v: value, sigmas };
			}),
		);
		return found.filter((one) => one !== undefined).sort((a, b) => Math.abs(b.sigmas ?? -1) - Math.abs(a.sigmas ?? -1));
	} catch (error) {
		if (error instanceof RetriableError) return undefined;
		throw error;
	}
}

async function distanceOf(
	metadata: Ports['metadata'],
	{ streamId, tMicros, v }: { readonly streamId: number; readonly tMicros: number; readonly v: number },
): Promise<number | null> {
	const all = await metadata.limits.of(streamId);
	const limits = all.findLast(({ chart, fromMicros }) => chart === 'i' && fromMicros <= tMicros);
	if (!limits || limits.scale !== undefined || !(limits.sigma > 0)) return null;
	return (v - limits.centre) / limits.sigma;
}

/** What else is known of a violation's first moment: parts of its T2, and values of the other streams of its asset by their keys. */
export async function metricsOf(
	ports: Ports,
	violation: Violation,
	of: Stream,
): Promise<Readonly<Record<string, number>>> {
	const around = (await aroundOf(ports, violation, of)) ?? [];
	const values = around.map(({ stream: { key }, v }) => [key, v] as const);
	return { ...Object.fromEntries(values), ...(await contributionsOf(ports, violation)) };
}
