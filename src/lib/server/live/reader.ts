import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { liveHello, type LiveHello } from '#contracts/live-hello.ts';
import { FRAME_KIND, type LiveText } from '#contracts/live.ts';
import { maySee, type Principal } from '#contracts/principal.ts';
import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';
import type { Metadata } from '../metadata/port.ts';
import type { Feed, Member } from './feed.ts';
import { framesOf, type Slice } from './frames.ts';
import { gather, type Gathered, type GatherPorts } from './gather.ts';
import { windowsUpTo } from './history.ts';
import { FULL_BYTES, type Link } from './link.ts';
import { packetOf, type Packet } from './packet.ts';
import { subscribe, type Subscribed, type Subscription } from './subscription.ts';
import type { InTurn } from './turns.ts';

export interface ReaderPorts extends GatherPorts {
	readonly metadata: Pick<Metadata, 'limits' | 'violations' | 'streams'>;
	readonly epoch: string;
	readonly now: NowMicros;
	readonly log: Logger;
	/** One feed for all who want the same. */
	join(subscription: Subscription, member: Member): Feed;
	leave(feed: Feed, member: Member): void;
	/** What asks metadata or the store waits its turn: a thousand readers that come back at once do not ask at once. */
	readonly inTurn: InTurn;
	onSkipped(): void;
	onSnapshot(): void;
}

/** One connection: what it asked for, how far it is, and what it has to be told. */
export interface Reader {
	/** @param text a message of the client */
	hear(text: string): void;
	/** Tells of a stream of this site that it has not asked for, if it may see the site. */
	news(site: string, event: Packet): void;
	gone(): void;
}

type Hello = Required<Omit<LiveHello['hello'], 'resume'>> & Pick<LiveHello['hello'], 'resume'>;

/** Tells of a stream that a client may have points of, and sends them anew. */
interface Bringing {
	/** Streams whose limits, states and violations are told. */
	readonly told: readonly Subscribed[];
	/** Of these, those whose points are sent as a snapshot; of all others what came since. */
	readonly replaced: readonly Subscribed[];
}

/** Events that wait while a snapshot is under way; with more, what is so then is told anew. */
const MOST_QUEUED_BYTES = FULL_BYTES;

