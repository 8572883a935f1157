import type { Chart, Rule, Side } from './chart.ts';
import type { Limits } from './limits.ts';
import type { Episode } from './violation.ts';

/** One rule completed at one point of one chart. */
export interface Signal {
	readonly streamId: number;
	readonly chart: Chart;
	readonly rule: Rule;
	readonly side: Side;
	readonly tMicros: number;
	/** Where the completed pattern began. */
	readonly spanFromMicros: number;
	readonly v: number;
	readonly limitsId: string;
	/** true for points of the baseline itself: judged afterwards, never an alert. */
	readonly baseline: boolean;
}

export type Verdict =
	| { readonly type: 'signal'; readonly signal: Signal }
	| { readonly type: 'limits'; readonly limits: Limits }
	| { readonly type: 'violation.opened' | 'violation.updated' | 'violation.ended'; readonly episode: Episode };

/**
 * A journal record of topic `verdicts`: everything that the input record at `inputSeq` led to. Where that is thousands of
 * verdicts, several records one after the other have the same `inputSeq`.
 */
export interface VerdictRecord {
	readonly inputSeq: number;
	readonly verdicts: readonly Verdict[];
}

export function encodeVerdicts(record: VerdictRecord): Uint8Array {
	return new TextEncoder().encode(JSON.stringify(record));
}

/** @throws SyntaxError when the bytes are no JSON. No more is checked: only this hub writes to its journal. */
export function parseVerdicts(bytes: Uint8Array): VerdictRecord {
	return JSON.parse(new TextDecoder().decode(bytes)) as VerdictRecord;
}
