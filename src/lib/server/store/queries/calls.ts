import type { LlmErrorClass } from '#contracts/llm.ts';
import type { CallSource, LlmCall } from '#contracts/llm-call.ts';
import type { Connection } from '../connection.ts';
import type { CallOutcome, CallsFilter, CallVersion, Store } from '../port.ts';
import { clampMicros } from './points.ts';
import { toStoredTime } from './time.ts';

/** Of the call's own numbers: column by field. */
const NUMBERS = {
	connectMs: 'connect_ms',
	ttfcMs: 'ttfc_ms',
	ttftMs: 'ttft_ms',
	tpotMs: 'tpot_ms',
	chunkGapP95Ms: 'chunk_gap_p95_ms',
	totalMs: 'total_ms',
	serverMs: 'server_ms',
	queueMs: 'queue_ms',
	loadMs: 'load_ms',
	inputTokens: 'input_tokens',
	outputTokens: 'output_tokens',
	cachedTokens: 'cached_tokens',
	cacheWriteTokens: 'cache_write_tokens',
	reasoningTokens: 'reasoning_tokens',
	costUsd: 'cost_usd',
	status: 'status',
	retries: 'retries',
} as const satisfies Readonly<Partial<Record<keyof LlmCall, string>>>;

/** Texts that may be missing, which is the empty text there. */
const TEXTS = {
	promptClass: 'prompt_class',
	deployment: 'deployment',
	region: 'region',
	environment: 'environment',
	priceVersion: 'price_version',
	errorClass: 'error_class',
	finishReason: 'finish_reason',
	responseModel: 'response_model',
	fingerprint: 'fingerprint',
	traceId: 'trace_id',
	spanId: 'span_id',
} as const satisfies Readonly<Partial<Record<keyof LlmCall, string>>>;

type NumberField = keyof typeof NUMBERS;
type TextField = keyof typeof TEXTS;
const NUMBER_FIELDS = Object.keys(NUMBERS) as NumberField[];
const TEXT_FIELDS = Object.keys(TEXTS) as TextField[];

export async function insertCalls(
	connection: Connection,
	insert: { readonly token: string; readonly calls: readonly LlmCall[]; readonly receivedMicros: number },
): Promise<void> {
	const received = toStoredTime(insert.receivedMicros);
	const rows = insert.calls.map((call) => rowOf(call, received));
	await connection.insertJson({ table: 'llm_calls', rows, token: insert.token });
}

/** What is missing is left out, and is NULL or empty then: most calls say less than half of what can be said. */
function rowOf(call: LlmCall, received: string): object {
	const { id, site, source, provider, model, passed, firstTokenMicros } = call;
	const row: Record<string, unknown> = { id, site, source, provider, model, received };
	row.started = toStoredTime(call.startedMicros);
	row.ended = toStoredTime(call.endedMicros);
	if (firstTokenMicros !== null) row.first_token = toStoredTime(firstTokenMicros);
	if (passed !== null) row.passed = passed;
	for (const field of NUMBER_FIELDS) if (call[field] !== null) row[NUMBERS[field]] = call[field];
	for (const field of TEXT_FIELDS) if (call[field] !== null) row[TEXTS[field]] = call[field];
	return row;
}

type CallRow = Readonly<Record<string, string | number | boolean | null>>;

const TIMES =
	'toUnixTimestamp64Micro(started) AS started_micros, toUnixTimestamp64Micro(ended) AS ended_micros, ' +
	'toUnixTimestamp64Micro(first_token) AS first_token_micros';

/** Newest first. */
export async function readCalls(connection: Connection, filter: CallsFilter): Promise<readonly LlmCall[]> {
	const { conditions, params } = whereOf(filter);
	params.limit = filter.limit;
	const columns = [...Object.values(NUMBERS), ...Object.values(TEXTS)].join(', ');
	const rows = await connection.rows<CallRow>({
		doing: 'read calls',
		sql: `SELECT id, site, source, provider, model, passed, ${columns}, ${TIMES} FROM llm_calls FINAL
			WHERE ${conditions.join(' AND ')} ORDER BY ended DESC, id DESC LIMIT {limit:UInt32}`,
		params,
	});
	return rows.map(callOf);
}

