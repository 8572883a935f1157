import type { Chart, Rule, Side } from './chart.ts';

export type ViolationState = 'open' | 'acknowledged' | 'resolved';
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface ContextPoint {
	readonly tMicros: number;
	readonly v: number;
}

/** Ten plotted points before the first signal, the signalling ones (the last 100 of a long episode), ten after the last. */
export interface ViolationContext {
	readonly before: readonly ContextPoint[];
	readonly at: readonly ContextPoint[];
	readonly after: readonly ContextPoint[];
	readonly complete: boolean;
}

/** What the engine finds: an episode of consecutive signals of one chart, rule and side. */
export interface Episode {
	/** Hash of (stream, chart, rule, side, first signalling t, limits id). */
	readonly id: string;
	readonly streamId: number;
	readonly chart: Chart;
	readonly rule: Rule;
	readonly side: Side;
	readonly firstMicros: number;
	readonly lastMicros: number;
	/** The first plotted t without the signal; null while the episode goes on. */
	readonly endedMicros: number | null;
	readonly active: boolean;
	readonly severity: Severity;
	/** How many points signalled. */
	readonly points: number;
	/** The plotted value at the first signal, and what it was judged by. */
	readonly value: number;
	readonly centre: number;
	readonly sigma: number;
	readonly limitsId: string;
	/** Where the completed pattern of the first signal began. */
	readonly spanFromMicros: number;
	/** Grows with every change that the engine writes. */
	readonly revision: number;
	readonly context: ViolationContext;
	/** true when judged as history: kept and shown, never alerted. */
	readonly historical: boolean;
}

/** An episode with what people did about it; lives in the metadata database. */
export interface Violation extends Episode {
	readonly state: ViolationState;
	readonly cause: string | null;
	/** Who looks after it; null = nobody in particular. */
	readonly assignee: string | null;
}
