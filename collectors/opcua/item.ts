import { QUALITY } from '#contracts/point.ts';
import type { Track } from '../kit/track.ts';
import type { Item } from './config.ts';
import { createSampler, type Reading } from './sampler.ts';
import { measuredAt, presentOf, type Clocks } from './stamp.ts';
import type { Value } from './value.ts';

/** One variable of a server and the stream that it becomes; lives as long as its session. */
export interface LiveItem {
	readonly node: string;
	readonly item: Item;
	/** What the server has told, in the order of its coming. */
	take(value: Value, clocks: Clocks, nowMicros: number): void;
	/** The server has told everything up to here. */
	settle(untilMicros: number): void;
	/** How often it is sampled really. */
	sampledEvery(ms: number): void;
	/** What was told is lost. */
	lose(reason: string): void;
}

const MICROS_PER_MS = 1000;
/** What a message takes to come, beside the intervals. */
const ON_THE_WAY_MICROS = 2_000_000;
/** A clock that is set back by more than this is believed. */
const MAX_STEP_MICROS = 60_000_000;

export interface LiveItemOptions {
	readonly node: string;
	readonly item: Item;
	readonly track: Track;
	/** Keeps the raw StatusCode. */
	readonly statusTrack: Track | undefined;
	/** Each text once. */
	readonly onFault: (message: string) => void;
}

export function createLiveItem({ node, item, track, statusTrack, onFault }: LiveItemOptions): LiveItem {
	let everyMs = item.every;
	let sampler = createSampler(everyMs * MICROS_PER_MS, write);
	let told = '';
	let isFirst = true;

	function write({ tMicros, v, quality, reason, status }: Reading): void {
		const lastMicros = track.lastMicros() ?? -Infinity;
		// Of the session before, whose clock was a bit ahead: the next one is due soon.
		if (tMicros <= lastMicros && tMicros > lastMicros - MAX_STEP_MICROS) return;
		statusTrack?.point(tMicros, status, QUALITY.good);
		if (isNaN(v)) track.none(tMicros, reason);
		else track.point(tMicros, v * item.scale + item.offset, quality);
	}

	function say({ reason }: Value): void {
		if (reason !== told && reason !== '') onFault(reason);
		told = reason;
	}

	function timeOf(value: Value, clocks: Clocks, presentMicros: number): number {
		// The track's, too: what a session before this one has heard already says nothing of the time between them.
		const lastMicros = Math.max(sampler.lastMicros(), track.lastMicros() ?? -Infinity);
		const justNow = presentMicros - 2 * everyMs * MICROS_PER_MS - ON_THE_WAY_MICROS;
		const bounds = { sinceMicros: Math.max(lastMicros, justNow), presentMicros };
		return measuredAt(clocks, value, bounds) ?? presentMicros;
	}

	/** A new session begins with the value of before: it is known when it was measured while the last one stood. */
	function isKnown({ sourceMicros }: Value): boolean {
		const wasFirst = isFirst;
		isFirst = false;
		return wasFirst && sourceMicros !== undefined && sourceMicros <= (track.lastMicros() ?? -Infinity);
	}

	function takeChange(value: Value, clocks: Clocks, presentMicros: number): void {
		if (isKnown(value)) return;
		const tMicros = timeOf(value, clocks, presentMicros);
		const lastMicros = track.lastMicros() ?? -Infinity;
		const isTied = tMicros <= lastMicros && tMicros > lastMicros - MAX_STEP_MICROS;
		write({ ...value, tMicros: isTied ? lastMicros + 1 : tMicros });
	}

	return {
		node,
		item,
		take(value, clocks, nowMicros) {
			say(value);
			if (value.isAfterLoss && item.trigger === 'change') track.interrupt("lost: the server's queue was full");
			const presentMicros = presentOf(clocks, nowMicros);
			if (item.trigger === 'change') return takeChange(value, clocks, presentMicros);
			sampler.take({ ...value, tMicros: timeOf(value, clocks, presentMicros) });
		},
		settle(untilMicros) {
			if (item.trigger === 'sample') sampler.settle(untilMicros);
		},
		sampledEvery(ms) {
			if (ms <= everyMs) return;
			everyMs = ms;
			sampler = createSampler(everyMs * MICROS_PER_MS, write);
		},
		lose(reason) {
			sampler.forget();
			track.interrupt(reason);
		},
	};
}
