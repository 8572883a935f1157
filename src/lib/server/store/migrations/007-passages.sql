-- Passages of documents. Everything here can be made anew from the metadata, which says what editions there are: one that it does
-- not name is not shown. `terms` are cut and stemmed by us, with the heading's twice.
CREATE TABLE IF NOT EXISTS {DB}.passages {ON_CLUSTER}
(
	site LowCardinality(String),
	edition UInt32,
	passage UInt32,
	heading String CODEC(ZSTD(1)),
	page UInt32,
	text String CODEC(ZSTD(1)),
	terms Array(String) CODEC(ZSTD(1)),
	INDEX by_term terms TYPE text(tokenizer = 'array')
)
ENGINE = {REPLICATED}ReplacingMergeTree
ORDER BY (site, edition, passage)
SETTINGS {DEDUP_WINDOW} = 2000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS {DB}.words_of_passages {ON_CLUSTER} TO {DB}.words AS
SELECT
	passages.site AS site,
	arrayJoin(arrayFilter(w -> match(w, '^\\pL{4,24}$'), arrayDistinct(tokens(lowerUTF8(passages.text), 'splitByNonAlpha')))) AS word,
	count() AS n
FROM {DB}.passages
GROUP BY site, word;

-- Without an index of its own: the nearest of a hundred thousand are found exactly by looking at all, and one that is approximate
-- would look among the passages of every site before it knows whose they are.
CREATE TABLE IF NOT EXISTS {DB}.passage_vectors {ON_CLUSTER}
(
	model LowCardinality(String),
	site LowCardinality(String),
	edition UInt32,
	passage UInt32,
	vector Array(Float32)
)
ENGINE = {REPLICATED}ReplacingMergeTree
ORDER BY (model, site, edition, passage)
SETTINGS {DEDUP_WINDOW} = 2000, fsync_after_insert = 1, fsync_part_directory = 1;
