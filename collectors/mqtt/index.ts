import { MICROS_PER_SECOND, formatTime } from '#contracts/time.ts';
import { messageOf } from '#contracts/error.ts';
import { createBackoff } from '../kit/backoff.ts';
import { collectorType, type Collector, type CollectorContext, type Emitter } from '../kit/collector.ts';
import { mqttSchema, type MqttConfig } from './config.ts';
import { runConnection } from './connection.ts';
import { parseCursor, type Cursor } from './cursor.ts';
import { createIntake, type Intake } from './intake.ts';
import { createMemory } from './memory.ts';
import { subscriptionsOf, type BrokerSubscription } from './subscriptions.ts';

export const mqtt = collectorType(mqttSchema, createMqtt, {
	// Under a name of its own: under that of the running collector it would take over its session and what waits in it.
	forTrial: ({ clientId: _, ...config }) => ({ ...config, clientId: undefined, sessionExpiry: 0 }),
	// Lines of logs are no values.
	entries: ({ subscribe }) =>
		subscribe.flatMap(({ topic, format, event }, i) =>
			format === 'log' || event ? [] : [{ place: `subscribe[${i}]`, name: topic }],
		),
	discover: {
		option: 'subscribe',
		narrows: 'a topic filter, as `plant/#`',
		draft: { subscribe: [{ topic: '#' }] },
		run: async (config, context) => (await import('./discover.ts')).discoverTopics(config, context),
	},
});

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** A connection that lasted this long was a good one: the next wait is short again. */
const GOOD_AFTER_MICROS = 5 * MICROS_PER_SECOND;

/** Messages of a broker as points; each of QoS 1 exactly once, acknowledged when it is on disk. */
function createMqtt(config: MqttConfig, context: CollectorContext): Collector {
	return {
		async start(emitter, signal) {
			const run = await begin(config, context, { emitter, signal });
			const flush = () => void run.intake.flush();
			signal.addEventListener('abort', flush, { once: true });
			await stayConnected(run);
			signal.removeEventListener('abort', flush);
		},
	};
}

interface Run {
	readonly config: MqttConfig;
	readonly context: CollectorContext;
	readonly emitter: Emitter;
	readonly signal: AbortSignal;
	readonly intake: Intake;
	readonly clientId: string;
	readonly subscriptions: readonly BrokerSubscription[];
	/** Topic filters that the session may hold and nobody wants any more. */
	staleFilters: readonly string[];
	/** Of the subscriptions, as granted last. */
	granted: readonly number[];
}

async function begin(
	config: MqttConfig,
	context: CollectorContext,
	{ emitter, signal }: { readonly emitter: Emitter; readonly signal: AbortSignal },
): Promise<Run> {
	const before = parseCursor(emitter.cursor());
	const sameBroker = before?.url === config.url ? before : undefined;
	const clientId = config.clientId ?? sameBroker?.clientId ?? newClientId(context);
	const session = sameBroker?.clientId === clientId ? sameBroker : undefined;
	const subscriptions = subscriptionsOf(config.subscribe);
	const filters = subscriptions.map(({ topic }) => topic);
	const staleFilters = session?.filters.filter((filter) => !filters.includes(filter)) ?? [];
	const atMicros = session?.atMicros ?? 0;
	const cursor: Cursor = { url: config.url, clientId, filters: [...filters, ...staleFilters], atMicros };
	const memory = createMemory({ notes: emitter.notes(), inFlight: config.maxInFlight });
	if (!session) memory.clear();
	// Before the broker hears of it: a session under a name that is forgotten would gather messages for nobody.
	await emitter.emit({ seen: [], cursor, notes: memory.changes() });
	const intake = createIntake({ config, emitter, clock: context.clock, signal, memory, cursor });
	return {
		config,
		context,
		emitter,
		signal,
		intake,
		clientId,
		staleFilters,
		subscriptions,
		granted: subscriptions.map(({ qos }) => qos),
	};
}

async function stayConnected(run: Run): Promise<void> {
	const { config, signal, emitter } = run;
	const { clock, random } = run.context;
	const backoff = createBackoff({ firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS, random });
	const { protocol, host } = new URL(config.url);
	let told = '';
	while (!signal.aborted) {
		const session = { sinceMicros: Infinity };
		const reason = await connectOnce(run, session).catch(messageOf);
		if (signal.aborted) return;
		const isGood = clock.nowMicros() - session.sinceMicros > GOOD_AFTER_MICROS;
		if (isGood) backoff.reset();
		// Once, not at every attempt.
		if (isGood || reason !== told) emitter.fault(`broker ${protocol}//${host}: ${reason}`);
		told = reason;
		await clock.sleep(backoff.nextMs(), signal);
	}
}

function connectOnce(run: Run, session: { sinceMicros: number }): Promise<string> {
	const { config, intake, emitter, signal, clientId, subscriptions, staleFilters } = run;
	const { log, clock } = run.context;
	return runConnection({
		config,
		subscriptions,
		clientId,
		staleFilters,
		signal,
		onMessage: intake.take,
		onFault: emitter.fault,
		onSession(isResumed) {
			session.sinceMicros = clock.nowMicros();
			run.context.onReached(isResumed ? 'connected to the broker again' : 'connected to the broker');
			interrupted(run, isResumed, session.sinceMicros);
		},
		onHeard() {
			intake.heard();
		},
		onSubscribed(granted) {
			run.granted = subscriptions.map(({ qos }, i) => granted[i] ?? qos);
			run.staleFilters = [];
			log.info({ qos: granted }, 'subscribed');
		},
	});
}

/** What may have been lost while there was no connection. */
function interrupted(run: Run, isResumed: boolean, nowMicros: number): void {
	const { intake, granted, subscriptions, context } = run;
	const heardMicros = intake.heardMicros();
	intake.begin(isResumed);
	if (heardMicros === 0) return;
	const entries = subscriptions.flatMap((one, i) => (!isResumed || granted[i] === 0 ? one.entries : []));
	if (entries.length === 0) return;
	const reason = isResumed ? 'disconnected: QoS 0 is not kept' : 'disconnected: the broker has no session of ours';
	intake.interrupt(entries, { fromMicros: Math.min(heardMicros, nowMicros), toMicros: nowMicros, reason });
	if (!isResumed)
		context.log.warn(
			{ since: formatTime(heardMicros) },
			'the broker has no session of ours: what came meanwhile is lost',
		);
}

/** Stable for the life of the queue, and no other installation's. */
function newClientId({ name, random }: CollectorContext): string {
	const suffix = Math.floor(random() * 2 ** 32)
		.toString(16)
		.padStart(8, '0');
	return `sigmascope-${name}-${suffix}`;
}
