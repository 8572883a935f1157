import { CHARTS } from '#contracts/chart.ts';
import type { LivePoint, LiveText } from '#contracts/live.ts';
import { backoffMs } from './backoff.ts';
import {
	encodeHello,
	isSnapshot,
	parseText,
	readFrame,
	requestOf,
	sameRequest,
	type Interest,
	type Request,
	type Resume,
} from './protocol.ts';
import type { Rings } from './rings.ts';
import { clockOffsetMs } from './server-clock.ts';
import { createWatchdog, type ProbeAnswer, type Watchdog } from './watchdog.ts';

export type Connection =
	| { readonly state: 'connecting' | 'live' | 'unauthorized' }
	/** `sinceMs`: this machine's clock when something came last: nothing on the page is newer. */
	| { readonly state: 'lost'; readonly sinceMs: number }
	/** The server speaks a newer protocol than this page. */
	| { readonly state: 'outdated' };

type Welcome = Extract<LiveText, { welcome: unknown }>['welcome'];
export type LiveEvent = Extract<LiveText, { event: unknown }>['event'];
export type LiveSnapshot = Extract<LiveText, { snapshot: unknown }>['snapshot'];

export interface LiveListener {
	onConnection?(connection: Connection): void;
	/** Streams whose rings changed. `fresh`: by points that came in now, not by a snapshot of what had been. */
	onPoints?(streams: ReadonlySet<string>, arrival: 'fresh' | 'snapshot'): void;
	onSnapshot?(snapshot: LiveSnapshot): void;
	onEvent?(event: LiveEvent): void;
}

export interface SocketHandlers {
	onOpen(): void;
	onText(text: string): void;
	onBinary(bytes: ArrayBuffer): void;
	/** Once, also when the socket never opened. */
	onClose(): void;
}

export interface LiveSocket {
	send(text: string): void;
	close(): void;
}

export interface LivePorts {
	readonly rings: Rings;
	open(handlers: SocketHandlers): LiveSocket;
	probe(): Promise<ProbeAnswer>;
	nowMs(): number;
	/** From 0 to 1. */
	random(): number;
	/** @returns cancels it */
	after(delayMs: number, callback: () => void): () => void;
}

export interface Subscription {
	/** Other streams of the same part of the page came into view. */
	change(interest: Interest): void;
	stop(): void;
}

/** The tab's one connection to the live server. */
export interface LiveClient {
	subscribe(interest: Interest): Subscription;
	listen(listener: LiveListener): () => void;
	connection(): Connection;
	/** This machine's clock minus the server's. */
	clockOffsetMs(): number;
	/** The network is back, or somebody looks at the page again: try at once. */
	retryNow(): void;
	stop(): void;
}

/** Several tiles mount in the same moment; scrolling passes many on its way. */
const GATHER_MS = 80;

/** One socket from opening to closing: what was asked on it and what its frames count their streams by. */
interface Attempt {
	readonly socket: LiveSocket;
	readonly asked: Request[];
	readonly watchdog: Watchdog;
	open: boolean;
	current: Request | undefined;
}

