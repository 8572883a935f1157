import { z } from 'zod';
import type { Quality } from '#contracts/point.ts';
import { createTagEvents, type TagEvents } from './tag-event.ts';
import type { Emitter, GapSeen, PointSeen, StreamDeclaration } from './collector.ts';

/** One stream of a collector that asks: knows since when it has no value, and says so before the next one. */
export interface Track {
	/** Undefined as long as nothing was ever observed. */
	lastMicros(): number | undefined;
	point(tMicros: number, v: number, quality: Quality): void;
	/** It was asked and has no value. */
	none(tMicros: number, reason: string): void;
	/** Nobody asked, or nobody heard the answer, since the last value. */
	interrupt(reason: string): void;
}

export interface Tracks {
	/** The same declaration gives the same track. @throws ConfigError when key or labels cannot name a stream */
	open(declaration: StreamDeclaration): Track;
	/** A value that is no stream: its changes are events. */
	readonly openEvent: TagEvents['open'];
	/** As `Track.interrupt`, for all of them. */
	interrupt(reason: string): void;
	/** How much waits for `flush`. */
	waiting(): number;
	/** Writes what has gathered; resolves when it is on disk. */
	flush(nowMicros: number): Promise<void>;
}

const cursorSchema = z.object({ atMicros: z.number() });

/** Streams of one collector. What was missed before it was started is a gap, too: its cursor knows when it last wrote. */
export function createTracks(emitter: Emitter): Tracks {
	const before = cursorSchema.safeParse(emitter.cursor()).data?.atMicros;
	const tracks = new Map<number, Track>();
	let seen: (PointSeen | GapSeen)[] = [];
	const tags = createTagEvents(emitter.notes());

	function trackOf(stream: number): Track {
		let last = before;
		let lost: { readonly fromMicros: number; readonly reason: string } | undefined;
		const gap = (fromMicros: number, toMicros: number, reason: string) =>
			void seen.push({ stream, fromMicros, toMicros, reason });
		const track: Track = {
			lastMicros: () => last,
			point(tMicros, v, quality) {
				if (lost && lost.fromMicros < tMicros) gap(lost.fromMicros, tMicros, lost.reason);
				lost = undefined;
				last = tMicros;
				seen.push({ stream, tMicros, v, quality });
			},
			none(tMicros, reason) {
				// The stretch is told with the next value; that it has begun is told now.
				if (!lost) gap(tMicros, tMicros, reason);
				lost ??= { fromMicros: tMicros, reason };
			},
			interrupt(reason) {
				if (last !== undefined) lost ??= { fromMicros: last, reason };
			},
		};
		track.interrupt('the collector was not running');
		return track;
	}

	return {
		open(declaration) {
			const stream = emitter.stream(declaration);
			const track = tracks.get(stream) ?? trackOf(stream);
			tracks.set(stream, track);
			return track;
		},
		interrupt: (reason) => tracks.forEach((track) => track.interrupt(reason)),
		openEvent: tags.open,
		waiting: () => seen.length + tags.waiting(),
		flush(nowMicros) {
			const gathered = seen;
			seen = [];
			return emitter.emit({ seen: gathered, ...tags.drain(), cursor: { atMicros: nowMicros } });
		},
	};
}
