import { removeFolder, startProduct } from '../product.ts';
import { rounded, sharesMs, type Bench, type Figures } from './bench.ts';
import { counterOf, lookUntil } from './counters.ts';
import { cpuOf, cpuSince } from './cpu.ts';
import { memoryOf } from './memory.ts';
import type { Job } from './ingest-client.ts';
import { startSender } from './sender.ts';

const RATE = 100_000;
const SECONDS = 30;
const LOOK_EVERY_MS = 1000;
const LOAD: Omit<Job, 'url' | 'key'> = {
	...{
		surface: 'lines',
		name: 'steady',
		streams: 1000,
		rowsPerBatch: 1000,
		connections: 2,
		window: 1,
		values: 'noise',
	},
	...{ pointsPerSecond: RATE, points: RATE * SECONDS },
};

/** What it takes to keep up with a plant. */
export const steady: Bench = {
	name: 'steady',
	workload:
		`${RATE} points/s by line protocol over ${LOAD.streams} streams for ${SECONDS} s, ${LOAD.rowsPerBatch} a request, normal noise ` +
		'whose violations are opened, kept and stored; core percent and memory of all processes; how many points the store ' +
		'was behind, at most and at the end; an insert has as many rows as came during the one before',
	run,
};

async function run(): Promise<Figures> {
	const product = await startProduct({ env: { SIGMASCOPE_LOG_LEVEL: 'error' } });
	try {
		const sender = await startSender({ ...LOAD, url: product.url, key: product.key });
		const cpu = cpuOf(product.pid);
		const startMs = performance.now();
		const sending = sender.go();
		const looks: { readonly memoryMb: number; readonly behind: number }[] = [];
		const timer = setInterval(() => void look().then((one) => looks.push(one)), LOOK_EVERY_MS);
		const look = async () => ({
			memoryMb: memoryOf(product.pid).all ?? NaN,
			behind:
				(await counterOf(product, 'sigmascope_engine_points_total')) -
				(await counterOf(product, 'sigmascope_store_rows_total')),
		});
		const sent = await sending;
		const ms = performance.now() - startMs;
		clearInterval(timer);
		const used = cpuSince(cpu, cpuOf(product.pid));
		if (sent.refused > 0) throw new Error(`${sent.refused} points were refused`);
		await lookUntil(product, 'sigmascope_store_rows_total', sent.points);
		return {
			pointsPerSecond: rounded((sent.points / sent.ms) * 1000),
			corePercent: Object.fromEntries(Object.entries(used).map(([name, cpuMs]) => [name, rounded((cpuMs / ms) * 100)])),
			memoryMb: { ...memoryOf(product.pid), most: Math.max(...looks.map(({ memoryMb }) => memoryMb)) },
			storeBehindRows: { most: Math.max(...looks.map(({ behind }) => behind)), last: looks.at(-1)?.behind ?? NaN },
			ack: sharesMs(sent.latenciesMs),
		};
	} finally {
		await product.stop();
		removeFolder(product.dataFolder);
	}
}

if (import.meta.main) console.log(JSON.stringify(await run()));
