import type { Logger } from 'pino';
import type { AlertMessage } from '#contracts/alert.ts';
import { messageOf } from '#contracts/error.ts';
import { MICROS_PER_MS, MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import type { AlertGroup } from '../metadata/port-alerts.ts';
import type { Metadata } from '../metadata/port.ts';
import type { BoundChannel } from './bound.ts';
import { DeliveryFault, type Outgoing } from './channels/kind.ts';
import { contentOf } from './content.ts';
import { quietUntil } from './hours.ts';
import type { AlertMetrics } from './metrics.ts';
import { GIVE_UP_AFTER_MS, retryAfterMs } from './retry.ts';
import { severityOfGroup, type AlertRoute } from './routes.ts';

const AT_ONCE = 200;
const MOST_DETAIL = 500;

export interface DispatcherOptions {
	readonly metadata: Pick<Metadata, 'alerts'>;
	readonly routes: () => ReadonlyMap<string, AlertRoute>;
	readonly channels: () => ReadonlyMap<string, BoundChannel>;
	/** Of a message: what a channel needs besides. */
	readonly outgoing: (message: AlertMessage, threads: ReadonlyMap<string, string>) => Outgoing;
	readonly now: NowMicros;
	/** 0 to 1. */
	readonly random: () => number;
	readonly log: Logger;
	readonly metrics?: AlertMetrics | undefined;
	/** An attempt is over: what waited for it may go. */
	readonly onDone: () => void;
	readonly signal: AbortSignal;
}

export interface Dispatcher {
	/** Makes and begins to send all that is due. @returns when there is something to do again, as far as is known now */
	turn(): Promise<number | undefined>;
	/** Resolves when nothing is under way. */
	settled(): Promise<void>;
	/** A channel works again, or is told to be tried. */
	turnOn(channel: string): Promise<void>;
	isOff(channel: string): { readonly reason: string } | undefined;
	/** Reads what is off, and makes all that waits due: the reason for waiting may have ended with the process. */
	start(): Promise<void>;
}

/**
 * Two steps, each a transaction: what a group has waiting becomes a message for each channel; a message is sent and
 * what came of it written down. Between sending and writing the process may end: then it is sent once more, with the
 * same key.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
	const { metadata, now, random, log, metrics, signal } = options;
	const { alerts } = metadata;
	const underWay = new Map<number, Promise<void>>();
	/** By channel: the message that has to arrive before any other about that violation. */
	const first = new Map<string, Map<string, number>>();
	let off: ReadonlyMap<string, { readonly reason: string }> = new Map();

	const countOf = (channel: string) => counts.get(channel) ?? 0;
	const counts = new Map<string, number>();

	async function gatherAll(): Promise<number | undefined> {
		let next: number | undefined;
		for (const group of await alerts.groups()) {
			const due = dueOf(group);
			if (due > now()) next = Math.min(next ?? due, due);
			else await gather(group);
		}
		return next;
	}

	function dueOf({ route, group, lastMicros }: AlertGroup): number {
		const config = options.routes().get(route)?.config;
		if (!config) return 0;
		const gathered = lastMicros === 0 ? 0 : lastMicros + config.groupFor * MICROS_PER_MS;
		return Math.max(gathered, quietUntil(config.quiet, severityOfGroup(group), now()) ?? 0);
	}

	async function gather({ route, group }: AlertGroup): Promise<void> {
		const { mask = 0, config } = options.routes().get(route) ?? {};
		const ids = [...options.channels().values()].filter((one) => one.route === route).map(({ id }) => id);
		await alerts.gather({
			route,
			group,
			mask,
			compose: (told) => {
				const content = contentOf({ route, group, language: config?.language ?? 'en' }, told);
				return ids.map((channel) => ({ channel, content }));
			},
		});
	}

	function isFull({ id, atOnce, breaker }: BoundChannel): boolean {
		return countOf(id) >= (breaker.isTrying() ? 1 : atOnce);
	}

	async function sendAll(): Promise<number | undefined> {
		const at = now();
		const channels = [...options.channels().values()];
		const held = channels.filter(({ breaker }) => breaker.heldUntil() > at);
		const notOf = channels.filter((one) => held.includes(one) || isFull(one)).map(({ id }) => id);
		for (const message of await alerts.waiting({ upToMicros: at, limit: AT_ONCE, notOf })) begin(message);
		const next = [await alerts.nextDue(at), ...held.map(({ breaker }) => breaker.heldUntil())];
		return next.reduce((a, b) => (a === undefined || (b !== undefined && b < a) ? b : a), undefined);
	}

	function begin(message: AlertMessage): void {
		const bound = options.channels().get(message.channel);
		if (underWay.has(message.id) || isBlocked(message) || (bound && isFull(bound))) return;
		const { channel, id } = message;
		const known = first.get(channel) ?? new Map<string, number>();
		first.set(channel, known);
		for (const violation of message.content.violationIds) if (!known.has(violation)) known.set(violation, id);
		counts.set(channel, countOf(channel) + 1);
		const done = attempt(message, bound)
			.catch((error: unknown) =>
				log.error({ err: error, messageId: id }, `cannot record an alert: ${messageOf(error)}`),
			)
			.finally(() => {
				underWay.delete(id);
				counts.set(channel, countOf(channel) - 1);
				options.onDone();
			});
		underWay.set(id, done);
	}

	/** In the order of an episode: that it ended does not come before that it opened. */
	function isBlocked({ id, channel, content }: AlertMessage): boolean {
		const known = first.get(channel);
		return known !== undefined && content.violationIds.some((violation) => (known.get(violation) ?? id) < id);
	}

	function finish({ id, channel, content }: AlertMessage): void {
		const known = first.get(channel);
		for (const violation of content.violationIds) if (known?.get(violation) === id) known.delete(violation);
	}

	async function attempt(message: AlertMessage, bound: BoundChannel | undefined): Promise<void> {
		const isOff = off.get(message.channel);
		if (!bound || isOff) {
			const detail = bound ? `the channel is off: ${isOff?.reason}` : 'the channel is no longer in the configuration';
			await alerts.record({ message, state: 'dead', tookMs: 0, status: null, detail, thread: null });
			return finish(message);
		}
		const begunMicros = now();
		const tookMs = () => Math.round((now() - begunMicros) / MICROS_PER_MS);
		try {
			const threads = await alerts.threads(message.channel, message.content.violationIds);
			const { exchange, thread } = await bound.channel.send(options.outgoing(message, threads), signal);
			await arrived(message, bound, { status: exchange.status, thread, tookMs: tookMs() });
		} catch (error) {
			// It was cut short by us, not refused by them: after the next start it is sent again.
			if (signal.aborted) return;
			await failed(message, bound, { error, tookMs: tookMs() });
		}
	}

	async function arrived(
		message: AlertMessage,
		{ id, breaker }: BoundChannel,
		{ status, thread, tookMs }: { status: number | null; thread: string | null; tookMs: number },
	): Promise<void> {
		const wasDown = breaker.isTrying();
		breaker.succeeded();
		await alerts.record({ message, state: 'sent', tookMs, status, detail: 'arrived', thread });
		finish(message);
		metrics?.attempt(id, 'sent', tookMs / 1000);
		metrics?.arrived((now() - message.createdMicros) / MICROS_PER_SECOND);
		if (wasDown) await alerts.hurry(id);
	}

	async function failed(
		message: AlertMessage,
		{ id, breaker }: BoundChannel,
		{ error, tookMs }: { error: unknown; tookMs: number },
	): Promise<void> {
		const at = now();
		const fault = error instanceof DeliveryFault ? error : undefined;
		const detail = messageOf(error).slice(0, MOST_DETAIL);
		const status = fault?.exchange.status ?? null;
		const isGone = fault?.kind === 'gone';
		const isLast = at - message.createdMicros >= GIVE_UP_AFTER_MS * MICROS_PER_MS;
		const state = isGone || fault?.kind === 'never' || isLast ? 'dead' : 'waiting';
		const waitMs = Math.max(retryAfterMs(message.attempts + 1, random()), fault?.retryAfterMs ?? 0);
		const dueMicros = at + waitMs * MICROS_PER_MS;
		if (fault?.retryAfterMs !== undefined) breaker.hold(at + fault.retryAfterMs * MICROS_PER_MS);
		if (!isGone) breaker.failed(at);
		await alerts.record({ message, state, tookMs, status, detail, thread: null, dueMicros, ...(isGone && { isGone }) });
		if (isGone) off = await alerts.off();
		if (state === 'dead') finish(message);
		metrics?.attempt(id, state === 'dead' ? 'gave-up' : 'failed', tookMs / 1000);
		log.warn(
			{ channel: id, message: message.key, attempt: message.attempts + 1, state },
			`an alert did not arrive: ${detail}`,
		);
	}

	return {
		async start() {
			off = await alerts.off();
			await alerts.hurry();
		},
		async turn() {
			const gathered = await gatherAll();
			const sending = await sendAll();
			return gathered === undefined || (sending !== undefined && sending < gathered) ? sending : gathered;
		},
		async settled() {
			while (underWay.size > 0) await Promise.all(underWay.values());
		},
		async turnOn(channel) {
			await alerts.turnOn(channel);
			off = await alerts.off();
			options.channels().get(channel)?.breaker.succeeded();
			await alerts.hurry(channel);
		},
		isOff: (channel) => off.get(channel),
	};
}
