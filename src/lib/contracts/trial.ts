import type { Quality } from './point.ts';
import type { Labels } from './stream.ts';

/** What a source was seen to give while it was tried; plain data. */
export interface TrialReport {
	/** The source has answered and let us in; null = not (yet). */
	readonly reached: { readonly what: string; readonly afterMs: number } | null;
	/** What each entry of the options came to. */
	readonly entries: readonly TrialEntry[];
	/** Streams that no entry names. */
	readonly streams: readonly TrialStream[];
	/** What is about no entry: the connection, most of all. The newest last. */
	readonly faults: readonly string[];
	/** What ended it for good; null while it runs or when its source has ended. */
	readonly error: string | null;
	readonly isOver: boolean;
	readonly ranMs: number;
}

export interface TrialEntry {
	/** `registers[3]`. */
	readonly place: string;
	/** As faults about it name it: `unit 1, holding 100`. */
	readonly name: string;
	/** Its stream, where it is known before anything was read. */
	readonly stream?: string | undefined;
	readonly streams: readonly TrialStream[];
	readonly faults: readonly string[];
}

export interface TrialStream {
	readonly key: string;
	readonly unit: string;
	readonly labels: Labels;
	readonly points: number;
	/** The newest ones, oldest first. */
	readonly values: readonly { readonly tMicros: number; readonly v: number; readonly quality: Quality }[];
	/** Why its newest reading is no value; null when it is one, or when nothing was read yet. */
	readonly noValue: string | null;
}

/** Something that a source has to give. */
export interface Discovered {
	/** As the source calls it. */
	readonly name: string;
	/** What it is now, or why that is no number. */
	readonly value: number | string;
	readonly unit: string;
	/** What stands in the options for it: `{ node: 'ns=2;i=5', stream: 'machine/load' }`; empty: it cannot be asked for. */
	readonly entry: Readonly<Record<string, unknown>>;
}

/** A kind of source that can be added on the page. */
export interface SourceType {
	readonly type: string;
	/** The option that its entries stand in: `items`. */
	readonly option: string;
	/** What narrows a search. */
	readonly narrows: string;
}
