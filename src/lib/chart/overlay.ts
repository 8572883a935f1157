import { lowerBound } from '#lib/live/wire/ring.ts';
import type { Series } from './series.ts';
import type { Range } from './view.ts';

/** A stretch of time; of one moment where both ends are the same. */
export interface Stretch {
	readonly fromMs: number;
	readonly toMs: number;
}

/** What people left on the chart. */
export interface NoteMark extends Stretch {
	readonly kind: 'comment' | 'pin' | 'phase';
	readonly text: string;
}

/** What happened beside the measurements. */
export interface EventMark extends Stretch {
	readonly title: string;
	/** Holds until another one takes its place; `toMs` is Infinity while none has. */
	readonly isInForce?: true;
}

/** What lies over a chart and is no part of what was measured or judged. */
export interface Overlay {
	/** Chosen to be looked at. */
	readonly selection: Range | undefined;
	/** The point that was chosen: its pattern stays marked. */
	readonly chosenMs: number | undefined;
	readonly notes: readonly NoteMark[];
	readonly events: readonly EventMark[];
	/** Words are written on one chart of several that stand one below the other. */
	readonly isNamed: boolean;
}

export const NO_OVERLAY: Overlay = { selection: undefined, chosenMs: undefined, notes: [], events: [], isNamed: false };

/** @returns the point or bucket at this moment, or the nearest one; undefined without any */
export function indexAt({ columns }: Pick<Series, 'columns'>, tMs: number): number | undefined {
	const { tMs: times, length } = columns;
	if (length === 0) return undefined;
	const after = Math.min(length - 1, lowerBound(times, tMs));
	const before = Math.max(0, after - 1);
	return Math.abs((times[before] ?? 0) - tMs) <= Math.abs((times[after] ?? 0) - tMs) ? before : after;
}

/** @returns what is said where this moment is read */
export function remarksAt({ notes, events }: Overlay, tMs: number, reachMs: number): readonly string[] {
	const isHere = ({ fromMs, toMs }: Stretch) => tMs >= fromMs - reachMs && tMs <= toMs + reachMs;
	return [
		...notes.filter((note) => note.kind !== 'phase' && note.text !== '' && isHere(note)).map(({ text }) => `“${text}”`),
		...events.filter(isHere).map(({ title }) => title),
	];
}
