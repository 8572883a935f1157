import type { ApiList, ApiStream } from '#contracts/api.ts';
import { removeFolder, startProduct, tempFolder } from '../product.ts';
import { until } from '../support/until.ts';
import type { Bench, Figures } from './bench.ts';
import { memoryOf } from './memory.ts';

const IDLE_MS = 30_000;

export const startUp: Bench = {
	name: 'start-up',
	workload:
		'the demo on an empty data folder, then the same again; from the start of the process to the first stream in control, ' +
		'then 30 s of demo for memory; installed and built before',
	run,
};

async function run(): Promise<Figures> {
	const dataFolder = tempFolder('bench');
	const env = { SIGMASCOPE_DEMO: '1' };
	const cold = await firstStream(dataFolder, env);
	await cold.product.stop();
	const warm = await firstStream(dataFolder, env);
	await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
	const memoryMb = memoryOf(warm.product.pid);
	await warm.product.stop();
	removeFolder(dataFolder);
	return { coldMs: cold.ms, warmMs: warm.ms, memoryMb };
}

async function firstStream(dataFolder: string, env: Record<string, string>) {
	const since = performance.now();
	const product = await startProduct({ dataFolder, env });
	await until(async () => {
		const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=100');
		return items.some((stream) => stream.state === 'in-control' || stream.state === 'violating');
	}, 60_000);
	return { product, ms: Math.round(performance.now() - since) };
}