export function createReader(ports: ReaderPorts, link: Link, principal: Principal): Reader {
	const { engine } = ports;
	let feed: Feed | undefined;
	let subscription: Subscription | undefined;
	/** Complete up to here. */
	let seq = 0;
	/** Frames of a batch of its own are under way; the feed's wait. */
	let busy = false;
	let queued: Packet[] = [];
	let missedEvents = false;
	/** Counts hellos: what was begun for an earlier one gives up. */
	let current = 0;

	const send = (message: LiveText) => link.send(packetOf(JSON.stringify(message)));
	const tickMs = () => Math.floor(ports.now() / MICROS_PER_MS);

	const member: Member = {
		readySeq() {
			if (busy) return undefined;
			if (!link.isFull()) return missedEvents ? -1 : seq;
			ports.onSkipped();
			void link.room().then(() => feed?.wake());
			return undefined;
		},
		give(packet, toSeq) {
			if (packet !== undefined) link.send(packet);
			seq = toSeq;
		},
		catchUp() {
			if (!subscription) return;
			const { streams } = subscription;
			if (missedEvents) return alone((turn) => bring(turn, { told: streams, replaced: [] }));
			const { slices, lost } = since(streams);
			if (lost.length > 0) return alone((turn) => bring(turn, { told: lost, replaced: lost }));
			const toSeq = Math.max(seq, engine.position());
			if (slices.length === 0) seq = toSeq;
			else alone(async (turn) => void (await sendFrames(turn, 'points', slices, toSeq)));
		},
		tell(events) {
			if (!busy && !link.isFull()) return link.send(events);
			if (busy && waitingBytes() + events.bytes.length <= MOST_QUEUED_BYTES) return void queued.push(events);
			missedEvents = true;
			queued = [];
		},
	};

	const waitingBytes = () => queued.reduce((sum, { bytes }) => sum + bytes.length, 0);

	/** What was plotted after `seq`, and of which streams more was than the engine still has. */
	function since(streams: readonly Subscribed[]): { slices: Slice[]; lost: Subscribed[] } {
		const slices: Slice[] = [];
		const lost: Subscribed[] = [];
		for (const subscribed of streams) {
			const windows = engine.windows(subscribed.stream.id, seq);
			if (windows.some((window) => window.truncated)) lost.push(subscribed);
			else for (const window of windows) slices.push({ index: subscribed.index, window });
		}
		return { slices: slices.filter(({ window }) => window.tMicros.length > 0), lost };
	}

	/** Does something that takes several turns of the event loop; then the feed looks at this reader again. */
	function alone(work: (turn: number) => Promise<void>): void {
		const turn = current;
		busy = true;
		work(turn)
			.catch((error: unknown) => {
				if (link.isGone()) return;
				ports.log.error({ err: error, principal: principal.name }, 'cannot serve a live reader');
				link.close(1011, 'internal error');
			})
			.finally(() => {
				if (turn !== current) return;
				busy = false;
				for (const packet of queued) link.send(packet);
				queued = [];
				feed?.wake();
			});
	}

	async function sendFrames(
		turn: number,
		kind: keyof typeof FRAME_KIND,
		slices: Iterable<Slice>,
		toSeq: number,
	): Promise<boolean> {
		if (!subscription) return false;
		const batch = { kind: FRAME_KIND[kind], tickMs: tickMs(), beforeSeq: seq, seq: toSeq };
		let frames = 0;
		for (const frame of framesOf(slices, batch, subscription.format)) {
			// Between two of a long batch others have their turn.
			if (frames++ > 0) await nextTurn();
			await link.room();
			if (turn !== current || link.isGone()) return false;
			link.send(frame);
		}
		seq = toSeq;
		return true;
	}

	/** Points follow only for what is replaced; a frame at the end says up to where all of it is complete. */
	async function bring(turn: number, { told, replaced }: Bringing): Promise<void> {
		if (!subscription) return;
		const { streams, window: wanted } = subscription;
		missedEvents = false;
		const gathered = await ports.inTurn(() => gather(ports, { told, replaced, wanted }));
		await link.room();
		if (turn !== current || link.isGone()) return;
		const anew = new Set(replaced);
		const { slices, lost } = since(streams.filter((one) => !anew.has(one)));
		if (lost.length > 0) {
			// While the store answered, others fell behind too.
			return bring(turn, { told: [...new Set([...told, ...lost])], replaced: [...replaced, ...lost] });
		}
		const toSeq = Math.max(seq, engine.position());
		tell(told, replaced, gathered);
		if (slices.length > 0 && !(await sendFrames(turn, 'points', slices, seq))) return;
		const anewSlices = snapshotSlices(replaced, gathered, { wanted, toSeq });
		if (replaced.length > 0 && !(await sendFrames(turn, 'snapshot', anewSlices, seq))) return;
		await sendFrames(turn, 'points', [], toSeq);
	}

	function tell(told: readonly Subscribed[], replaced: readonly Subscribed[], { limits, violations }: Gathered): void {
		if (replaced.length > 0) ports.onSnapshot();
		const states = told.map(({ stream, plan }) => {
			const { state = 'no-data', learning } = engine.status(stream.id) ?? {};
			const { expect } = plan;
			return {
				stream: String(stream.id),
				state,
				...(expect !== undefined && { expectMs: expect }),
				...(learning && { learning }),
			};
		});
		const replacesPoints = replaced.map(({ stream }) => String(stream.id));
		send({ snapshot: { limits, states, violations, replacesPoints } });
	}

	function* snapshotSlices(
		replaced: readonly Subscribed[],
		{ older }: Gathered,
		range: { readonly wanted: number; readonly toSeq: number },
	): Generator<Slice> {
		for (const { index, stream } of replaced)
			for (const window of windowsUpTo(engine.windows(stream.id, 0, range.wanted), older.get(stream.id), range))
				yield { index, window };
	}

	/** All that was plotted since is still in the engine's windows, and it is the same journal. */
	function mayResume(resume: Hello['resume'], streams: readonly Subscribed[]): boolean {
		if (!resume || resume.epoch !== ports.epoch || resume.seq === 0) return false;
		// Ahead of the engine: the journal went back (a restored backup), or it is still catching up after a start.
		if (resume.seq > engine.position()) return false;
		return !streams.some(({ stream }) => engine.windows(stream.id, resume.seq).some((window) => window.truncated));
	}

	async function begin(turn: number, hello: Hello): Promise<void> {
		// Who asks without reading the answers gets none until it does.
		await link.room();
		if (turn !== current) return;
		const wanted = await ports.inTurn(() => subscribe(ports.metadata, principal, hello));
		if (turn !== current || link.isGone()) return;
		const { streams, echoed, unknown } = (subscription = wanted);
		feed = ports.join(subscription, member);
		const resumed = mayResume(hello.resume, streams);
		seq = resumed ? (hello.resume?.seq ?? 0) : 0;
		send({ welcome: { epoch: ports.epoch, seq, streams: echoed, resumed } });
		if (unknown.length > 0) send({ error: { detail: `no such stream: ${unknown.slice(0, 10).join(', ')}` } });
		await bring(turn, { told: streams, replaced: resumed ? [] : streams });
	}

	function leave(): void {
		current++;
		queued = [];
		if (feed) ports.leave(feed, member);
		feed = undefined;
		subscription = undefined;
	}

	return {
		hear(text) {
			const hello = parseHello(text);
			if (typeof hello === 'string') {
				send({ error: { detail: hello } });
				return link.close(1008, 'not understood');
			}
			leave();
			alone((turn) => begin(turn, hello));
		},
		news(site, event) {
			if (subscription && maySee(principal, site)) member.tell(event);
		},
		gone: leave,
	};
}

/** @returns the hello, or why it is none */
function parseHello(text: string): Hello | string {
	let message: unknown;
	try {
		message = JSON.parse(text);
	} catch {
		return 'the message is not JSON';
	}
	const parsed = liveHello.safeParse(message);
	if (parsed.success) return parsed.data.hello;
	const issue = parsed.error.issues[0];
	return `${['$', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'is not a hello'}`;
}
