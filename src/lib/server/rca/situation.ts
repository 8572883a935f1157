import type { CauseName } from '#contracts/cause.ts';
import type { LlmCall } from '#contracts/llm-call.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Episode } from '#contracts/violation.ts';

/** Values of a stream, oldest first; both arrays have the same length. */
export interface Series {
	readonly tMicros: Float64Array;
	readonly v: Float64Array;
}

export interface GapSeen {
	readonly fromMicros: number;
	readonly toMicros: number;
	readonly reason: string;
}

/** Another stream, over the same time. */
export interface Companion {
	readonly stream: Stream;
	readonly series: Series;
	readonly gaps: readonly GapSeen[];
}

/** A stream of the product about itself, or of a computer. */
export interface SystemSeries {
	readonly stream: Stream;
	readonly series: Series;
	readonly isOwn: boolean;
}

export interface EventSeen {
	readonly kind: string;
	readonly fromMicros: number;
	readonly toMicros: number | null;
	readonly title: string;
	/** Keys of streams that it names; none and no asset: the whole site. */
	readonly streams: readonly string[];
	readonly asset: string | null;
}

/** A violation of the past that looked alike. */
export interface PastViolation {
	readonly id: string;
	readonly firstMicros: number;
	/** What somebody resolved it with. */
	readonly cause: string | null;
	/** 0 to 1. */
	readonly likeness: number;
}

export interface Passage {
	readonly document: string;
	readonly text: string;
	readonly score: number;
}

export type CallSeen = Pick<
	LlmCall,
	| 'startedMicros'
	| 'endedMicros'
	| 'ttftMs'
	| 'totalMs'
	| 'connectMs'
	| 'queueMs'
	| 'loadMs'
	| 'serverMs'
	| 'inputTokens'
	| 'outputTokens'
	| 'cachedTokens'
	| 'errorClass'
	| 'status'
	| 'retries'
	| 'responseModel'
	| 'fingerprint'
>;

/** Everything that an analysis looks at, read before it begins: the same situation gives the same answer. */
export interface Situation {
	readonly violation: Episode;
	readonly stream: Stream;
	/** Of the stream itself: some hundred points before the violation and what came after it. */
	readonly own: Series;
	readonly ownGaps: readonly GapSeen[];
	/** Shares of the own points, 0 to 1. */
	readonly late: number;
	readonly badQuality: number;
	/** What the limits were learnt from, some hundred points of it; null when they were given. */
	readonly baseline: { readonly fromMicros: number; readonly toMicros: number; readonly series: Series } | null;
	/** How many violations the stream had in the window before this one. */
	readonly before: number;
	readonly companions: readonly Companion[];
	/** Of the same target, oldest first; empty for a machine or where only streams are known. */
	readonly calls: readonly CallSeen[];
	readonly events: readonly EventSeen[];
	readonly past: readonly PastViolation[];
	readonly passages: readonly Passage[];
	/** How the product itself and the computers at the site were at the time. */
	readonly system: readonly SystemSeries[];
	/** What people said of earlier analyses of such a violation: factors from 0.8 to 1.2. */
	readonly feedback: ReadonlyMap<CauseName, number>;
	/** Something could not be read, in words. */
	readonly missing: readonly string[];
}