export async function readCallOutcomes(
	connection: Connection,
	filter: Omit<CallsFilter, 'limit' | 'after'>,
): Promise<readonly CallOutcome[]> {
	const { conditions, params } = whereOf(filter);
	const rows = await connection.rows<{ class: LlmErrorClass | ''; n: string | number }>({
		doing: 'count calls by how they ended',
		sql: `SELECT error_class AS class, count() AS n FROM llm_calls FINAL
			WHERE ${conditions.join(' AND ')} GROUP BY error_class ORDER BY n DESC, class`,
		params,
	});
	return rows.map((row) => ({ errorClass: row.class === '' ? null : row.class, calls: Number(row.n) }));
}

type VersionsOf = Store['callVersions'] extends (of: infer Of) => unknown ? Of : never;

export async function readCallVersions(
	connection: Connection,
	{ site, provider, model, source, fromMicros, toMicros }: VersionsOf,
): Promise<readonly CallVersion[]> {
	const rows = await connection.rows<{ version: string; print: string; micros: string | number; n: string | number }>({
		doing: 'read the versions of a model',
		sql: `SELECT response_model AS version, fingerprint AS print, toUnixTimestamp64Micro(min(started)) AS micros, count() AS n
			FROM llm_calls FINAL
			WHERE site = {site:String} AND provider = {provider:String} AND model = {model:String} AND source = {source:String}
				AND ended BETWEEN fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND fromUnixTimestamp64Micro({to:Int64}, 'UTC')
				AND (response_model != '' OR fingerprint != '')
			GROUP BY response_model, fingerprint ORDER BY micros LIMIT 100`,
		params: { site, provider, model, source, from: clampMicros(fromMicros), to: clampMicros(toMicros) },
	});
	return rows.map((row) => ({
		responseModel: row.version,
		fingerprint: row.print,
		firstMicros: Number(row.micros),
		calls: Number(row.n),
	}));
}

const COLUMN_OF_TIME = {
	started: 'started',
	'first-event': 'coalesce(first_token, ended)',
	'first-token': 'first_token',
	ended: 'ended',
} as const;

function whereOf(filter: Omit<CallsFilter, 'limit'>): {
	conditions: string[];
	params: Record<string, string | number | readonly string[]>;
} {
	const { sites, after } = filter;
	const time = COLUMN_OF_TIME[filter.time ?? 'ended'];
	const params: Record<string, string | number | readonly string[]> = {
		from: clampMicros(filter.fromMicros),
		to: clampMicros(filter.toMicros),
	};
	const conditions = [
		`${time} BETWEEN fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND fromUnixTimestamp64Micro({to:Int64}, 'UTC')`,
	];
	if (sites !== 'all') {
		conditions.push('site IN {sites:Array(String)}');
		params.sites = sites;
	}
	for (const [column, value] of Object.entries(equals(filter))) {
		conditions.push(`${column} = {${column}:String}`);
		params[column] = value;
	}
	if (filter.failed !== undefined) conditions.push(filter.failed ? "error_class != ''" : "error_class = ''");
	if (after !== undefined) {
		conditions.push("(ended, id) < (fromUnixTimestamp64Micro({afterTime:Int64}, 'UTC'), {afterId:String})");
		Object.assign(params, { afterTime: after.endedMicros, afterId: after.id });
	}
	return { conditions, params };
}

function equals({
	provider,
	model,
	source,
	target,
	errorClass,
	traceId,
}: Omit<CallsFilter, 'limit'>): Record<string, string> {
	const texts: Record<string, string | undefined> = {
		provider,
		model,
		source,
		error_class: errorClass,
		trace_id: traceId,
		...(target && {
			prompt_class: target.promptClass ?? '',
			deployment: target.deployment ?? '',
			region: target.region ?? '',
			environment: target.environment ?? '',
		}),
	};
	return Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function callOf(row: CallRow): LlmCall {
	const micros = (name: string) => (row[name] === null || row[name] === undefined ? null : Number(row[name]));
	const numbers = Object.fromEntries(NUMBER_FIELDS.map((field) => [field, micros(NUMBERS[field])])) as Record<
		NumberField,
		number | null
	>;
	const texts = Object.fromEntries(
		TEXT_FIELDS.map((field) => [field, row[TEXTS[field]] === '' ? null : String(row[TEXTS[field]])]),
	) as Record<TextField, string | null>;
	return {
		id: String(row.id),
		site: String(row.site),
		source: String(row.source) as CallSource,
		provider: String(row.provider),
		model: String(row.model),
		startedMicros: Number(row.started_micros),
		endedMicros: Number(row.ended_micros),
		firstTokenMicros: micros('first_token_micros'),
		passed: row.passed === null ? null : row.passed === true || row.passed === 1,
		...numbers,
		...texts,
		errorClass: texts.errorClass as LlmErrorClass | null,
	};
}
