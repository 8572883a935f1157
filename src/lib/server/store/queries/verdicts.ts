import type { Chart, Rule, Side } from '#contracts/chart.ts';
import type { Limits } from '#contracts/limits.ts';
import type { Signal } from '#contracts/verdict.ts';
import type { Episode } from '#contracts/violation.ts';
import type { Connection } from '../connection.ts';
import type { PointRange } from '../port.ts';
import { IN_RANGE, rangeParams } from './points.ts';
import { toStoredTime } from './time.ts';
import { encodeEpisodes, encodeSignals, INSERT_EPISODES, INSERT_SIGNALS } from './verdict-rows.ts';

export interface VerdictsInsert {
	readonly token: string;
	readonly signals: readonly Signal[];
	readonly limits: readonly Limits[];
	readonly episodes: readonly Episode[];
}

/** Three tables, each idempotent by the same token: cut short, the whole is simply repeated. */
export async function insertVerdicts(connection: Connection, insert: VerdictsInsert): Promise<void> {
	const { token } = insert;
	await connection.insertJson({ table: 'limits', rows: insert.limits.map(limitsRow), token });
	const { signals, episodes } = insert;
	if (signals.length > 0)
		await connection.insertBytes({ table: 'signals', sql: INSERT_SIGNALS, bytes: encodeSignals(signals), token });
	if (episodes.length > 0)
		await connection.insertBytes({ table: 'violations', sql: INSERT_EPISODES, bytes: encodeEpisodes(episodes), token });
}

function limitsRow(limits: Limits) {
	const { baseline } = limits;
	return {
		id: limits.id,
		stream_id: limits.streamId,
		chart: limits.chart,
		from_t: toStoredTime(limits.fromMicros),
		centre: limits.centre,
		sigma: limits.sigma,
		lcl: limits.lcl,
		ucl: limits.ucl,
		rules: limits.rules,
		method: limits.method,
		baseline_points: baseline?.points ?? null,
		baseline_excluded: baseline?.excluded ?? null,
		baseline_from: baseline ? toStoredTime(baseline.fromMicros) : null,
		baseline_to: baseline ? toStoredTime(baseline.toMicros) : null,
		notes: limits.notes,
		lag1: limits.lag1,
	};
}

interface SignalRow {
	readonly t_micros: string | number;
	readonly span_micros: string | number;
	readonly chart: Chart;
	readonly rule: string;
	readonly side: Side;
	readonly v: number;
	readonly limits_id: string;
	readonly baseline: boolean;
}

/** Oldest first; both ends belong to the range. */
export async function readSignals(connection: Connection, range: PointRange): Promise<readonly Signal[]> {
	const rows = await connection.rows<SignalRow>({
		doing: 'read signals',
		sql: `SELECT toUnixTimestamp64Micro(t) AS t_micros, toUnixTimestamp64Micro(span_from) AS span_micros,
				chart, rule, side, v, limits_id, baseline
			FROM signals FINAL WHERE ${IN_RANGE} ORDER BY t, chart, rule, side`,
		params: rangeParams(range),
	});
	return rows.map((row) => ({
		streamId: range.streamId,
		chart: row.chart,
		rule: ruleOf(row.rule),
		side: row.side,
		tMicros: Number(row.t_micros),
		spanFromMicros: Number(row.span_micros),
		v: row.v,
		limitsId: row.limits_id,
		baseline: row.baseline,
	}));
}

/** Nelson's rules are numbers, the others words. */
function ruleOf(text: string): Rule {
	return /^[1-8]$/.test(text) ? (Number(text) as Rule) : text;
}
