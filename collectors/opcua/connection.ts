import { RetriableError } from '#contracts/error.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { CollectorContext } from '../kit/collector.ts';
import { pollEvery } from '../kit/schedule.ts';
import type { Tracks } from '../kit/track.ts';
import { openSession, type ClientOptions, type Session } from './client.ts';
import type { LiveItem } from './item.ts';
import { nameVariables, openItems } from './resolve.ts';
import { publish, readValues, type Acknowledgement } from './services.ts';
import { presentOf, type Clocks } from './stamp.ts';
import { openSubscription, publishingMs, type Subscription } from './subscription.ts';
import { readValue, type RawValue } from './value.ts';

export interface ConnectionOptions extends ClientOptions {
	readonly context: CollectorContext;
	readonly tracks: Tracks;
	/** Each text once. */
	readonly onFault: (message: string) => void;
	/** The session stands and what there is to take is known. */
	readonly onReady: () => void;
	readonly signal: AbortSignal;
}

const SERVER_TIME = 'i=2258';
const CLOCK_EVERY_MS = 30_000;
const RETRY_EVERY_MS = 30_000;
const WATCH_EVERY_MS = 200;
/** Messages that a subscription may be late, beside the silence that is allowed. */
const LATE_KEEP_ALIVES = 3;
/** One waits at the server while another one is being written to our disk. */
const SPARE_PUBLISHES = 2;
const LET_GO_MS = 100;
const NEVER = new AbortController().signal;

/** One session, from its beginning to its end. @throws what ended it, unless that was the signal */
export async function runConnection(options: ConnectionOptions): Promise<void> {
	const { signal } = options;
	const opening = openSession(options);
	const open = await Promise.race([opening, whenAborted(signal)]);
	// Nobody waits for a server that does not answer.
	if (!open) return void opening.then((late) => late.close()).catch(() => undefined);
	const over = new AbortController();
	const all = AbortSignal.any([signal, over.signal, open.ended]);
	let works: Promise<void>[] = [];
	try {
		const live = await begin(options, open.session);
		options.onReady();
		works = worksOf({ ...options, ...live, session: open.session, signal: all });
		await Promise.race([Promise.all(works), whenAborted(all)]);
		if (!signal.aborted) throw open.ended.reason as Error;
	} catch (error) {
		// A request that was under way says only that it has failed; what ended the session says why.
		throw open.ended.aborted ? open.ended.reason : error;
	} finally {
		over.abort();
		await open.close();
		await Promise.race([Promise.allSettled(works), options.context.clock.sleep(LET_GO_MS, NEVER)]);
	}
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve(undefined);
		else signal.addEventListener('abort', () => resolve(undefined), { once: true });
	});
}

interface Live {
	readonly clocks: Clocks;
	readonly subscriptions: readonly Subscription[];
	readonly polled: readonly LiveItem[];
}

interface Running extends ConnectionOptions {
	readonly session: Session;
	readonly clocks: { timestamp: Clocks['timestamp']; aheadMicros: number };
	readonly subscriptions: readonly Subscription[];
	readonly polled: readonly LiveItem[];
}

async function begin(options: ConnectionOptions, session: Session): Promise<Live & Pick<Running, 'clocks'>> {
	const { config, context, onFault } = options;
	const clocks = { timestamp: config.timestamp, aheadMicros: 0 };
	await compareClocks({ ...options, session, clocks });
	const items = openItems(await nameVariables(session, options), options);
	const subscribed = items.filter(({ item }) => item.method === 'subscribe');
	const subscriptions: Subscription[] = [];
	for (const [ms, some] of Map.groupBy(subscribed, ({ item }) => publishingMs(item.every)))
		subscriptions.push(
			await openSubscription({ session, publishingMs: ms, items: some, onFault, nowMicros: context.clock.nowMicros }),
		);
	context.onReached(`connected to the server: ${items.length} items in ${subscriptions.length} subscriptions`);
	return { clocks, subscriptions, polled: items.filter(({ item }) => item.method === 'poll') };
}

