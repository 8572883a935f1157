import { parseArgs } from 'node:util';
import { createBatch } from './batch.ts';
import { createDropDuplicates } from './duplicates.ts';
import { createLineReader } from './line-reader.ts';
import { createSeriesCache } from './series-cache.ts';

/**
 * How fast line protocol becomes rows: `node src/lib/server/ingest/lines.bench.ts [--series 1000] [--lines 200000]`.
 * Prints JSON; streams are known after the first body, as they are in a running hub.
 */
const { values } = parseArgs({ options: { series: { type: 'string' }, lines: { type: 'string' } } });
const series = Number(values.series ?? 1000);
const lines = Number(values.lines ?? 200_000);
const T = 1_700_000_000_000_000;
const ROUNDS = 5;

const body = new TextEncoder().encode(
	Array.from(
		{ length: lines },
		(_, i) =>
			`press,host=edge-${i % 7},line=line-${i % series} temperature=${(20 + Math.sin(i)).toFixed(4)},load=${i % 100}i ${T + i}000`,
	).join('\n'),
);

const ids = new Map<string, number>();
const cache = createSeriesCache();
const dropDuplicates = createDropDuplicates();
const registry = {
	find(site: string, key: string, labels: Readonly<Record<string, string>> = {}) {
		const name = JSON.stringify([key, labels]);
		const id = ids.get(name) ?? ids.size + 1;
		ids.set(name, id);
		return { id, site, key, labels, asset: '', kind: 'machine' as const, unit: '' };
	},
};

function round() {
	const batch = createBatch();
	const started = performance.now();
	const reader = createLineReader(body, { batch, registry, cache, site: 'a', precision: 'ns', nowMicros: T + 1e12 });
	while (reader.read(256 * 1024));
	const read = performance.now();
	const points = batch.rows.count;
	dropDuplicates(batch.rows);
	return { points, parseMs: read - started, dedupeMs: performance.now() - read, refused: batch.faults.length };
}

const rounds = Array.from({ length: ROUNDS }, round);
const best = rounds.toSorted((a, b) => a.parseMs - b.parseMs)[0];
const perSecond = (ms: number) => Math.round(((best?.points ?? 0) / ms) * 1000);
process.stdout.write(
	`${JSON.stringify({
		lines,
		streams: ids.size,
		bytes: body.length,
		pointsParsedPerSecond: perSecond(best?.parseMs ?? NaN),
		megabytesPerSecond: Math.round(body.length / 1e3 / (best?.parseMs ?? NaN)),
		pointsWithDuplicatesDroppedPerSecond: perSecond((best?.parseMs ?? NaN) + (best?.dedupeMs ?? NaN)),
		firstRoundMs: Math.round(rounds[0]?.parseMs ?? NaN),
		refused: best?.refused,
	})}\n`,
);
