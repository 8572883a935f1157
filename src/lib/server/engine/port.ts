import type { ApiLimits } from '#contracts/api.ts';
import type { Chart } from '#contracts/chart.ts';
import type { Limits } from '#contracts/limits.ts';
import type { Learning } from '#contracts/live.ts';
import type { PlanInput } from '#contracts/plan.ts';
import type { PointColumns } from '#contracts/point.ts';
import type { Stream, StreamState } from '#contracts/stream.ts';

/** The last plotted points of one chart of one stream, oldest first; copies, safe to keep. */
export interface PlottedWindow {
	readonly chart: Chart;
	readonly tMicros: Float64Array;
	readonly v: Float64Array;
	/** Bit r-1 = rule r completed at this point. */
	readonly signals: Uint16Array;
	readonly quality: Uint8Array;
	readonly flags: Uint8Array;
	/** Journal position of the input record that each point came with. */
	readonly seq: Float64Array;
	/** true when points before the first one here existed and are not in the window. */
	readonly truncated: boolean;
}

export interface StreamStatus {
	readonly state: StreamState;
	readonly last: { readonly tMicros: number; readonly v: number; readonly quality: number } | null;
	/** While limits are being learnt. */
	readonly learning?: Learning;
}

/** How the points of a stream are computed. */
export interface Derivation {
	/** As the configuration has it. */
	readonly formula: string;
	/** In the order of the formula; without an id while there is no stream of that name. */
	readonly streams: readonly { readonly key: string; readonly id: number | undefined }[];
}

/** What the engine shows to the live server and to the API; reads only. */
export interface EngineView {
	/** Journal position up to which everything has been judged. */
	position(): number;
	status(streamId: number): StreamStatus | undefined;
	/**
	 * @param sinceSeq only points that came with a later record
	 * @param newest of each chart at most so many; `truncated` also tells of those left out
	 */
	windows(streamId: number, sinceSeq?: number, newest?: number): readonly PlottedWindow[];
	/** Limits in force, one per chart. */
	limits(streamId: number): readonly Limits[];
	/** The t of the stream's newest point; undefined when it has none. */
	lastMicros(streamId: number): number | undefined;
	/** undefined where they come from outside. */
	derivedFrom(streamId: number): Derivation | undefined;
	/** How long its points wait for older ones, in microseconds; 0 = not at all. */
	reorderMicros(streamId: number): number;
	/** Called after each batch of records has been judged. Must not throw and must not wait. */
	onAdvance(listener: (change: EngineChange) => void): () => void;
}

/**
 * Charts of a stream plotted anew from its stored points, by the engine that judges live ones.
 *
 * @param of `points` from the stream's first one on; `gaps` in microseconds, oldest first
 * @returns undefined where they cannot be: another plan was in force before, or the points begin behind the baseline
 * @throws the signal's reason
 */
export type Replot = (
	of: {
		readonly stream: Stream;
		readonly plan: PlanInput;
		readonly planRevision: number;
		readonly limits: readonly ApiLimits[];
		readonly points: PointColumns;
		readonly gaps: readonly (readonly [from: number, to: number, reason: string])[];
	},
	signal: AbortSignal,
) => Promise<readonly PlottedWindow[] | undefined>;

export interface EngineChange {
	readonly seq: number;
	/** Streams that got plotted points. */
	readonly plotted: ReadonlySet<number>;
	/** Streams whose state or limits changed. */
	readonly changed: ReadonlySet<number>;
}
