import type { SeenEvent } from '#contracts/seen-event.ts';
import type { StreamDeclaration } from '../kit/collector.ts';

/** A value at a time since the start of the simulation, or the end of a stretch without one. */
export type Sample =
	| { readonly stream: number; readonly atMicros: number; readonly v: number }
	| { readonly stream: number; readonly atMicros: number; readonly gapFrom: number };

/** What happens at a time since the start of the simulation. */
export type SourceEvent = Omit<SeenEvent, 'tMicros'> & { readonly atMicros: number };

/** Streams that are computed together. `stream` of a sample is an index into `streams`. */
export interface Source {
	readonly streams: readonly StreamDeclaration[];
	/** Samples after `fromMicros`, up to and with `toMicros`; times count from the start of the simulation. Per stream in order. */
	between(fromMicros: number, toMicros: number): Iterable<Sample>;
	/** Of the same stretch what is told as an event, in order; the first asks from before 0. */
	events?(fromMicros: number, toMicros: number): Iterable<SourceEvent>;
}

/** What an instrument shows. */
export function round(value: number, decimals: number): number {
	return Number(value.toFixed(decimals));
}
