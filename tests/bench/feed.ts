import type { ApiList, ApiStream } from '#contracts/api.ts';
import { sharesMs } from './bench.ts';
import type { Product } from '../product.ts';
import { until } from '../support/until.ts';

export const STREAMS = 48;
/** The load of the latency benches: 1,000 points a second. */
export const STEADY: Pace = { pointsPerPost: 20, everyMs: 20, seconds: 30, values: 'noise' };

const HISTORY_EVERY_MICROS = 100_000;

export const nowMicros = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

/**
 * Makes the streams.
 *
 * @param points that each has been measured before, 100 ms apart
 * @returns their ids
 */
export async function makeStreams(product: Product, points = 1): Promise<readonly string[]> {
	const start = nowMicros() - points * HISTORY_EVERY_MICROS;
	for (let n = 0; n < points; n++) {
		const at = { first: n * STREAMS, count: STREAMS, values: 'noise' } as const;
		await post(product, start + n * HISTORY_EVERY_MICROS, at);
	}
	return until(async () => {
		const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000');
		return items.length === STREAMS && items.map((stream) => stream.id);
	});
}

interface Post extends Pick<Pace, 'values'> {
	/** How many points were posted before. */
	readonly first: number;
	readonly count: number;
}

async function post(product: Product, micros: number, { first, count, values }: Post): Promise<void> {
	const lines = Array.from({ length: count }, (_, i) => {
		const at = first + i;
		return JSON.stringify({ stream: `bench/s${at % STREAMS}`, t: micros + i, v: valueAt(at, values) });
	});
	const response = await product.request('/api/v1/points', {
		method: 'POST',
		headers: { 'content-type': 'application/x-ndjson' },
		body: lines.join('\n'),
	});
	if (response.status !== 202) throw new Error(`posting: ${response.status} ${await response.text()}`);
	await response.body?.cancel();
}

/** What is posted: `pointsPerPost` points every `everyMs`, over the streams in turn. */
export interface Pace {
	readonly pointsPerPost: number;
	readonly everyMs: number;
	readonly seconds: number;
	/** Ends it sooner. */
	readonly signal?: AbortSignal;
	/** `noise` brings false alarms as a real process does; `steady` none. */
	readonly values: 'noise' | 'steady';
}

/** Steady: to and fro about the centre, within half a sigma, which no rule of the default plan minds. */
function valueAt(at: number, values: Pace['values']): number {
	if (values === 'noise') return 20 + Math.random();
	return 20 + (Math.floor(at / STREAMS) % 2 === 0 ? 1 : -1) * (0.5 + 0.1 * Math.random());
}

/** On time whatever the answers take: a slow server must not slow its own load. @returns how many points */
export async function feed(
	product: Product,
	{ pointsPerPost, everyMs, seconds, values, signal }: Pace,
): Promise<number> {
	const start = performance.now();
	const posts: Promise<void>[] = [];
	for (let n = 0; n * everyMs < seconds * 1000 && !signal?.aborted; n++) {
		const waitMs = start + n * everyMs - performance.now();
		if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
		posts.push(post(product, nowMicros(), { first: n * pointsPerPost, count: pointsPerPost, values }));
	}
	await Promise.all(posts);
	return posts.length * pointsPerPost;
}

export const summary = sharesMs;
