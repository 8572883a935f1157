import { MICROS_PER_SECOND } from '#contracts/time.ts';
import type { Connection } from './connection.ts';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;

/** How long each lives after it arrived, in milliseconds; absent = as all others, or the default. */
export interface Lives {
	readonly points?: number | undefined;
	readonly rollups?: number | undefined;
	readonly calls?: number | undefined;
	readonly logs?: number | undefined;
}

export interface Retention extends Lives {
	/** Sites with a retention of their own. */
	readonly sites?: Readonly<Record<string, Lives>> | undefined;
}

type Class = keyof Lives;
const DEFAULT_SECONDS: Readonly<Record<Class, number>> = {
	points: 30 * DAY_SECONDS,
	rollups: 730 * DAY_SECONDS,
	calls: 90 * DAY_SECONDS,
	logs: 30 * DAY_SECONDS,
};

/** What ages, by which time, and how its site is found. */
export const AGEING = [
	{ table: 'points', time: 'toDateTime(received)', of: 'points', by: 'stream' },
	{ table: 'points_1m', time: 'received', of: 'rollups', by: 'stream' },
	{ table: 'points_1h', time: 'received', of: 'rollups', by: 'stream' },
	{ table: 'gaps', time: 'toDateTime(received)', of: 'rollups', by: 'stream' },
	{ table: 'signals', time: 'written', of: 'rollups', by: 'stream' },
	{ table: 'llm_calls', time: 'toDateTime(received)', of: 'calls', by: 'site' },
	{ table: 'logs', time: 'toDateTime(received)', of: 'logs', by: 'site' },
] as const;
type Ageing = (typeof AGEING)[number];

/** The tables' own TTL: that of the site which keeps longest, since a table has one; `expireSites` does the rest. */
export function tableSeconds(retention: Retention, of: Class): number {
	return Math.max(allSeconds(retention, of), ...ownSites(retention, of).map(([, seconds]) => seconds));
}

function allSeconds(retention: Retention, of: Class): number {
	const ms = retention[of];
	return ms === undefined ? DEFAULT_SECONDS[of] : Math.ceil(ms / 1000);
}

function ownSites({ sites = {} }: Retention, of: Class): [site: string, seconds: number][] {
	return Object.entries(sites).flatMap(([site, { [of]: ms }]) =>
		ms === undefined ? [] : [[site, Math.ceil(ms / 1000)] as [string, number]],
	);
}

/**
 * Deletes what has outlived the retention of its site, where that is shorter than the table's.
 *
 * Parts are written anew without it, so their space is free afterwards, and parts with nothing left are gone. That costs as much as
 * the month in which it lay, and is done once a day for each site at most (once an hour where less than a day is kept): what expires
 * is cut off at whole days. A table in which this is still under way is left alone.
 *
 * @returns months of tables that are being written anew
 */
export async function expireSites(connection: Connection, retention: Retention, nowMicros: number): Promise<number> {
	const busy = await connection.rows<{ table: string }>({
		doing: 'read what is being deleted',
		sql: 'SELECT DISTINCT table FROM system.mutations WHERE database = currentDatabase() AND NOT is_done',
	});
	let months = 0;
	for (const ageing of AGEING)
		if (!busy.some(({ table }) => table === ageing.table))
			for (const where of outlived(ageing, retention, nowMicros))
				months += await remove(connection, ageing.table, where);
	return months;
}

/** @returns conditions for what is to go */
function outlived(ageing: Ageing, retention: Retention, nowMicros: number): string[] {
	const { of, time } = ageing;
	const table = tableSeconds(retention, of);
	const own = ownSites(retention, of);
	const older = (seconds: number) => `${time} < toDateTime(${cutOff(nowMicros, seconds)})`;
	const ofOwn = own
		.filter(([, seconds]) => seconds < table)
		.map(([site, seconds]) => `${within(ageing, 'IN', [site])} AND ${older(seconds)}`);
	const all = allSeconds(retention, of);
	if (all === table) return ofOwn;
	const others = within(ageing, 'NOT IN', own.map(([site]) => site)); // prettier-ignore
	return [...ofOwn, `${others} AND ${older(all)}`];
}

function cutOff(nowMicros: number, seconds: number): number {
	const step = seconds < DAY_SECONDS ? HOUR_SECONDS : DAY_SECONDS;
	return Math.floor((nowMicros / MICROS_PER_SECOND - seconds) / step) * step;
}

function within({ by }: Ageing, operator: 'IN' | 'NOT IN', sites: readonly string[]): string {
	const names = sites.map((site) => `'${site.replaceAll(/[\\']/g, '\\$&')}'`).join(', ');
	if (by === 'site') return `site ${operator} (${names})`;
	return `stream_id ${operator} (SELECT id FROM streams FINAL WHERE site IN (${names}))`;
}

async function remove(connection: Connection, table: string, where: string): Promise<number> {
	const found = await connection.rows<{ month: string }>({
		doing: `look for what is outlived in ${table}`,
		sql: `SELECT DISTINCT _partition_id AS month FROM ${table} WHERE ${where}`,
	});
	for (const { month } of found)
		await connection.command(`ALTER TABLE ${table} DELETE IN PARTITION ID '${month}' WHERE ${where}`);
	return found.length;
}
