import { stateOf, type PartitionState } from './partition-state.ts';
import type { EngineView } from './port.ts';
import { windowOf } from './ring.ts';

/** What screens and the API may see of a partition's state. */
export function createView(state: PartitionState): Omit<EngineView, 'position' | 'onAdvance'> {
	const { table } = state;
	const newest = (streamId: number) => table.columns.newestMicros[table.slotOf(streamId)] ?? NaN;
	return {
		status(streamId) {
			const charted = table.find(streamId);
			if (charted === undefined) return undefined;
			const { newestMicros, newestV, newestQuality } = table.columns;
			const tMicros = newestMicros[charted.slot]!;
			const last = { tMicros, v: newestV[charted.slot]!, quality: newestQuality[charted.slot]! };
			const { baseline } = charted;
			return {
				state: stateOf(state, charted),
				last: Number.isNaN(tMicros) ? null : last,
				...(baseline && { learning: { points: baseline.points, wanted: baseline.wanted } }),
			};
		},
		windows(streamId, sinceSeq = 0, newest = Infinity) {
			const charted = table.find(streamId);
			if (charted === undefined) return [];
			return charted.charts.map(({ chart, at }) => windowOf(charted.ring, at, chart, sinceSeq, newest));
		},
		limits(streamId) {
			const charts = table.find(streamId)?.charts ?? [];
			return charts.flatMap(({ limits }) => (limits === undefined ? [] : [limits]));
		},
		reorderMicros: (streamId) => state.table.columns.reorderMicros[state.table.slotOf(streamId)] ?? 0,
		lastMicros(streamId) {
			const tMicros = newest(streamId);
			return Number.isNaN(tMicros) ? undefined : tMicros;
		},
	};
}
