import type { z } from 'zod';
import type { AlertContent } from '#contracts/alert.ts';
import type { Secret } from '#contracts/secret.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Dialer } from '../../dial/port.ts';

export interface ItemLinks {
	readonly dashboard: string | null;
	/** Opens a page with one button. */
	readonly acknowledge: string | null;
	/** A picture of the chart, for who has the link. */
	readonly chartPng: string | null;
}

/** A message as a channel sends it; the same with every attempt but for `attempt` and what is known of threads. */
export interface Outgoing {
	/** Of this message and no other: whoever gets it twice can tell. */
	readonly key: string;
	readonly createdMicros: number;
	readonly content: AlertContent;
	/** Of the items, in their order. */
	readonly links: readonly ItemLinks[];
	/** Why there are none. */
	readonly noLinks: string | null;
	/** Where this channel has the violations of before: its own words, by violation. */
	readonly threads: ReadonlyMap<string, string>;
	/** Of a message about one violation: its chart as PNG; undefined where there is none to draw. */
	readonly chart?: () => Promise<Uint8Array | undefined>;
	/** Somebody only tries whether it arrives. */
	readonly isTest?: true;
}

/** What was sent and what came back, without secrets: for the log and for who presses Test. */
export interface Exchange {
	readonly request: string;
	readonly answer: string;
	readonly status: number | null;
}

export interface Delivered {
	readonly exchange: Exchange;
	/** Where it is now, for what follows; null where there are no threads. */
	readonly thread: string | null;
}

export interface Channel {
	/** For people: `slack #line-3`. No secret. */
	readonly title: string;
	/** @throws DeliveryFault */
	send(message: Outgoing, signal: AbortSignal): Promise<Delivered>;
	close(): Promise<void>;
}

export interface ChannelPorts {
	readonly dialer: Dialer;
	readonly now: NowMicros;
	readonly secretOf: (text: string) => Secret;
	/** Host name for identities of e-mails. */
	readonly host: string;
}

/** One kind of channel: its file exports this, and the registry has a line for it. */
export interface ChannelKind<S extends z.ZodType = z.ZodType> {
	/** Of its options in the configuration file, `type` included. */
	readonly schema: S;
	/** What it sends to, for telling channels apart; may hold secrets, of which only a hash is kept. */
	readonly addressOf: (options: z.output<S>) => string;
	/** How many messages may be under way at once. */
	readonly atOnce: number;
	readonly create: (options: z.output<S>, ports: ChannelPorts) => Channel;
}

export function channelKind<S extends z.ZodType>(kind: ChannelKind<S>): ChannelKind {
	return kind as unknown as ChannelKind;
}

/** An attempt that did not arrive. Its message shows no secret. */
export class DeliveryFault extends Error {
	override readonly name = 'DeliveryFault';
	readonly exchange: Exchange;
	/** When the other side said to come back. */
	readonly retryAfterMs: number | undefined;
	/** gone: nobody is there any more; never: however often it is sent, it will not be taken. */
	readonly kind: 'later' | 'gone' | 'never';
	constructor(
		message: string,
		options: { exchange: Exchange; kind?: DeliveryFault['kind']; retryAfterMs?: number | undefined; cause?: unknown },
	) {
		super(message, { cause: options.cause });
		this.exchange = options.exchange;
		this.kind = options.kind ?? 'later';
		this.retryAfterMs = options.retryAfterMs;
	}
}
