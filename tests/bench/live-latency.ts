import { WebSocket } from 'ws';
import { chartCode } from '#contracts/chart.ts';
import { FRAME_HEADER_BYTES, FRAME_KIND, FRAME_POINT_BYTES, readFrameHeader, readFramePoint } from '#contracts/live.ts';
import { removeFolder, startProduct, TEST_KEY, type Product } from '../product.ts';
import { sharesMs, type Bench, type Figures } from './bench.ts';
import { feed, makeStreams, nowMicros, STEADY, STREAMS } from './feed.ts';
import { memoryOf } from './memory.ts';

const RATE_HZ = 20;

export const liveLatency: Bench = {
	name: 'live-latency',
	workload:
		`1,000 points/s over ${STREAMS} streams for ${STEADY.seconds} s by HTTP (20 points every 20 ms), one reader ` +
		`of all at ${RATE_HZ} Hz; from the moment before a point is posted to the moment its frame has arrived`,
	run,
};

async function run(): Promise<Figures> {
	const product = await startProduct();
	const ids = await makeStreams(product);
	const latencies: number[] = [];
	const socket = await readLive(product, ids, latencies);
	await feed(product, STEADY);
	const memoryMb = memoryOf(product.pid);
	socket.close();
	await product.stop();
	removeFolder(product.dataFolder);
	return { ...sharesMs(latencies), memoryMb };
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
			const now = nowMicros();
			const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
			const header = readFrameHeader(view);
			if (header.kind !== FRAME_KIND.points) return;
			for (let i = 0; i < header.count; i++) {
				const point = readFramePoint(view, FRAME_HEADER_BYTES + i * FRAME_POINT_BYTES);
				if (point.chart === individuals) latencies.push((now - point.tMicros) / 1000);
			}
		});
	});
}
