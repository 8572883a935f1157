import { hash } from 'node:crypto';
import type { Chart, Rule, Side } from '#contracts/chart.ts';

/** Ids are hashes of what makes a thing itself, so that a replay gives the same ones. 16 bytes as hex. */
function idOf(parts: readonly (string | number)[]): string {
	return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);
}

export function episodeId(of: {
	readonly streamId: number;
	readonly chart: Chart;
	readonly rule: Rule;
	readonly side: Side;
	readonly firstMicros: number;
	readonly limitsId: string;
}): string {
	return idOf(['episode', of.streamId, of.chart, of.rule, of.side, of.firstMicros, of.limitsId]);
}

export function limitsId(of: {
	readonly streamId: number;
	readonly chart: Chart;
	readonly fromMicros: number;
	readonly planRevision: number;
	/** How many sets of limits the stream had before this one. */
	readonly ordinal: number;
}): string {
	return idOf(['limits', of.streamId, of.chart, of.fromMicros, of.planRevision, of.ordinal]);
}
