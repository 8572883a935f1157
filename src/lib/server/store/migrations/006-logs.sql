-- Lines of logs. What the sender did not say is the empty text, which no sender says. `seq` and `line` are the line's place in the
-- journal: with t they name it, so that a page goes on where the one before ended.
-- The index is over the expression that queries use: with a preprocessor in its place a query that does not read the index
-- compares with the text as it stands, and finds other rows (measured, 26.7).
CREATE TABLE IF NOT EXISTS {DB}.logs {ON_CLUSTER}
(
	site LowCardinality(String),
	t DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
	seq UInt64 CODEC(Delta, ZSTD(1)),
	line UInt32 CODEC(Delta, ZSTD(1)),
	source LowCardinality(String),
	severity LowCardinality(String),
	text String CODEC(ZSTD(1)),
	attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
	received DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
	INDEX by_word lowerUTF8(text) TYPE text(tokenizer = 'splitByNonAlpha')
)
ENGINE = {REPLICATED}MergeTree
PARTITION BY toYYYYMM(t)
ORDER BY (site, t, seq, line)
TTL toDateTime(received) + toIntervalSecond({LOGS_TTL_SECONDS})
SETTINGS {DEDUP_WINDOW} = 2000, fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 120;

-- Words that occur on a site, whatever in: what a word that occurs nowhere may have been meant to be.
CREATE TABLE IF NOT EXISTS {DB}.words {ON_CLUSTER}
(
	site LowCardinality(String),
	word String CODEC(ZSTD(1)),
	n UInt64
)
ENGINE = {REPLICATED}SummingMergeTree
ORDER BY (site, word)
SETTINGS {DEDUP_WINDOW} = 2000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS {DB}.words_of_logs {ON_CLUSTER} TO {DB}.words AS
SELECT
	logs.site AS site,
	arrayJoin(arrayFilter(w -> match(w, '^\\pL{4,24}$'), arrayDistinct(tokens(lowerUTF8(logs.text), 'splitByNonAlpha')))) AS word,
	count() AS n
FROM {DB}.logs
GROUP BY site, word;
