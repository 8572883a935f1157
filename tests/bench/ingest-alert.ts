import { WebSocket } from 'ws';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { rounded, sharesMs, type Bench } from './bench.ts';
import { nowMicros } from './feed.ts';
import { memoryOf } from './memory.ts';
import { startSender } from './sender.ts';

const BACKGROUND = {
	pointsPerSecond: 100_000,
	rowsPerBatch: 1000,
	connections: 2,
	streams: 1000,
	surface: 'lines',
	name: 'background',
	window: 1,
	values: 'noise',
} as const;
const PROBES = 200;
const EVERY_MS = 75;
const LEAD_MS = 3000;
const PROBE = 'probe/value';

/** From a point to the violation on a screen, while the hub has much else to do. */
export const ingestAlert: Bench = {
	name: 'ingest-alert',
	workload:
		`${PROBES} points beyond three sigma, one every ${EVERY_MS} ms, each posted by itself after one that ends the ` +
		'violation before; from the moment before the post to the moment that `violation.opened` has arrived at an open ' +
		`live socket. Beside it ${BACKGROUND.pointsPerSecond} points/s by line protocol over ${BACKGROUND.streams} streams ` +
		`in control, ${BACKGROUND.rowsPerBatch} a request, whose rules open violations all the time`,
	async run() {
		const product = await startProduct({ env: { SIGMASCOPE_LOG_LEVEL: 'error' } });
		try {
			const socket = await watchProbe(product);
			const points = (BACKGROUND.pointsPerSecond * (LEAD_MS + PROBES * EVERY_MS + 1000)) / 1000;
			const sender = await startSender({ ...BACKGROUND, url: product.url, key: product.key, points });
			const sent = sender.go();
			await new Promise((resolve) => setTimeout(resolve, LEAD_MS));
			const latencies = await probe(product, socket);
			const memoryMb = memoryOf(product.pid);
			const { latenciesMs, ms, refused, points: posted } = await sent;
			socket.close();
			if (refused > 0) throw new Error(`${refused} points were refused`);
			const pointsPerSecond = rounded((posted / ms) * 1000);
			return { event: sharesMs(latencies), background: { pointsPerSecond, ack: sharesMs(latenciesMs) }, memoryMb };
		} finally {
			await product.stop();
			removeFolder(product.dataFolder);
		}
	},
};

/** Makes the stream with known limits and opens a live socket on it. */
async function watchProbe(product: Product): Promise<WebSocket> {
	await post(product, 0);
	const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=10');
	const id = items.find(({ key }) => key === PROBE)?.id ?? '';
	const plan = { rules: [1], baseline: { centre: 0, sigma: 1 } };
	const changed = await product.request(`/api/v1/streams/${id}/plan`, {
		method: 'PUT',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(plan),
	});
	if (!changed.ok) throw new Error(`cannot set the plan: ${await changed.text()}`);
	const socket = new WebSocket(`${product.url.replace('http', 'ws')}/api/v1/live`, {
		headers: { authorization: `Bearer ${product.key}` },
	});
	await new Promise((resolve) => socket.once('open', resolve));
	socket.send(JSON.stringify({ hello: { streams: [id], rateHz: 10, format: 'binary' } }));
	await new Promise((resolve) => socket.once('message', resolve));
	return socket;
}

async function probe(product: Product, socket: WebSocket): Promise<number[]> {
	const latencies: number[] = [];
	let opened = (_atMs: number) => {};
	socket.on('message', (data: Buffer, isBinary: boolean) => {
		const atMs = performance.now();
		if (isBinary) return;
		const { event } = JSON.parse(data.toString()) as { event?: { type: string; violation: { chart: string } } };
		if (event?.type === 'violation.opened' && event.violation.chart === 'i') opened(atMs);
	});
	for (let n = 0; n < PROBES; n++) {
		const next = performance.now() + EVERY_MS;
		await post(product, 0.1);
		const heard = new Promise<number>((resolve) => (opened = resolve));
		const sinceMs = performance.now();
		await post(product, 9);
		latencies.push((await heard) - sinceMs);
		const waitMs = next - performance.now();
		if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
	}
	return latencies;
}

async function post(product: Product, v: number): Promise<void> {
	const response = await product.request('/api/v1/points', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify([{ stream: PROBE, t: nowMicros(), v }]),
	});
	if (response.status !== 202) throw new Error(`posting: ${response.status} ${await response.text()}`);
	await response.body?.cancel();
}

if (import.meta.main) console.log(JSON.stringify(await ingestAlert.run()));
