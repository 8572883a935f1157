import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { planSchema } from '#contracts/plan.ts';
import type { Episode } from '#contracts/violation.ts';
import { createSqliteMetadata } from '#server/metadata/sqlite/metadata.ts';
import type { Metadata } from '#server/metadata/port.ts';
import { createRca } from '#server/rca/rca.ts';
import { startTestServer } from '#server/store/embedded/testing.ts';
import type { Store } from '#server/store/port.ts';
import { storeOf } from '#server/store/testing/store.ts';
import { rounded, sharesMs, type Bench, type Figures } from './bench.ts';
import { storedRows } from './rows.ts';

const ASSETS = 50;
const PER_ASSET = 20;
const POINTS = 50_000;
const EVERY_MICROS = 1_000_000;
const TIMES = 100;

export const rcaStored: Bench = {
	name: 'rca-stored',
	workload:
		`${(ASSETS * PER_ASSET * POINTS) / 1e6} million generated points of ${ASSETS * PER_ASSET} streams on ${ASSETS} machines in the embedded store; ${TIMES} analyses, each of a violation of ` +
		'another stream at another time, read and ranked as the API does, without HTTP and without a language model',
	onRequest: true,
	run,
};

async function run(): Promise<Figures> {
	const test = await startTestServer();
	const folder = await mkdtemp(join(tmpdir(), 'bench-rca-'));
	const nowMicros = Date.now() * 1000;
	const now = () => nowMicros;
	const store = storeOf(test.server, now);
	const metadata = await createSqliteMetadata({
		file: join(folder, 'metadata.db'),
		log: pino({ level: 'silent' }),
		now,
	});
	try {
		await store.migrate();
		const insertMs = await fill(store, metadata, nowMicros);
		const engine = { windows: () => [], limits: () => [] };
		const rca = createRca({
			...{ metadata, store, engine, now, registry: new Registry() },
			narrator: () => undefined,
			answerer: () => undefined,
			collectorsOf: () => [],
		});
		const took: number[] = [];
		for (let n = 0; n < TIMES; n++) {
			const streamId = 1 + ((n * 37) % (ASSETS * PER_ASSET));
			const found = await metadata.streams.get(streamId);
			const violation = {
				...episodeOf(streamId, nowMicros - (1000 + 400 * n) * EVERY_MICROS),
				state: 'open',
				cause: null,
				assignee: null,
			} as const;
			const start = performance.now();
			await rca.analysis({ violation, stream: found!.stream });
			took.push(performance.now() - start);
		}
		return {
			insertedPerSecond: rounded(((ASSETS * PER_ASSET * POINTS) / insertMs) * 1000),
			analysis: sharesMs(took),
			analysisP95Ms: p95(took),
		};
	} finally {
		await store.close();
		await metadata.close();
		await test.stop();
		await rm(folder, { recursive: true });
	}
}

const p95 = (values: readonly number[]) =>
	rounded(values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? NaN);

async function fill(store: Store, metadata: Metadata, nowMicros: number): Promise<number> {
	const plan = planSchema.parse({});
	const names = Array.from({ length: ASSETS * PER_ASSET }, (_, i) => ({
		asset: `machine-${Math.floor(i / PER_ASSET)}`,
		name: `v${i % PER_ASSET}`,
	}));
	await metadata.streams.ensure(
		names.map(({ asset, name }) => ({
			site: 'default',
			key: `${asset}/${name}`,
			labels: {},
			asset,
			kind: 'machine' as const,
			unit: '',
			plan,
		})),
	);
	const stretches = names.map((_, i) => ({ streamId: i + 1, points: POINTS, everyMicros: EVERY_MICROS }));
	const start = performance.now();
	let inserts = 0;
	for (const rows of storedRows(stretches, nowMicros)) await store.insertPoints({ token: `bench-${inserts++}`, rows });
	return performance.now() - start;
}

function episodeOf(streamId: number, firstMicros: number): Episode {
	return {
		...{
			id: `v${streamId}`,
			streamId,
			chart: 'i',
			rule: 1,
			side: 'above',
			severity: 'warning',
			active: false,
			historical: false,
		},
		...{ firstMicros, lastMicros: firstMicros, endedMicros: firstMicros + EVERY_MICROS, spanFromMicros: firstMicros },
		...{ points: 1, value: 4, centre: 0, sigma: 1, limitsId: 'none', revision: 1 },
		context: { before: [], at: [], after: [], complete: true },
	};
}
