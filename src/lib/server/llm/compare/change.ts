import type { SiteEvent } from '#contracts/event.ts';
import type { ApiCompared } from '#contracts/llm-compare.ts';
import { formatTime, parseTime } from '#contracts/time.ts';
import { differenceInterval, FEWEST, seeded } from './bootstrap.ts';
import type { Timed } from './paired.ts';
import { changeSentence } from './sentence.ts';

/** What parts a stretch in two: before it, and from it on (or while it lasted). */
export interface Moment {
	readonly fromMicros: number;
	/** What comes after is neither. */
	readonly toMicros: number | null;
	readonly what: string;
}

export interface OfStream {
	readonly name: string;
	readonly unit: string;
	/** At the times at which calls began: one that was under way already has nothing to do with what came then. */
	readonly began: Timed;
}

type Change = ApiCompared['change'];
const CONFIDENCE = 0.95;

/** Around the newest version that has enough values on both sides. */
export function changeOfVersions(stream: OfStream, versions: ApiCompared['versions']): Change {
	for (const { at, name } of versions.slice(1).toReversed()) {
		const change = changeAt(stream, { fromMicros: parseTime(at) ?? 0, toMicros: null, what: name });
		if (change) return change;
	}
	return null;
}

export function momentOf({ fromMicros, toMicros, title }: SiteEvent): Moment {
	return { fromMicros, toMicros, what: `"${title}"` };
}

/** @returns null where one side has too few values for an interval */
export function changeAt({ name, unit, began }: OfStream, { fromMicros, toMicros, what }: Moment): Change {
	const { tMicros, v } = began;
	const before = v.filter((_, i) => tMicros[i]! < fromMicros);
	const after = v.filter((_, i) => tMicros[i]! >= fromMicros && tMicros[i]! <= (toMicros ?? Infinity));
	const n = Math.min(before.length, after.length);
	if (n < FEWEST) return null;
	const interval = differenceInterval(before, after, { confidence: CONFIDENCE, random: seeded(n) });
	const sentence = changeSentence(name, { what, unit, interval });
	return { at: formatTime(fromMicros), n, confidence: CONFIDENCE, ...interval, sentence };
}
