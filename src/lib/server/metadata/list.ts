import type { Kysely } from 'kysely';
import type { Violation } from '#contracts/violation.ts';
import type { ViolationFilter, ViolationMatch } from './port-violations.ts';
import type { Tables } from './tables.ts';
import { encodeTimeCursor, parseTimeCursor } from './time-cursor.ts';
import { toViolation } from './violation-row.ts';

/**
 * A page of violations, the one that began last first.
 *
 * A time range takes every episode that overlaps it; one that goes on has no end yet.
 *
 * @throws InputError for a cursor that is none of ours
 */
export async function listViolations(
	db: Kysely<Tables>,
	filter: ViolationFilter,
): Promise<{ items: Violation[]; cursor: string | null }> {
	if (filter.sites !== 'all' && filter.sites.length === 0) return { items: [], cursor: null };
	const rows = await filtered(db, filter)
		.orderBy('violations.first_micros', 'desc')
		.orderBy('violations.id', 'desc')
		.limit(filter.limit + 1)
		.execute();
	const items = rows.slice(0, filter.limit).map(toViolation);
	const last = items.at(-1);
	return {
		items,
		cursor: last && rows.length > filter.limit ? encodeTimeCursor({ micros: last.firstMicros, id: last.id }) : null,
	};
}

function filtered(db: Kysely<Tables>, filter: ViolationFilter) {
	const { cursor } = filter;
	const after = cursor === undefined ? undefined : parseTimeCursor(cursor);
	return matching(db, filter)
		.selectAll('violations')
		.$if(after !== undefined, (q) =>
			q.where((eb) =>
				eb.or([
					eb('violations.first_micros', '<', after?.micros ?? 0),
					eb.and([eb('violations.first_micros', '=', after?.micros ?? 0), eb('violations.id', '<', after?.id ?? '')]),
				]),
			),
		);
}

/** Violations with their streams that somebody asked for, before it is said what of them. */
export function matching(db: Kysely<Tables>, filter: ViolationMatch) {
	const { sites, fromMicros, toMicros, streamId, asset, rule, chart, state, active, severity, cause, assignee } =
		filter;
	return db
		.selectFrom('violations')
		.innerJoin('streams', 'streams.id', 'violations.stream_id')
		.where('streams.removed_micros', 'is', null)
		.$if(sites !== 'all', (q) => q.where('streams.site', 'in', sites === 'all' || sites.length === 0 ? [''] : sites))
		.$if(streamId !== undefined, (q) => q.where('violations.stream_id', '=', streamId ?? 0))
		.$if(asset !== undefined, (q) => q.where('streams.asset', '=', asset ?? ''))
		.$if(toMicros !== undefined, (q) => q.where('violations.first_micros', '<=', toMicros ?? 0))
		.$if(fromMicros !== undefined, (q) =>
			q.where((eb) => eb.or([eb('violations.last_micros', '>=', fromMicros ?? 0), eb('violations.active', '=', 1)])),
		)
		.$if(rule !== undefined, (q) => q.where('violations.rule', '=', rule ?? ''))
		.$if(chart !== undefined, (q) => q.where('violations.chart', '=', chart ?? ''))
		.$if(state === 'unresolved', (q) => q.where('violations.state', '!=', 'resolved'))
		.$if(state !== undefined && state !== 'unresolved', (q) => q.where('violations.state', '=', state ?? ''))
		.$if(severity !== undefined, (q) => q.where('violations.severity', '=', severity ?? ''))
		.$if(cause !== undefined, (q) =>
			cause === null ? q.where('violations.cause', 'is', null) : q.where('violations.cause', '=', cause ?? ''),
		)
		.$if(assignee !== undefined, (q) =>
			assignee === null
				? q.where('violations.assignee', 'is', null)
				: q.where('violations.assignee', '=', assignee ?? ''),
		)
		.$if(active !== undefined, (q) => q.where('violations.active', '=', active ? 1 : 0));
}
