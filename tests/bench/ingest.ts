import type { ApiList, ApiStream } from '#contracts/api.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { type Bench, type Figures, profiled, rounded, sharesMs } from './bench.ts';
import { lookUntil } from './counters.ts';
import { cpuOf, cpuSince } from './cpu.ts';
import type { Job, Sent } from './ingest-client.ts';
import { memoryOf } from './memory.ts';
import { startSender } from './sender.ts';

type Work = Omit<Job, 'url' | 'key' | 'name'>;

const HTTP = { streams: 1000, rowsPerBatch: 5000, connections: 2, window: 1, values: 'noise' } as const;
const COLLECT = { ...HTTP, streams: 500, window: 8, surface: 'collect', points: 5_000_000 } as const;
const CASES: Readonly<Record<string, Work>> = {
	lines: { ...HTTP, surface: 'lines', points: 3_000_000 },
	linesQuiet: { ...HTTP, surface: 'lines', points: 3_000_000, values: 'quiet' },
	linesGzip: { ...HTTP, surface: 'lines-gzip', points: 3_000_000 },
	ndjson: { ...HTTP, surface: 'ndjson', points: 1_000_000 },
	json: { ...HTTP, surface: 'json', points: 1_000_000 },
	collect: COLLECT,
	collectQuiet: { ...COLLECT, values: 'quiet' },
};
const SAMPLED_STREAMS = 20;

/** The speed of every way in. A count that does not agree is an error: a speed with points lost is none. */
export const ingest: Bench = {
	name: 'ingest',
	workload:
		'the whole product, its store included, on an empty data folder for each surface; the sender is a process of its ' +
		'own on the same cores. 1,000 streams in turns, 5,000 points a request, 2 connections with one request (collect: 8 ' +
		'batches) under way; 3 M points as lines, 1 M as JSON, 5 M as batches. Values: normal noise in control, where ' +
		'rules 1 2 5 6 open a violation about every hundred points; `Quiet`: no rule fires. CPU is until all is stored',
	async run() {
		const figures: Record<string, Figures> = {};
		for (const [name, work] of Object.entries(CASES)) figures[name] = await measure(name, work);
		return figures;
	},
};

async function measure(name: string, work: Work): Promise<Figures> {
	const env = { SIGMASCOPE_LOG_LEVEL: 'error', ...profiled(name) };
	const product = await startProduct({ dataFolder: tempFolder('bench'), env });
	try {
		const sender = await startSender({ ...work, url: product.url, key: product.key, name });
		const cpu = cpuOf(product.pid);
		const startMs = performance.now();
		const sent = await sender.go();
		const ackedMs = performance.now() - startMs;
		if (sent.refused > 0) throw new Error(`${name}: ${sent.refused} points were refused`);
		const judgedMs = await lookUntil(product, 'sigmascope_engine_points_total', sent.points);
		const memoryMb = memoryOf(product.pid);
		const storedMs = await lookUntil(product, 'sigmascope_store_rows_total', sent.points);
		const perSecond = (ms: number) => rounded((sent.points / ms) * 1000);
		await checkCounts(product, sent.points);
		return {
			acknowledgedPerSecond: perSecond(ackedMs),
			judgedPerSecond: perSecond(judgedMs - startMs),
			storedPerSecond: perSecond(storedMs - startMs),
			ack: sharesMs(sent.latenciesMs),
			cpuMsPerMillionPoints: cpuPerMillion({ ...cpuSince(cpu, cpuOf(product.pid)), sender: sent.cpuMs }, sent),
			memoryMb,
		};
	} finally {
		await product.stop();
		removeFolder(product.dataFolder);
	}
}

function cpuPerMillion(times: Readonly<Record<string, number>>, { points }: Sent): Figures {
	return Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, rounded((ms / points) * 1e6)]));
}

/** What the API has of some of the streams is what they were sent. */
async function checkCounts(product: Product, points: number): Promise<void> {
	const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000');
	const sample = items.filter((_, i) => i % Math.ceil(items.length / SAMPLED_STREAMS) === 0);
	for (const { id, key } of sample) {
		const { t } = await product.get<{ t: number[] }>(`/api/v1/streams/${id}/points?from=2020-01-01T00:00:00Z`);
		if (t.length !== points / items.length)
			throw new Error(`${key} has ${t.length} points of ${points / items.length} acknowledged ones`);
	}
}

if (import.meta.main)
	for (const name of process.argv.slice(2)) console.log(name, JSON.stringify(await measure(name, CASES[name]!)));
