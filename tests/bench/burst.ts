import { removeFolder, startProduct } from '../product.ts';
import { rounded, type Bench, type Figures } from './bench.ts';
import { counterOf, lookUntil } from './counters.ts';
import { cpuOf, cpuSince } from './cpu.ts';
import type { Job } from './ingest-client.ts';
import { memoryOf } from './memory.ts';
import { startSender } from './sender.ts';

const POINTS = 5_000_000;
const BURST: Omit<Job, 'url' | 'key'> = {
	...{ surface: 'collect', name: 'burst', streams: 500, rowsPerBatch: 5000, connections: 2, window: 8 },
	...{ values: 'noise', points: POINTS },
};

/** What a plant sends that was cut off for a while. */
export const burst: Bench = {
	name: 'burst',
	workload:
		`${POINTS / 1e6} M points of 1,000 streams by the collect protocol as fast as they are taken, normal noise whose violations ` +
		'are opened, kept and stored; how many points were behind when the last one was acknowledged, how long until each ' +
		'reader was level, and the rates over all of it; CPU until all is stored',
	run,
};

async function run(): Promise<Figures> {
	const product = await startProduct({ env: { SIGMASCOPE_LOG_LEVEL: 'error' } });
	try {
		const sender = await startSender({ ...BURST, url: product.url, key: product.key });
		const cpu = cpuOf(product.pid);
		const startMs = performance.now();
		const sent = await sender.go();
		const ackedMs = performance.now();
		if (sent.refused > 0) throw new Error(`${sent.refused} points were refused`);
		const stored = await counterOf(product, 'sigmascope_store_rows_total');
		const judged = await counterOf(product, 'sigmascope_engine_points_total');
		const judgedMs = await lookUntil(product, 'sigmascope_engine_points_total', sent.points);
		const memoryMb = memoryOf(product.pid);
		const storedMs = await lookUntil(product, 'sigmascope_store_rows_total', sent.points);
		const used = Object.entries(cpuSince(cpu, cpuOf(product.pid)));
		const perSecond = (ms: number) => rounded((sent.points / (ms - startMs)) * 1000);
		return {
			engine: { behindRows: sent.points - judged, levelAfterMs: rounded(judgedMs - ackedMs) },
			store: { behindRows: sent.points - stored, levelAfterMs: rounded(storedMs - ackedMs) },
			acknowledgedPerSecond: perSecond(ackedMs),
			judgedPerSecond: perSecond(judgedMs),
			storedPerSecond: perSecond(storedMs),
			cpuMsPerMillionPoints: Object.fromEntries(used.map(([name, ms]) => [name, rounded((ms / sent.points) * 1e6)])),
			memoryMb,
		};
	} finally {
		await product.stop();
		removeFolder(product.dataFolder);
	}
}

if (import.meta.main) console.log(JSON.stringify(await run()));