export function createLiveClient(ports: LivePorts): LiveClient {
	const interests = new Set<{ interest: Interest }>();
	const listeners = new Set<LiveListener>();
	let connection: Connection = { state: 'connecting' };
	let attempt: Attempt | undefined;
	let stopped = false;
	let tries = 0;
	let offsetMs = 0;
	/** What the rings hold, and up to where. */
	let held: { readonly request: Request; readonly resume: Resume } | undefined;
	let cancelGather: (() => void) | undefined;
	let cancelRetry: (() => void) | undefined;

	function tell(call: (listener: LiveListener) => void): void {
		for (const listener of [...listeners]) call(listener);
	}

	function become(next: Connection): void {
		connection = next;
		tell((listener) => listener.onConnection?.(next));
	}

	function connect(): void {
		cancelRetry?.();
		const watchdog = createWatchdog({ ...ports, onDead: () => leave(mine) });
		const hear = (handle: () => void) => {
			if (attempt !== mine) return;
			watchdog.heard();
			handle();
		};
		const socket = ports.open({
			onOpen: () =>
				hear(() => {
					mine.open = true;
					sayHello();
				}),
			onText: (text) => hear(() => onText(mine, parseText(text))),
			onBinary: (bytes) => hear(() => onFrame(mine, bytes)),
			onClose: () => leave(mine),
		});
		const mine: Attempt = { socket, watchdog, asked: [], open: false, current: undefined };
		attempt = mine;
	}

	function sayHello(): void {
		cancelGather?.();
		cancelGather = undefined;
		if (!attempt?.open) return;
		const request = requestOf([...interests].map((entry) => entry.interest));
		const last = attempt.asked.at(-1) ?? attempt.current;
		if (sameRequest(last, request)) return;
		attempt.asked.push(request);
		const mayResume = last === undefined && sameRequest(held?.request, request);
		attempt.socket.send(encodeHello(request, mayResume ? held?.resume : undefined));
	}

	function onText(from: Attempt, message: LiveText | undefined): void {
		if (!message) return;
		if ('welcome' in message) onWelcome(from, message.welcome);
		else if ('snapshot' in message) {
			// Also without a welcome before it: who fell too far behind gets some streams anew.
			ports.rings.beginSnapshot(message.snapshot.replacesPoints);
			tell((listener) => listener.onSnapshot?.(message.snapshot));
		} else if ('event' in message) tell((listener) => listener.onEvent?.(message.event));
	}

	function onWelcome(from: Attempt, welcome: Welcome): void {
		const request = from.asked.shift();
		if (!request) return;
		from.current = request;
		tries = 0;
		ports.rings.expect(request.needs);
		// Another epoch is another data folder: nothing of what is held exists there.
		if (!welcome.resumed && held?.resume.epoch !== welcome.epoch) ports.rings.clear();
		const seq = welcome.resumed ? (held?.resume.seq ?? welcome.seq) : welcome.seq;
		held = { request, resume: { epoch: welcome.epoch, seq } };
		if (connection.state !== 'live') become({ state: 'live' });
		tell((listener) => listener.onPoints?.(new Set(request.streams), 'snapshot'));
	}

	function onFrame(from: Attempt, bytes: ArrayBuffer): void {
		const touched = new Set<string>();
		let arrival: 'fresh' | 'snapshot' = 'fresh';
		try {
			const header = readFrame(bytes, (point) => keep(from.current?.streams[point.index], point, touched));
			offsetMs = clockOffsetMs(header.tickMs, ports.nowMs());
			if (isSnapshot(header)) arrival = 'snapshot';
			else if (held) held = { ...held, resume: { ...held.resume, seq: header.seq } };
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			stop();
			return become({ state: 'outdated' });
		}
		if (touched.size > 0) tell((listener) => listener.onPoints?.(touched, arrival));
	}

	/** A chart of a newer server than this page is no chart that could be drawn here. */
	function keep(stream: string | undefined, point: LivePoint, touched: Set<string>): void {
		const chart = CHARTS[point.chart];
		if (stream === undefined || chart === undefined) return;
		touched.add(stream);
		const { v, signals, flags, quality } = point;
		ports.rings.push(stream, chart, { tMs: point.tMicros / 1000, v, signals, flags, quality });
	}

	function leave(from: Attempt): void {
		if (attempt !== from) return;
		attempt = undefined;
		from.watchdog.stop();
		from.socket.close();
		if (stopped) return;
		const sinceMs = connection.state === 'lost' ? connection.sinceMs : from.watchdog.heardMs();
		if (connection.state !== 'unauthorized') become({ state: 'lost', sinceMs });
		cancelRetry = ports.after(backoffMs(tries++, ports.random()), connect);
		if (!from.open) void askWhy();
	}

	/** A refused upgrade shows no status to a page, so HTTP is asked. */
	async function askWhy(): Promise<void> {
		if ((await ports.probe()) === 'unauthorized' && !stopped && !attempt?.open) become({ state: 'unauthorized' });
	}

	function gather(): void {
		cancelGather ??= ports.after(GATHER_MS, sayHello);
	}

	function stop(): void {
		stopped = true;
		cancelGather?.();
		cancelRetry?.();
		attempt?.watchdog.stop();
		attempt?.socket.close();
	}

	connect();

	return {
		subscribe(interest) {
			const entry = { interest };
			interests.add(entry);
			gather();
			return {
				change(next) {
					entry.interest = next;
					gather();
				},
				stop() {
					interests.delete(entry);
					gather();
				},
			};
		},
		listen(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		connection: () => connection,
		clockOffsetMs: () => offsetMs,
		retryNow() {
			if (!stopped && !attempt) connect();
		},
		stop,
	};
}
