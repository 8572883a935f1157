import { toApiViolation, type ApiViolation } from '#contracts/api.ts';
import type { Limits } from '#contracts/limits.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Metadata } from '../metadata/port.ts';
import { readLimits, readOlder, type HistoryPorts, type Older } from './history.ts';
import type { Subscribed } from './subscription.ts';

/** What a snapshot needs besides the engine's own memory. */
export interface Gathered {
	readonly violations: readonly ApiViolation[];
	readonly limits: readonly Limits[];
	readonly older: ReadonlyMap<number, Older>;
}

export interface GatherPorts extends HistoryPorts {
	readonly metadata: Pick<Metadata, 'limits' | 'violations'>;
}

/** A screen opens with what there is by then; nobody waits for a slow store. */
const STORE_WAIT_MS = 400;
const AT_ONCE = 8;

/**
 * @param told streams whose limits and violations are wanted; @param replaced those whose points are wanted too
 * @param wanted points per chart
 */
export async function gather(
	ports: GatherPorts,
	wish: { readonly told: readonly Subscribed[]; readonly replaced: readonly Subscribed[]; readonly wanted: number },
): Promise<Gathered> {
	const { told, replaced, wanted } = wish;
	const streams = new Map(told.map(({ stream }) => [stream.id, stream]));
	const older = new Map<number, Older>();
	const limits: Limits[] = [];
	const [active] = await Promise.all([
		ports.metadata.violations.active([...streams.keys()]),
		inTurns(told, async ({ stream }) => void limits.push(...(await readLimits(ports, stream.id, wanted)))),
		readWhatComes(replaced, async (subscribed) => {
			const found = await readOlder(ports, subscribed, wanted);
			if (found) older.set(subscribed.stream.id, found);
		}),
	]);
	const violations = active.flatMap((one) => apiViolation(one, streams.get(one.streamId)));
	return { violations, limits, older: new Map(older) };
}

async function readWhatComes(
	streams: readonly Subscribed[],
	read: (stream: Subscribed) => Promise<void>,
): Promise<void> {
	const { promise: late, resolve } = Promise.withResolvers<void>();
	const timer = setTimeout(resolve, STORE_WAIT_MS);
	let over = false;
	await Promise.race([inTurns(streams, read, () => over), late]);
	clearTimeout(timer);
	over = true;
}

async function inTurns<T>(
	items: readonly T[],
	work: (item: T) => Promise<void>,
	isOver: () => boolean = () => false,
): Promise<void> {
	const queue = items.values();
	const worker = async () => {
		for (const item of queue) {
			if (isOver()) return;
			await work(item);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

export function apiViolation(
	violation: Parameters<typeof toApiViolation>[0],
	stream: Stream | undefined,
): ApiViolation[] {
	if (!stream) return [];
	const { id, key, labels, site, unit } = stream;
	return [toApiViolation(violation, { id: String(id), key, labels, site, unit })];
}
