import type { Selectable } from 'kysely';
import type { Chart, Rule, Side } from '#contracts/chart.ts';
import type { Episode, Severity, Violation, ViolationContext, ViolationState } from '#contracts/violation.ts';
import type { ViolationsTable } from './tables.ts';

/** As the engine has found it: nobody has acted on it yet. */
export function toRow(episode: Episode, openedMicros: number): ViolationsTable {
	return {
		id: episode.id,
		stream_id: episode.streamId,
		chart: episode.chart,
		rule: String(episode.rule),
		side: episode.side,
		first_micros: episode.firstMicros,
		last_micros: episode.lastMicros,
		ended_micros: episode.endedMicros,
		active: episode.active ? 1 : 0,
		severity: episode.severity,
		points: episode.points,
		value: episode.value,
		centre: episode.centre,
		sigma: episode.sigma,
		limits_id: episode.limitsId,
		span_from_micros: episode.spanFromMicros,
		revision: episode.revision,
		context: JSON.stringify(episode.context),
		historical: episode.historical ? 1 : 0,
		state: 'open',
		cause: null,
		assignee: null,
		opened_micros: openedMicros,
		acknowledged_micros: null,
		resolved_micros: null,
	};
}

export function toViolation(row: Selectable<ViolationsTable>): Violation {
	return {
		id: row.id,
		streamId: row.stream_id,
		chart: row.chart as Chart,
		rule: toRule(row.rule),
		side: row.side as Side,
		firstMicros: row.first_micros,
		lastMicros: row.last_micros,
		endedMicros: row.ended_micros,
		active: row.active === 1,
		severity: row.severity as Severity,
		points: row.points,
		value: row.value ?? NaN,
		centre: row.centre ?? NaN,
		sigma: row.sigma ?? NaN,
		limitsId: row.limits_id,
		spanFromMicros: row.span_from_micros,
		revision: row.revision,
		context: JSON.parse(row.context) as ViolationContext,
		historical: row.historical === 1,
		state: row.state as ViolationState,
		cause: row.cause,
		assignee: row.assignee,
	};
}

function toRule(text: string): Rule {
	return /^[1-8]$/.test(text) ? (Number(text) as Rule) : text;
}
