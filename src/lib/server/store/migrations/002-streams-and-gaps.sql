-- Identity of each stream id, so that the store can be read, and restored, without the metadata database.
CREATE TABLE IF NOT EXISTS {DB}.streams {ON_CLUSTER}
(
	id UInt32,
	site LowCardinality(String),
	key String,
	labels Map(LowCardinality(String), String),
	asset String,
	kind LowCardinality(String),
	unit LowCardinality(String),
	written DateTime64(6, 'UTC')
)
ENGINE = {REPLICATED}ReplacingMergeTree(written)
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Stretches without a value. A gap that grew replaces what was known of it.
CREATE TABLE IF NOT EXISTS {DB}.gaps {ON_CLUSTER}
(
	stream_id UInt32,
	from_t DateTime64(6, 'UTC'),
	to_t DateTime64(6, 'UTC'),
	reason String,
	received DateTime64(6, 'UTC')
)
ENGINE = {REPLICATED}ReplacingMergeTree(to_t)
PARTITION BY toYYYYMM(from_t)
ORDER BY (stream_id, from_t, reason)
TTL toDateTime(received) + toIntervalSecond({ROLLUPS_TTL_SECONDS})
SETTINGS {DEDUP_WINDOW} = 2000, fsync_after_insert = 1, fsync_part_directory = 1;
