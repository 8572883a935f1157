import { Failure } from './failure.ts';
import { literal } from './tokens.ts';

/** Settings of one request, by name; what is not named has the engine's default. */
export type Settings = ReadonlyMap<string, string>;

/** The longest that a request may ask for. */
const MAX_EXECUTION_SECONDS = 600;

const FLAG = /^[01]$/;
const COUNT = /^\d{1,12}$/;

/** What a request may set. Anything that lifts a bound, reads or writes a file, or reaches a network is not here. */
const ALLOWED: Readonly<Record<string, RegExp>> = {
	max_execution_time: /^\d{1,6}(\.\d+)?$/,
	// The server's own bound holds over this one.
	max_memory_usage: /^[1-9]\d{0,8}$/,
	max_threads: /^[1-9]\d?$/,
	max_block_size: COUNT,
	max_insert_block_size: COUNT,
	max_partitions_per_insert_block: COUNT,
	max_result_rows: COUNT,
	max_rows_to_read: COUNT,
	max_bytes_to_read: COUNT,
	result_overflow_mode: /^throw$/,
	insert_deduplicate: FLAG,
	insert_deduplication_token: /^[\x20-\x7e]{1,300}$/,
	deduplicate_blocks_in_dependent_materialized_views: FLAG,
	optimize_read_in_order: FLAG,
	do_not_merge_across_partitions_select_final: FLAG,
	final: FLAG,
	mutations_sync: /^[012]$/,
	alter_sync: /^[012]$/,
	date_time_input_format: /^(basic|best_effort)$/,
	date_time_output_format: /^(simple|iso|unix_timestamp)$/,
	input_format_skip_unknown_fields: FLAG,
	input_format_null_as_default: FLAG,
	output_format_json_quote_64bit_integers: FLAG,
	output_format_json_quote_denormals: FLAG,
	output_format_json_named_tuples_as_objects: FLAG,
	output_format_parquet_compression_method: /^(zstd|snappy|lz4|none)$/,
	output_format_parquet_string_as_string: FLAG,
	allow_experimental_time_series_table: FLAG,
	enable_json_type: FLAG,
};

/** Meant for the transport of a real server; nothing is to be done about them here. */
const IGNORED = new Set([
	'wait_end_of_query',
	'send_progress_in_http_headers',
	'http_headers_progress_interval_ms',
	'cancel_http_readonly_queries_on_client_close',
	'async_insert',
	'wait_for_async_insert',
	'log_comment',
	'insert_quorum',
]);

/**
 * @returns the value to set, or undefined when it is one to ignore
 * @throws Failure for a setting that requests may not set, or a value that is none of it
 */
export function checkSetting(name: string, value: string): string | undefined {
	if (IGNORED.has(name)) return undefined;
	const pattern = Object.hasOwn(ALLOWED, name) ? ALLOWED[name] : undefined;
	if (!pattern) throw new Failure('setting', `Setting ${name} cannot be set on this server`);
	if (!pattern.test(value)) throw new Failure('argument', `Setting ${name} cannot be ${literal(value.slice(0, 60))}`);
	if (name !== 'max_execution_time') return value;
	const seconds = Number(value);
	// Zero would mean without end.
	return String(seconds > 0 ? Math.min(seconds, MAX_EXECUTION_SECONDS) : MAX_EXECUTION_SECONDS);
}
