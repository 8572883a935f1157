-- Copies of what the engine found, for analysis; the state of a violation lives in the metadata database and is never
-- asked for here.
CREATE TABLE IF NOT EXISTS {DB}.signals {ON_CLUSTER}
(
	stream_id UInt32,
	t DateTime64(6, 'UTC'),
	chart LowCardinality(String),
	rule LowCardinality(String),
	side LowCardinality(String),
	span_from DateTime64(6, 'UTC'),
	v Float64,
	limits_id String,
	baseline Bool,
	written DateTime('UTC') DEFAULT now()
)
ENGINE = {REPLICATED}ReplacingMergeTree
PARTITION BY toYYYYMM(t)
ORDER BY (stream_id, t, chart, rule, side, limits_id)
TTL written + toIntervalSecond({ROLLUPS_TTL_SECONDS})
SETTINGS {DEDUP_WINDOW} = 2000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS {DB}.limits {ON_CLUSTER}
(
	id String,
	stream_id UInt32,
	chart LowCardinality(String),
	from_t DateTime64(6, 'UTC'),
	centre Float64,
	sigma Float64,
	lcl Float64,
	ucl Float64,
	rules Array(UInt8),
	method LowCardinality(String),
	baseline_points Nullable(UInt32),
	baseline_excluded Nullable(UInt32),
	baseline_from Nullable(DateTime64(6, 'UTC')),
	baseline_to Nullable(DateTime64(6, 'UTC')),
	notes Array(String),
	lag1 Nullable(Float64)
)
ENGINE = {REPLICATED}ReplacingMergeTree
ORDER BY (stream_id, chart, from_t, id)
SETTINGS {DEDUP_WINDOW} = 2000, fsync_after_insert = 1, fsync_part_directory = 1;

-- `context` times are microseconds.
CREATE TABLE IF NOT EXISTS {DB}.violations {ON_CLUSTER}
(
	id String,
	stream_id UInt32,
	chart LowCardinality(String),
	rule LowCardinality(String),
	side LowCardinality(String),
	first_t DateTime64(6, 'UTC'),
	last_t DateTime64(6, 'UTC'),
	ended_t Nullable(DateTime64(6, 'UTC')),
	active Bool,
	severity LowCardinality(String),
	points UInt32,
	value Float64,
	centre Float64,
	sigma Float64,
	limits_id String,
	span_from DateTime64(6, 'UTC'),
	revision UInt64,
	historical Bool,
	context_before Array(Tuple(t Int64, v Float64)),
	context_at Array(Tuple(t Int64, v Float64)),
	context_after Array(Tuple(t Int64, v Float64)),
	context_complete Bool
)
ENGINE = {REPLICATED}ReplacingMergeTree(revision)
ORDER BY (stream_id, id)
SETTINGS {DEDUP_WINDOW} = 2000, fsync_after_insert = 1, fsync_part_directory = 1;
