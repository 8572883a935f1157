import type { LiveHello } from '#contracts/live.ts';
import type { Plan } from '#contracts/plan.ts';
import { maySee, type Principal } from '#contracts/principal.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Metadata, StreamWithPlan } from '../metadata/port.ts';
import type { Format } from './frames.ts';

export interface Subscribed {
	/** Place in the hello's list: what frames name the stream by. */
	readonly index: number;
	readonly stream: Stream;
	/** As it was when the reader asked. */
	readonly plan: Plan;
}

/** What one hello asked for and its reader may see. */
export interface Subscription {
	readonly streams: readonly Subscribed[];
	/** As long as the hello's list; empty where there is no such stream, not for this reader, or named before. */
	readonly echoed: readonly string[];
	/** Ids of the hello that name no stream for this reader. */
	readonly unknown: readonly string[];
	readonly rateHz: number;
	readonly window: number;
	readonly format: Format;
}

/** Points per chart that a snapshot brings at most, over all its streams: ten thousand streams get 200 each. */
const MOST_POINTS = 2_000_000;
const LEAST_WINDOW = 50;

/** A stream of a foreign site is answered as one that does not exist. */
export async function subscribe(
	metadata: Pick<Metadata, 'streams'>,
	principal: Principal,
	hello: Required<Omit<LiveHello['hello'], 'resume'>>,
): Promise<Subscription> {
	const find = await finder(metadata, hello.streams);
	const streams: Subscribed[] = [];
	const seen = new Set<number>();
	hello.streams.forEach((id, index) => {
		const found = find(id);
		if (!found || seen.has(found.stream.id) || !maySee(principal, found.stream.site)) return;
		seen.add(found.stream.id);
		streams.push({ index, stream: found.stream, plan: found.plan });
	});
	const echoed = hello.streams.map(() => '');
	for (const { index, stream } of streams) echoed[index] = String(stream.id);
	const named = new Set(echoed);
	const unknown = hello.streams.filter((id) => id === '' || !named.has(id));
	const { rateHz, format } = hello;
	const share = Math.max(LEAST_WINDOW, Math.floor(MOST_POINTS / Math.max(1, streams.length)));
	const window = Math.min(hello.window, share);
	return { streams, echoed, unknown, rateHz, window, format };
}

async function finder(
	metadata: Pick<Metadata, 'streams'>,
	ids: readonly string[],
): Promise<(id: string) => StreamWithPlan | undefined> {
	const found = await metadata.streams.some(ids.filter(isId).map(Number));
	const byId = new Map(found.map((entry) => [String(entry.stream.id), entry]));
	return (id) => byId.get(id);
}

function isId(text: string): boolean {
	return /^[1-9]\d{0,9}$/.test(text);
}
