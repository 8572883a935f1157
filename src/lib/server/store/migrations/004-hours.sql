-- One row per stream and hour, made from the minutes: a year of a stream is 8,760 rows. Rollups are exact: what is there
-- already is left out of an insert by its writer (queries/arrivals.ts).
CREATE TABLE IF NOT EXISTS {DB}.points_1h {ON_CLUSTER}
(
	stream_id UInt32 CODEC(Delta, ZSTD(1)),
	hour DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
	n SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
	v_min SimpleAggregateFunction(min, Float64) CODEC(ZSTD(1)),
	v_max SimpleAggregateFunction(max, Float64) CODEC(ZSTD(1)),
	v_sum SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
	v_sum_of_squares SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
	quality SimpleAggregateFunction(min, UInt8) CODEC(ZSTD(1)),
	flags SimpleAggregateFunction(groupBitOr, UInt8) CODEC(ZSTD(1)),
	received SimpleAggregateFunction(max, DateTime('UTC')) CODEC(DoubleDelta, ZSTD(1))
)
ENGINE = {REPLICATED}AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (stream_id, hour)
TTL received + toIntervalSecond({ROLLUPS_TTL_SECONDS})
SETTINGS {DEDUP_WINDOW} = 2000, fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 120;

-- Emptied first, so that a migration that was cut short is simply run again; nothing is written meanwhile.
TRUNCATE TABLE {DB}.points_1h {ON_CLUSTER};

INSERT INTO {DB}.points_1h
SELECT
	stream_id,
	toStartOfHour(points_1m.minute) AS hour,
	sum(points_1m.n),
	min(points_1m.v_min),
	max(points_1m.v_max),
	sum(points_1m.v_sum),
	sum(points_1m.v_sum_of_squares),
	min(points_1m.quality),
	groupBitOr(points_1m.flags),
	max(points_1m.received)
FROM {DB}.points_1m
GROUP BY stream_id, hour;

CREATE MATERIALIZED VIEW IF NOT EXISTS {DB}.points_1h_mv {ON_CLUSTER} TO {DB}.points_1h AS
SELECT
	stream_id,
	toStartOfHour(points.t) AS hour,
	count() AS n,
	min(points.v) AS v_min,
	max(points.v) AS v_max,
	sum(points.v) AS v_sum,
	sum(points.v * points.v) AS v_sum_of_squares,
	min(points.quality) AS quality,
	groupBitOr(points.flags) AS flags,
	max(toDateTime(points.received, 'UTC')) AS received
FROM {DB}.points
GROUP BY stream_id, hour;
