import { WebSocket } from 'ws';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import { chartCode } from '#contracts/chart.ts';
import { FRAME_HEADER_BYTES, FRAME_KIND, FRAME_POINT_BYTES, readFrameHeader, readFramePoint } from '#contracts/live.ts';
import { removeFolder, startProduct, TEST_KEY, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { memoryOf } from './memory.ts';

const STREAMS = 48;
const POINTS_PER_SECOND = 1000;
const EVERY_MS = 20;
const SECONDS = 30;
const RATE_HZ = 20;

/**
 * Workload: 1,000 points a second over 48 streams by HTTP (20 points every 20 ms), one reader of all 48 at 20 frames
 * a second; from the moment before a point is posted to the moment its frame has arrived.
 */
export async function liveLatency(): Promise<object> {
	const product = await startProduct();
	await post(product, Date.now() * 1000);
	const ids = await streamIds(product);
	const latencies: number[] = [];
	const socket = await readLive(product, ids, latencies);
	await feed(product);
	const memoryMb = memoryOf(product.pid);
	socket.close();
	await product.stop();
	removeFolder(product.dataFolder);
	latencies.sort((a, b) => a - b);
	const at = (share: number) => round(latencies[Math.floor(latencies.length * share)] ?? NaN);
	return {
		workload: `${POINTS_PER_SECOND} points/s over ${STREAMS} streams for ${SECONDS} s by HTTP, one reader at ${RATE_HZ} Hz`,
		points: latencies.length,
		p50Ms: at(0.5),
		p99Ms: at(0.99),
		maxMs: round(latencies.at(-1) ?? NaN),
		memoryMb,
	};
}

const round = (ms: number) => Math.round(ms * 10) / 10;

async function post(product: Product, nowMicros: number, first = 0, count = STREAMS): Promise<void> {
	const lines = Array.from({ length: count }, (_, i) =>
		JSON.stringify({ stream: `bench/s${(first + i) % STREAMS}`, t: nowMicros + i, v: 20 + Math.random() }),
	);
	const response = await product.request('/api/v1/points', {
		method: 'POST',
		headers: { 'content-type': 'application/x-ndjson' },
		body: lines.join('\n'),
	});
	if (response.status !== 202) throw new Error(`posting: ${response.status} ${await response.text()}`);
	await response.body?.cancel();
}

async function streamIds(product: Product): Promise<readonly string[]> {
	return until(async () => {
		const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000');
		return items.length === STREAMS && items.map((stream) => stream.id);
	});
}

function readLive(product: Product, streams: readonly string[], latencies: number[]): Promise<WebSocket> {
	const socket = new WebSocket(`${product.url.replace('http', 'ws')}/api/v1/live`, {
		headers: { authorization: `Bearer ${TEST_KEY}` },
	});
	socket.on('open', () => socket.send(JSON.stringify({ hello: { streams, rateHz: RATE_HZ, format: 'binary' } })));
	const individuals = chartCode('i');
	return new Promise((resolve) => {
		socket.on('message', (data: Buffer, isBinary) => {
			if (!isBinary) return resolve(socket);
			const nowMicros = (performance.timeOrigin + performance.now()) * 1000;
			const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
			const header = readFrameHeader(view);
			if (header.kind !== FRAME_KIND.points) return;
			for (let i = 0; i < header.count; i++) {
				const point = readFramePoint(view, FRAME_HEADER_BYTES + i * FRAME_POINT_BYTES);
				if (point.chart === individuals) latencies.push((nowMicros - point.tMicros) / 1000);
			}
		});
	});
}

/** On time whatever the answers take: a slow server must not slow its own load. */
async function feed(product: Product): Promise<void> {
	const perPost = (POINTS_PER_SECOND * EVERY_MS) / 1000;
	const start = performance.now();
	const posts: Promise<void>[] = [];
	for (let n = 0; n * EVERY_MS < SECONDS * 1000; n++) {
		const waitMs = start + n * EVERY_MS - performance.now();
		if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
		posts.push(post(product, Math.round((performance.timeOrigin + performance.now()) * 1000), n * perPost, perPost));
	}
	await Promise.all(posts);
}
