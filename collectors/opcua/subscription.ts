import {
	AttributeIds,
	DataChangeFilter,
	DataChangeNotification,
	DataChangeTrigger,
	DeadbandType,
	MonitoringMode,
	StatusChangeNotification,
	type NotificationMessage,
} from 'node-opcua';
import type { Session } from './client.ts';
import type { Item } from './config.ts';
import type { LiveItem } from './item.ts';
import { createMonitoredItems } from './services.ts';
import { presentOf, serverTime, type Clocks } from './stamp.ts';
import { readValue, statusText, type RawValue } from './value.ts';

/** Items that are told about in the same messages. */
export interface Subscription {
	readonly id: number;
	/** A message of it. @throws Error when it has ended */
	take(message: NotificationMessage, clocks: Clocks, nowMicros: number): void;
	/** When it was heard last. */
	heardMicros(): number;
	/** How long the server may be silent when nothing changes. */
	readonly keepAliveMs: number;
	/** Tries items again that the server did not have. */
	retry(session: Session): Promise<void>;
}

/** What comes less often needs no faster message, and each item's age stays below its interval. */
const PUBLISHING_MS = [1000, 500, 250, 100];
const MIN_QUEUE = 2;
/** For changes all values count: room for messages that are late by so many intervals. */
const CHANGE_QUEUE = 5;
const LIFETIME_COUNT = 120;
const MICROS_PER_MS = 1000;
/** A publish time may be that much behind the present and still be of it. */
const ON_THE_WAY_MICROS = 5_000_000;

/** @returns how often the server should tell about an item that is taken every so many milliseconds */
export function publishingMs(everyMs: number): number {
	return PUBLISHING_MS.find((ms) => ms <= everyMs / 2) ?? 100;
}

export interface SubscriptionOptions {
	readonly session: Session;
	readonly publishingMs: number;
	readonly items: readonly LiveItem[];
	readonly onFault: (message: string) => void;
	readonly nowMicros: () => number;
}

export async function openSubscription(options: SubscriptionOptions): Promise<Subscription> {
	const { session, items, onFault } = options;
	const answer = await session.createSubscription({
		requestedPublishingInterval: options.publishingMs,
		requestedLifetimeCount: LIFETIME_COUNT,
		// It says at each interval that nothing has changed: so long, and no longer, is a value held.
		requestedMaxKeepAliveCount: 1,
		maxNotificationsPerPublish: 0,
		publishingEnabled: true,
		priority: 1,
	});
	const { subscriptionId: id, revisedPublishingInterval: revisedMs, revisedMaxKeepAliveCount } = answer;
	let heard = options.nowMicros();
	let lastSequence: number | undefined;
	let missing: number[] = [];
	await create(session, [...items.keys()]);

	async function create(from: Session, handles: readonly number[]): Promise<void> {
		const wanted = handles.flatMap((handle) => items[handle] ?? []);
		const results = await createMonitoredItems(
			from,
			id,
			wanted.map((one, i) => ({
				itemToMonitor: { nodeId: one.node, attributeId: AttributeIds.Value },
				monitoringMode: MonitoringMode.Reporting,
				requestedParameters: { clientHandle: handles[i] ?? 0, ...parametersOf(one.item, revisedMs) },
			})),
		);
		missing = [];
		const slower: { readonly one: LiveItem; readonly ms: number }[] = [];
		wanted.forEach((one, i) => {
			const result = results[i];
			if (!result || result.statusCode.value >>> 30 >= 2) {
				missing.push(handles[i] ?? 0);
				one.lose('the server does not have it');
				const asked = one.item.node === undefined || one.item.node === one.node ? '' : ` (${one.item.node})`;
				const cause = result ? statusText(result.statusCode) : 'no answer';
				return onFault(`${one.node}${asked}: ${cause}; the others go on`);
			}
			if (result.revisedSamplingInterval > one.item.every) slower.push({ one, ms: result.revisedSamplingInterval });
		});
		slowDown(slower, onFault);
	}

	/** Keepalives have the number of the next message. */
	function follow({ sequenceNumber, notificationData }: NotificationMessage): void {
		const isKeepAlive = (notificationData ?? []).length === 0;
		const isNext = lastSequence === undefined || sequenceNumber === (lastSequence % 0xffff_ffff) + 1;
		if (!isNext) for (const item of items) item.lose('lost: messages of the server are missing');
		lastSequence = isKeepAlive ? sequenceNumber - 1 : sequenceNumber;
	}

	return {
		id,
		keepAliveMs: revisedMs * revisedMaxKeepAliveCount,
		heardMicros: () => heard,
		take(message, clocks, nowMicros) {
			heard = nowMicros;
			follow(message);
			for (const data of message.notificationData ?? []) {
				if (data instanceof StatusChangeNotification)
					throw new Error(`the server ended the subscription: ${data.status.name}`);
				if (!(data instanceof DataChangeNotification)) continue;
				for (const { clientHandle, value } of data.monitoredItems ?? [])
					items[clientHandle]?.take(readValue(value as RawValue), clocks, nowMicros);
			}
			const until = toldUntil(message, clocks, nowMicros);
			for (const item of items) item.settle(until);
		},
		async retry(from) {
			if (missing.length > 0) await create(from, missing);
		},
	};
}

/** Everything up to when the message was sent is in it. */
function toldUntil({ publishTime }: NotificationMessage, clocks: Clocks, nowMicros: number): number {
	const present = presentOf(clocks, nowMicros);
	const sent = publishTime ? serverTime(clocks, publishTime.getTime() * MICROS_PER_MS) : NaN;
	return sent <= present && sent > present - ON_THE_WAY_MICROS ? sent : present;
}

function parametersOf({ every, trigger, deadband }: Item, revisedPublishingMs: number) {
	const perMessage = Math.ceil(revisedPublishingMs / every);
	return {
		samplingInterval: every,
		queueSize: trigger === 'change' ? perMessage * CHANGE_QUEUE + MIN_QUEUE : perMessage + MIN_QUEUE,
		discardOldest: true,
		filter: new DataChangeFilter({
			trigger: DataChangeTrigger.StatusValue,
			deadbandType: deadband === undefined ? DeadbandType.None : DeadbandType.Absolute,
			deadbandValue: deadband ?? 0,
		}),
	};
}

/** A server may sample less often than it was asked to: values in between would be repeated that nobody has read. */
function slowDown(
	slower: readonly { readonly one: LiveItem; readonly ms: number }[],
	onFault: (message: string) => void,
): void {
	for (const { one, ms } of slower) one.sampledEvery(ms);
	for (const [text, some] of Map.groupBy(
		slower,
		({ one, ms }) => `asked for every ${one.item.every} ms, the server samples every ${ms} ms`,
	)) {
		const others = some.length > 1 ? ` and ${some.length - 1} others` : '';
		onFault(`${some[0]?.one.node}${others}: ${text}; that is what counts`);
	}
}
