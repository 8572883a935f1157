import { sql, type Kysely } from 'kysely';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { matching } from './list.ts';
import type {
	Durations,
	Grouping,
	HandlingTimes,
	ViolationGroup,
	ViolationMatch,
	ViolationSummary,
} from './port-violations.ts';
import type { Tables } from './tables.ts';

const MOST_LOOKED = 100_000;
const WEEK_MICROS = 7 * 24 * 3_600 * 1e6;
/** 1970 began on a Thursday. */
const FIRST_MONDAY_MICROS = 4 * 24 * 3_600 * 1e6;

/** What a group is told apart by, and what people read. */
const COLUMNS = {
	asset: ['streams.asset', 'streams.asset'],
	stream: ['violations.stream_id', 'streams.key'],
	rule: ['violations.rule', 'violations.rule'],
	cause: ['violations.cause', 'violations.cause'],
	severity: ['violations.severity', 'violations.severity'],
	assignee: ['violations.assignee', 'violations.assignee'],
} as const satisfies Record<Grouping, readonly [string, string]>;

export async function groupsOf(
	db: Kysely<Tables>,
	{ by, limit, ...filter }: ViolationMatch & { readonly by: Grouping; readonly limit: number },
): Promise<ViolationGroup[]> {
	const [key, title] = COLUMNS[by];
	const rows = await matching(db, filter)
		.where('violations.historical', '=', 0)
		.select((eb) => [
			eb.ref(key).as('key'),
			eb.fn.min<string | null>(title).as('title'),
			eb.fn.countAll<number>().as('count'),
			sql<number>`sum(case when violations.state <> 'resolved' then 1 else 0 end)`.as('unresolved'),
			sql<number>`sum(violations.active)`.as('active'),
			sql<number>`sum(case when violations.severity = 'critical' then 1 else 0 end)`.as('critical'),
			eb.fn.max('violations.first_micros').as('newest'),
		])
		.groupBy(key)
		.orderBy('count', 'desc')
		.orderBy('newest', 'desc')
		.limit(limit)
		.execute();
	return rows.map((row) => ({
		key: row.key === null ? null : String(row.key),
		title: row.title,
		count: Number(row.count),
		unresolved: Number(row.unresolved),
		active: Number(row.active),
		critical: Number(row.critical),
		newestMicros: Number(row.newest),
	}));
}

interface Handled {
	readonly opened: number;
	readonly acknowledged: number | null;
	readonly resolved: number | null;
}

/** What was known before times were kept has none, and is not counted. */
export async function summaryOf(db: Kysely<Tables>, filter: ViolationMatch): Promise<ViolationSummary> {
	const rows = await matching(db, filter)
		.where('violations.historical', '=', 0)
		.where('violations.opened_micros', 'is not', null)
		.select([
			sql<number>`violations.opened_micros`.as('opened'),
			'violations.acknowledged_micros as acknowledged',
			'violations.resolved_micros as resolved',
		])
		.orderBy('violations.first_micros', 'desc')
		.limit(MOST_LOOKED + 1)
		.execute();
	const handled = rows.slice(0, MOST_LOOKED);
	const weeks = Map.groupBy(handled, ({ opened }) => weekOf(opened));
	return {
		total: handlingOf(handled),
		weeks: [...weeks].sort(([a], [b]) => a - b).map(([fromMicros, some]) => ({ fromMicros, ...handlingOf(some) })),
		isCut: rows.length > MOST_LOOKED,
	};
}

function weekOf(micros: number): number {
	return Math.floor((micros - FIRST_MONDAY_MICROS) / WEEK_MICROS) * WEEK_MICROS + FIRST_MONDAY_MICROS;
}

function handlingOf(handled: readonly Handled[]): HandlingTimes {
	const spans = (name: 'acknowledged' | 'resolved') =>
		handled.flatMap((one) => (one[name] === null ? [] : [(one[name] - one.opened) / MICROS_PER_MS]));
	return {
		opened: handled.length,
		acknowledged: durations(spans('acknowledged')),
		resolved: durations(spans('resolved')),
	};
}

/** Nearest rank: a time that somebody really took. */
function durations(ms: readonly number[]): Durations {
	const sorted = Float64Array.from(ms).sort();
	const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
	return { count: sorted.length, medianMs: at(0.5), p90Ms: at(0.9) };
}
