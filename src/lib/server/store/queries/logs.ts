import type { Severity, StoredLogLine } from '#contracts/log-line.ts';
import type { Connection, Parameters } from '../connection.ts';
import type { LogsFilter } from '../port-knowledge.ts';
import { clampMicros } from './points.ts';
import { toStoredTime } from './time.ts';

export async function insertLogs(
	connection: Connection,
	insert: { readonly token: string; readonly lines: readonly StoredLogLine[]; readonly receivedMicros: number },
): Promise<void> {
	const received = toStoredTime(insert.receivedMicros);
	const rows = insert.lines.map(({ tMicros, source, severity, ...line }) => ({
		...line,
		t: toStoredTime(tMicros),
		source: source ?? '',
		severity: severity ?? '',
		received,
	}));
	await connection.insertJson({ table: 'logs', rows, token: insert.token });
}

interface LogRow {
	readonly site: string;
	readonly micros: string | number;
	readonly seq: string | number;
	readonly line: number;
	readonly source: string;
	readonly severity: string;
	readonly text: string;
	readonly attributes: Readonly<Record<string, string>>;
}

/** Newest first. */
export async function readLogs(connection: Connection, filter: LogsFilter): Promise<readonly StoredLogLine[]> {
	const { sites, words } = filter;
	if (sites !== 'all' && sites.length === 0) return [];
	if (words?.length === 0 || words?.some((some) => some.length === 0)) return [];
	const { conditions, params } = whereOf(filter);
	const rows = await connection.rows<LogRow>({
		doing: 'read logs',
		sql: `SELECT site, toUnixTimestamp64Micro(t) AS micros, seq, line, source, severity, text, attributes FROM logs
			WHERE ${conditions.join(' AND ')} ORDER BY t DESC, seq DESC, line DESC LIMIT {limit:UInt32}`,
		params,
	});
	return rows.map(lineOf);
}

function whereOf(filter: LogsFilter): { conditions: string[]; params: Parameters } {
	const { sites, source, severities, words = [], after } = filter;
	const params: Record<string, string | number | readonly string[]> = {
		limit: filter.limit,
		from: clampMicros(filter.fromMicros),
		to: clampMicros(filter.toMicros),
	};
	const conditions = [
		"t BETWEEN fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND fromUnixTimestamp64Micro({to:Int64}, 'UTC')",
	];
	const add = (condition: string, more: Readonly<Record<string, string | number | readonly string[]>>) => {
		conditions.push(condition);
		Object.assign(params, more);
	};
	if (sites !== 'all') add('site IN {sites:Array(String)}', { sites });
	if (source !== undefined) add('source = {source:String}', { source });
	if (severities !== undefined) add('severity IN {severities:Array(String)}', { severities });
	words.forEach((some, i) => add(`hasAnyTokens(lowerUTF8(text), {words${i}:Array(String)})`, { [`words${i}`]: some }));
	if (after !== undefined)
		add(
			"(t, seq, line) < (fromUnixTimestamp64Micro({afterTime:Int64}, 'UTC'), {afterSeq:UInt64}, {afterLine:UInt32})",
			{
				afterTime: after.tMicros,
				afterSeq: after.seq,
				afterLine: after.line,
			},
		);
	return { conditions, params };
}

function lineOf({ micros, seq, source, severity, ...row }: LogRow): StoredLogLine {
	return {
		...row,
		tMicros: Number(micros),
		seq: Number(seq),
		source: source === '' ? null : source,
		severity: severity === '' ? null : (severity as Severity),
	};
}
