import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { rounded, sharesMs, type Bench, type Figures } from './bench.ts';
import { cpuOf, cpuSince } from './cpu.ts';
import { feed, makeStreams, STREAMS } from './feed.ts';
import type { Readers, Received } from './live-clients.ts';
import { memoryOf } from './memory.ts';

const CLIENTS = 1000;
const RATE_HZ = 10;
const WARM_UP_SECONDS = 3;
const SECONDS = 20;
const PACE = { pointsPerPost: STREAMS, everyMs: 1000 / RATE_HZ, values: 'steady' } as const;
/** Individuals and their ranges. */
const CHARTS = 2;

export const clients: Bench = {
	name: 'clients',
	workload:
		`${CLIENTS} live readers of the same ${STREAMS} streams at ${RATE_HZ} Hz, binary, in a process of their own on the same ` +
		`cores; ${STREAMS} points without violations in one post every ${PACE.everyMs} ms for ${SECONDS} s, and before that the same without readers; ` +
		'core percent of the hub process by thread; latency from before the post to the arrival of a frame',
	run,
};

async function run(): Promise<Figures> {
	const product = await startProduct();
	const streams = await makeStreams(product);
	const without = await underLoad(product);
	const { port } = new URL(product.url);
	const opening = performance.now();
	const readers = await startReaders({
		port: Number(port),
		key: product.key,
		clients: CLIENTS,
		streams,
		rateHz: RATE_HZ,
		format: 'binary',
	});
	const openedMs = Math.round(performance.now() - opening);
	const memoryIdleMb = memoryOf(product.pid).main ?? 0;
	await feed(product, { ...PACE, seconds: WARM_UP_SECONDS });
	await readers.received();
	const { corePercent, points, ms } = await underLoad(product);
	await new Promise((resolve) => setTimeout(resolve, 500));
	const got = await readers.received();
	const memoryMb = memoryOf(product.pid).main ?? 0;
	readers.stop();
	await product.stop();
	removeFolder(product.dataFolder);
	return {
		hubCorePercent: corePercent,
		withoutReadersCorePercent: without.corePercent,
		readersCorePercent: rounded((got.cpuMs / ms) * 100),
		openedMs,
		framesPerSecond: rounded((got.frames / ms) * 1000),
		mbPerSecond: rounded(got.bytes / ms / 1000),
		pointsMissed: points * CHARTS - got.pointsOfOne[0],
		...sharesMs(got.latenciesMs),
		memoryIdleMb,
		memoryMb,
	};
}

async function underLoad(product: Product): Promise<{ corePercent: Figures; points: number; ms: number }> {
	const before = cpuOf(product.pid);
	const start = performance.now();
	const points = await feed(product, { ...PACE, seconds: SECONDS });
	const ms = performance.now() - start;
	const used = Object.entries(cpuSince(before, cpuOf(product.pid)));
	return {
		corePercent: Object.fromEntries(used.map(([name, cpuMs]) => [name, rounded((cpuMs / ms) * 100)])),
		points,
		ms,
	};
}

async function startReaders(options: Readers): Promise<{ received(): Promise<Received>; stop(): void }> {
	const child = fork(join(import.meta.dirname, 'live-clients.ts'), { stdio: 'inherit', serialization: 'advanced' });
	child.send(options);
	await answerOf(child);
	return {
		received() {
			const answer = answerOf<Received>(child);
			child.send('received');
			return answer;
		},
		stop: () => child.disconnect(),
	};
}

function answerOf<T>(child: ChildProcess): Promise<T> {
	return new Promise((resolve, reject) => {
		child.once('message', (message) => resolve(message as T));
		child.once('exit', (code) => reject(new Error(`the readers ended with ${code}`)));
	});
}