function worksOf(run: Running): Promise<void>[] {
	const { subscriptions, polled, session, context, signal } = run;
	const every = (ms: number, work: () => Promise<void>) =>
		pollEvery({ clock: context.clock, intervalMs: ms, signal, onPoll: work });
	const publishes = subscriptions.length === 0 ? 0 : subscriptions.length + SPARE_PUBLISHES;
	return [
		...Array.from({ length: publishes }, () => publishLoop(run)),
		...[...Map.groupBy(polled, ({ item }) => item.every)].map(([ms, items]) => pollLoop(run, ms, items)),
		every(CLOCK_EVERY_MS, () => compareClocks(run)),
		every(RETRY_EVERY_MS, async () => {
			for (const one of subscriptions) await one.retry(session);
		}),
		every(WATCH_EVERY_MS, async () => watch(run)),
	];
}

/** The next question goes out when the last answer is on disk: a server whose queues fill up says so. */
async function publishLoop({ session, subscriptions, clocks, tracks, context, signal }: Running): Promise<void> {
	let done: Acknowledgement[] = [];
	while (!signal.aborted) {
		const { subscriptionId, notificationMessage: message } = await publish(session, done);
		if (signal.aborted) return;
		const nowMicros = context.clock.nowMicros();
		subscriptions.find(({ id }) => id === subscriptionId)?.take(message, clocks, nowMicros);
		if (tracks.waiting() > 0) await tracks.flush(presentOf(clocks, nowMicros));
		const isKeepAlive = (message.notificationData ?? []).length === 0;
		done = isKeepAlive ? [] : [{ subscriptionId, sequenceNumber: message.sequenceNumber }];
	}
}

function pollLoop(
	{ session, clocks, tracks, context, signal, onFault }: Running,
	ms: number,
	items: readonly LiveItem[],
) {
	return pollEvery({
		clock: context.clock,
		intervalMs: ms,
		signal,
		async onPoll(_, missed) {
			if (missed > 0) {
				onFault(`asking every ${ms} ms takes too long: intervals were left out; choose a longer "every"`);
				for (const one of items) one.lose('asking took longer than the interval');
			}
			const values = await readValues(
				session,
				items.map(({ node }) => node),
			);
			const nowMicros = context.clock.nowMicros();
			items.forEach((one, i) => {
				const value = values[i];
				if (value) one.take(readValue(value as RawValue), clocks, nowMicros);
				one.settle(presentOf(clocks, nowMicros));
			});
			await tracks.flush(presentOf(clocks, nowMicros));
		},
	});
}

/** The middle of question and answer is when the server looked at its clock. */
async function compareClocks({
	session,
	clocks,
	context,
	config,
	onFault,
}: Pick<Running, 'session' | 'clocks' | 'context' | 'config' | 'onFault'>): Promise<void> {
	const askedMicros = context.clock.nowMicros();
	const [value] = await readValues(session, [SERVER_TIME]);
	const server: unknown = value?.value?.value;
	if (!(server instanceof Date)) return;
	const oursMicros = (askedMicros + context.clock.nowMicros()) / 2;
	clocks.aheadMicros = Math.round(server.getTime() * MICROS_PER_MS - oursMicros);
	const isFar = Math.abs(clocks.aheadMicros) > config.maxSkew * MICROS_PER_MS;
	clocks.timestamp = isFar ? 'collector' : config.timestamp;
	if (isFar && config.timestamp !== 'collector') {
		const seconds = Math.round(Math.abs(clocks.aheadMicros) / 1e6);
		const side = clocks.aheadMicros > 0 ? 'ahead of' : 'behind';
		onFault(`the clock of the server is ${seconds} s ${side} ours, more than maxSkew: times are ours until it is set`);
	}
}

/** Libraries and servers both have been seen to be connected and silent for good. */
function watch({ subscriptions, config, context }: Running): void {
	const nowMicros = context.clock.nowMicros();
	for (const { heardMicros, keepAliveMs } of subscriptions) {
		const allowedMs = Math.max(config.silence, keepAliveMs * LATE_KEEP_ALIVES);
		if (nowMicros - heardMicros() > allowedMs * MICROS_PER_MS)
			throw new RetriableError(`silent for ${Math.round(allowedMs / 1000)} s though connected`);
	}
}
