-- Calls of language models, one row each. What is not known is NULL, never 0; texts that are not known are empty, which no
-- known one is. `ended` and `first_token` are the times of the points that were made of a call, so a point leads to its call.
CREATE TABLE IF NOT EXISTS {DB}.llm_calls {ON_CLUSTER}
(
	id String,
	site LowCardinality(String),
	source LowCardinality(String),
	provider LowCardinality(String),
	model LowCardinality(String),
	prompt_class LowCardinality(String),
	deployment LowCardinality(String),
	region LowCardinality(String),
	environment LowCardinality(String),
	started DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
	ended DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
	first_token Nullable(DateTime64(6, 'UTC')),
	connect_ms Nullable(Float64),
	ttfc_ms Nullable(Float64),
	ttft_ms Nullable(Float64),
	tpot_ms Nullable(Float64),
	chunk_gap_p95_ms Nullable(Float64),
	total_ms Nullable(Float64),
	server_ms Nullable(Float64),
	queue_ms Nullable(Float64),
	load_ms Nullable(Float64),
	input_tokens Nullable(UInt32),
	output_tokens Nullable(UInt32),
	cached_tokens Nullable(UInt32),
	cache_write_tokens Nullable(UInt32),
	reasoning_tokens Nullable(UInt32),
	cost_usd Nullable(Float64),
	price_version LowCardinality(String),
	error_class LowCardinality(String),
	status Nullable(UInt16),
	retries Nullable(UInt16),
	finish_reason LowCardinality(String),
	response_model LowCardinality(String),
	fingerprint LowCardinality(String),
	passed Nullable(Bool),
	trace_id String,
	span_id String,
	received DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
	INDEX by_trace trace_id TYPE bloom_filter GRANULARITY 4
)
ENGINE = {REPLICATED}ReplacingMergeTree
PARTITION BY toYYYYMM(ended)
ORDER BY (site, provider, model, ended, id)
TTL toDateTime(received) + toIntervalSecond({CALLS_TTL_SECONDS})
SETTINGS {DEDUP_WINDOW} = 2000, fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 120;
