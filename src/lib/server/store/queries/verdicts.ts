import type { Chart, Rule, Side } from '#contracts/chart.ts';
import type { Limits } from '#contracts/limits.ts';
import type { Signal } from '#contracts/verdict.ts';
import type { ContextPoint, Episode } from '#contracts/violation.ts';
import type { Connection } from '../connection.ts';
import type { PointRange } from '../port.ts';
import { IN_RANGE, rangeParams } from './points.ts';
import { toStoredTime } from './time.ts';

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
	await connection.insertJson({ table: 'signals', rows: insert.signals.map(signalRow), token });
	await connection.insertJson({ table: 'violations', rows: insert.episodes.map(episodeRow), token });
}

function signalRow(signal: Signal) {
	return {
		stream_id: signal.streamId,
		t: toStoredTime(signal.tMicros),
		chart: signal.chart,
		rule: String(signal.rule),
		side: signal.side,
		span_from: toStoredTime(signal.spanFromMicros),
		v: signal.v,
		limits_id: signal.limitsId,
		baseline: signal.baseline,
	};
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

const contextRows = (points: readonly ContextPoint[]) => points.map(({ tMicros, v }) => ({ t: tMicros, v }));

function episodeRow(episode: Episode) {
	return {
		id: episode.id,
		stream_id: episode.streamId,
		chart: episode.chart,
		rule: String(episode.rule),
		side: episode.side,
		first_t: toStoredTime(episode.firstMicros),
		last_t: toStoredTime(episode.lastMicros),
		ended_t: episode.endedMicros === null ? null : toStoredTime(episode.endedMicros),
		active: episode.active,
		severity: episode.severity,
		points: episode.points,
		value: episode.value,
		centre: episode.centre,
		sigma: episode.sigma,
		limits_id: episode.limitsId,
		span_from: toStoredTime(episode.spanFromMicros),
		revision: episode.revision,
		historical: episode.historical,
		context_before: contextRows(episode.context.before),
		context_at: contextRows(episode.context.at),
		context_after: contextRows(episode.context.after),
		context_complete: episode.context.complete,
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
