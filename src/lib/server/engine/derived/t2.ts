import { createT2, estimateLocation, t2Quantile, type T2Baseline } from '#rules';
import { collect, emptyBaseline, pointAt, setValue } from '../limits/baseline.ts';
import type { Found } from '../limits/limits.ts';
import { refresh, touch, type PartitionState } from '../partition-state.ts';
import { setLimits } from '../limits/phases.ts';
import { judgeAgain } from '../plot.ts';
import type { Charted } from '../table.ts';
import { setModel, type Derivation } from './derivation.ts';
import { lack, put } from './emit.ts';

/**
 * One point of several streams: T2 by what was learnt, or one more to learn from. Limits of phase I judge the baseline, those of
 * phase II what comes after it (rules/charts/t2.ts).
 */
export function takeVector(
	state: PartitionState,
	derivation: Derivation,
	tMicros: number,
	quality: number,
	flags: number,
	seq: number,
): void {
	const { slot, values } = derivation;
	const charted = state.table.at(slot);
	const { columns } = state.table;
	if (charted.plan.chart !== 't2') return lack(state, derivation);
	if (derivation.t2 !== undefined)
		return put(state, derivation, tMicros, derivation.t2([...values]), quality, flags, seq);
	if (charted.baseline === undefined || quality < columns.admit[slot]!) return lack(state, derivation);
	touch(state, slot);
	derivation.broken = false;
	if (flags === 0) columns.heard[slot] = 1;
	derivation.vectors.push(...values);
	if (collect(charted.baseline, { tMicros, v: 0, spread: NaN, size: 1, seq, quality, flags }))
		learnT2(state, charted, derivation);
}

/** Where one stream follows from the others nothing can be learnt, and it begins anew. */
function learnT2(state: PartitionState, charted: Charted, derivation: Derivation): void {
	const baseline = charted.baseline!;
	const rows = rowsOf(derivation);
	const location = estimateLocation(rows.map((row) => [row]));
	const t2 = createT2(location, 1);
	const of = { samples: rows.length, size: 1, variables: derivation.values.length };
	const [found, after] = [foundOf(charted, of, 1), foundOf(charted, of, 2)];
	derivation.vectors = [];
	if (t2 === undefined || [found, after].some(({ charts }) => !Number.isFinite(charts[0]!.lines.ucl)))
		return emptyBaseline(baseline);
	rows.forEach((row, i) => setValue(baseline, i, t2(row)));
	const first = pointAt(baseline, 0);
	const last = pointAt(baseline, rows.length - 1);
	const together = { streams: derivation.rule.formula.terms.map(({ name }) => name), ...location };
	const range = { points: rows.length, excluded: 0, fromMicros: first.tMicros, toMicros: last.tMicros };
	setLimits(state, charted, { ...found, together, baseline: range }, first.tMicros);
	judgeAgain(state, charted, baseline);
	tell(state, charted, derivation);
	setLimits(state, charted, { ...after, together, baseline: range }, last.tMicros + 1);
	charted.baseline = undefined;
	setModel(derivation, location);
	state.changed.add(charted.stream.id);
	refresh(state, charted);
}

function rowsOf({ vectors, values }: Derivation): number[][] {
	const { length } = values;
	return Array.from({ length: vectors.length / length }, (_, i) => vectors.slice(i * length, (i + 1) * length));
}

const WIDTH = 3;
/** As far out as three sigma are on a chart of normal values, both sides together. */
const P_OF_THREE_SIGMA = 0.9973002039367398;
const MEDIAN = 0.5;

function foundOf({ plan }: Charted, baseline: T2Baseline, phase: 1 | 2): Found {
	const ucl = t2Quantile(P_OF_THREE_SIGMA, baseline, phase);
	const centre = t2Quantile(MEDIAN, baseline, phase);
	const rules = plan.rules === 'none' ? [] : [1];
	return {
		charts: [
			{
				chart: 't2',
				lines: { centre, sigma: (ucl - centre) / WIDTH, lcl: 0, ucl },
				// Rule 1 has two sides, and small distances are no signal: around 0 it has one.
				by: { centre: 0, sigma: ucl / WIDTH, limitsSigma: WIDTH, rules },
			},
		],
		parameters: {},
		method: 'covariance',
		baseline: null,
		notes: [],
		lag1: null,
	};
}

/** The baseline has points now: the newest is the newest of the stream, and all are to be stored. */
function tell(state: PartitionState, charted: Charted, { streamId }: Derivation): void {
	const { columns } = state.table;
	const { slot } = charted;
	const baseline = charted.baseline!;
	for (let i = 0; i < baseline.points; i++) {
		const { tMicros, v, quality, flags } = pointAt(baseline, i);
		state.derived.points.push({ streamId, tMicros, v, quality, flags });
		columns.newestMicros[slot] = tMicros;
		columns.newestV[slot] = v;
		columns.newestQuality[slot] = quality;
	}
	state.counts.derived += baseline.points;
	state.counts.plotted += baseline.points;
	if (columns.plotted[slot] === 1) return;
	columns.plotted[slot] = 1;
	state.plotted.push(streamId);
}
