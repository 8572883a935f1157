import { assetOf, spellFormula } from '#contracts/derived.ts';
import { stateOf, type PartitionState } from './partition-state.ts';
import { countOf } from './limits/baseline.ts';
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
				...(baseline && { learning: { points: countOf(baseline), wanted: baseline.wanted } }),
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
		derivedFrom(streamId) {
			const charted = table.find(streamId);
			if (charted?.derivation === undefined) return undefined;
			const { rule, inputs } = charted.derivation;
			const asset = assetOf(charted.stream.key);
			const streams = rule.formula.terms.map(({ name }, i) => {
				const slot = inputs[i]!;
				return { key: `${asset}/${name}`, id: slot < 0 ? undefined : table.at(slot).stream.id };
			});
			return { formula: spellFormula(rule), streams: streams.filter(isFirst) };
		},
		reorderMicros: (streamId) => Math.max(0, state.table.columns.reorderMicros[state.table.slotOf(streamId)] ?? 0),
		lastMicros(streamId) {
			const tMicros = newest(streamId);
			return Number.isNaN(tMicros) ? undefined : tMicros;
		},
	};
}

function isFirst<T extends { readonly key: string }>(one: T, i: number, all: readonly T[]): boolean {
	return all.findIndex(({ key }) => key === one.key) === i;
}
