import { FRAME_KIND } from '#contracts/live.ts';
import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';
import type { EngineView } from '../engine/port.ts';
import { framesOf, type Slice } from './frames.ts';
import type { Subscription } from './subscription.ts';

/** A reader as its feed sees it. */
export interface Member {
	/** The journal position that it is complete up to, when it can take what comes next; undefined when it cannot. */
	readySeq(): number | undefined;
	/** The next frames after `readySeq`, encoded once for all who stand there. */
	give(frames: readonly (string | Uint8Array)[], seq: number): void;
	/** It stands elsewhere: it sees for itself. */
	catchUp(): void;
	event(text: string): void;
}

/** All readers of the same streams at the same rate: what is new is read and encoded once. */
export interface Feed {
	readonly subscription: Subscription;
	readonly members: Set<Member>;
	/** Something was plotted for this stream. */
	touch(streamId: number): void;
	/** A member needs looking at soon. */
	wake(): void;
	stop(): void;
}

/** So that a reader of quiet streams knows that it is not cut off, and its position stays near. */
const QUIET_MS = 2000;

export function createFeed(options: {
	readonly subscription: Subscription;
	readonly engine: EngineView;
	readonly now: NowMicros;
}): Feed {
	const { subscription, engine, now } = options;
	const indexes = new Map(subscription.streams.map(({ stream, index }) => [stream.id, index]));
	const members = new Set<Member>();
	const dirty = new Set<number>();
	let seq = engine.position();
	/** Runs for one interval after each frame; what comes meanwhile goes with the next. */
	let pause: NodeJS.Timeout | undefined;
	let soon: NodeJS.Immediate | undefined;
	let wanted = false;
	const quiet = setTimeout(onQuiet, QUIET_MS);

	function wake(): void {
		wanted = true;
		if (pause === undefined) soon ??= setImmediate(flush);
	}

	function flush(): void {
		soon = undefined;
		wanted = false;
		pause = setTimeout(() => {
			pause = undefined;
			if (wanted) flush();
		}, 1000 / subscription.rateHz);
		step('points');
	}

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
		const frames = worth ? [...framesOf(slices, batch(before), subscription.format)] : [];
		for (const member of members) {
			const at = member.readySeq();
			if (at === undefined) continue;
			if (at === before && slices !== undefined) member.give(frames, seq);
			else member.catchUp();
		}
		if (frames.length > 0) quiet.refresh();
	}

	/** @returns undefined when more was plotted since than the engine still has: then each sees for itself */
	function newSlices(since: number): Slice[] | undefined {
		const windows = [...dirty].flatMap((id) =>
			engine.windows(id, since).map((window) => ({ index: indexes.get(id) ?? 0, window })),
		);
		dirty.clear();
		if (windows.some(({ window }) => window.truncated)) return undefined;
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
			wake();
		},
		wake,
		stop() {
			clearTimeout(pause);
			clearTimeout(quiet);
			clearImmediate(soon);
		},
	};
}
