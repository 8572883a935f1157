import { FRAME_KIND } from '#contracts/live.ts';
import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';
import type { EngineView } from '../engine/port.ts';
import { framesOf, POINTS_PER_FRAME, type Slice } from './frames.ts';
import { createPacer } from './pacer.ts';
import { joined, type Packet } from './packet.ts';
import type { Subscription } from './subscription.ts';

/** A reader as its feed sees it. */
export interface Member {
	/** The journal position that it is complete up to, when it can take what comes next; undefined when it cannot. */
	readySeq(): number | undefined;
	/** What came next after `readySeq`, the same bytes for all who stand there; undefined when that is nothing. */
	give(packet: Packet | undefined, seq: number): void;
	/** It stands elsewhere: it sees for itself. */
	catchUp(): void;
	/** Events, for whatever state it is in. */
	tell(events: Packet): void;
}

/** All readers of the same streams at the same rate: what is new is read and encoded once. */
export interface Feed {
	readonly subscription: Subscription;
	readonly members: Set<Member>;
	/** Something was plotted for this stream. */
	touch(streamId: number): void;
	/** Something happened to one of its streams. */
	tell(event: Packet): void;
	/** A member needs looking at soon. */
	wake(): void;
	stop(): void;
}

/** So that a reader of quiet streams knows that it is not cut off, and its position stays near. */
const QUIET_MS = 2000;
/** A few events leave at once; in a flood they go together, so many times a second or with the next frame. */
const EVENTS = { everyMs: 50, ahead: 10 } as const;

export function createFeed(options: {
	readonly subscription: Subscription;
	readonly engine: EngineView;
	readonly now: NowMicros;
}): Feed {
	const { subscription, engine, now } = options;
	const indexes = new Map(subscription.streams.map(({ stream, index }) => [stream.id, index]));
	const members = new Set<Member>();
	const dirty = new Set<number>();
	let events: Packet[] = [];
	let seq = engine.position();
	const points = createPacer({ everyMs: 1000 / subscription.rateHz, work: () => step('points'), now });
	const news = createPacer({ ...EVENTS, work: tellAll, now });
	const quiet = setTimeout(onQuiet, QUIET_MS);

	function onQuiet(): void {
		step('alive');
		quiet.refresh();
	}

	/** @param occasion `alive`: a frame goes out even when it holds no point */
	function step(occasion: 'points' | 'alive'): void {
		const before = seq;
		seq = Math.max(seq, engine.position());
		const slices = newSlices(before);
		const worth = slices !== undefined && (slices.length > 0 || occasion === 'alive');
		const told = joined(events);
		const packet = joined([...events, ...(worth ? framesOf(slices, batch(before), subscription.format) : [])]);
		events = [];
		for (const member of members) {
			const at = member.readySeq();
			if (at === before && slices !== undefined) member.give(packet, seq);
			else {
				if (told !== undefined) member.tell(told);
				if (at !== undefined) member.catchUp();
			}
		}
		if (worth) quiet.refresh();
	}

	function tellAll(): void {
		const told = joined(events);
		events = [];
		if (told !== undefined) for (const member of members) member.tell(told);
	}

	/**
	 * @returns undefined when each member sees for itself: more was plotted since than the engine still has, or than
	 * everybody should be sent whether there is room or not
	 */
	function newSlices(since: number): Slice[] | undefined {
		const windows = [...dirty].flatMap((id) =>
			engine.windows(id, since).map((window) => ({ index: indexes.get(id) ?? 0, window })),
		);
		dirty.clear();
		if (windows.some(({ window }) => window.truncated)) return undefined;
		if (windows.reduce((sum, { window }) => sum + window.tMicros.length, 0) > POINTS_PER_FRAME) return undefined;
		return windows.filter(({ window }) => window.tMicros.length > 0);
	}

	function batch(beforeSeq: number) {
		return { kind: FRAME_KIND.points, tickMs: Math.floor(now() / MICROS_PER_MS), beforeSeq, seq };
	}

	return {
		subscription,
		members,
		touch(streamId) {
			dirty.add(streamId);
			points.want();
		},
		tell(event) {
			events.push(event);
			news.want();
		},
		wake: points.want,
		stop() {
			clearTimeout(quiet);
			points.stop();
			news.stop();
		},
	};
}
