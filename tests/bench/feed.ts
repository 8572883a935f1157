import type { ApiList, ApiStream } from '#contracts/api.ts';
import { sharesMs } from './bench.ts';
import type { Product } from '../product.ts';
import { until } from '../support/until.ts';

/** The load of the latency benches. */
export const STREAMS = 48;
export const POINTS_PER_SECOND = 1000;
export const SECONDS = 30;
const EVERY_MS = 20;

export const nowMicros = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

/** Makes the streams. @returns their ids */
export async function makeStreams(product: Product): Promise<readonly string[]> {
	await post(product, nowMicros(), { first: 0, count: STREAMS });
	return until(async () => {
		const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000');
		return items.length === STREAMS && items.map((stream) => stream.id);
	});
}

async function post(
	product: Product,
	micros: number,
	{ first, count }: { first: number; count: number },
): Promise<void> {
	const lines = Array.from({ length: count }, (_, i) =>
		JSON.stringify({ stream: `bench/s${(first + i) % STREAMS}`, t: micros + i, v: 20 + Math.random() }),
	);
	const response = await product.request('/api/v1/points', {
		method: 'POST',
		headers: { 'content-type': 'application/x-ndjson' },
		body: lines.join('\n'),
	});
	if (response.status !== 202) throw new Error(`posting: ${response.status} ${await response.text()}`);
	await response.body?.cancel();
}

/** On time whatever the answers take: a slow server must not slow its own load. */
export async function feed(product: Product): Promise<void> {
	const count = (POINTS_PER_SECOND * EVERY_MS) / 1000;
	const start = performance.now();
	const posts: Promise<void>[] = [];
	for (let n = 0; n * EVERY_MS < SECONDS * 1000; n++) {
		const waitMs = start + n * EVERY_MS - performance.now();
		if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
		posts.push(post(product, nowMicros(), { first: n * count, count }));
	}
	await Promise.all(posts);
}

export const summary = sharesMs;
