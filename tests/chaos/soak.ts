import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import { createNormal } from '#rules/testing/random.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { level } from '../support/level.ts';

/** A product under an even load for long: does anything grow that should not? */
export interface Sample {
	readonly second: number;
	/** Resident megabytes. */
	readonly hubMb: number;
	readonly storeMb: number;
	/** Open files of the hub. */
	readonly files: number;
	/** 99th percentile of the delay of the hub's event loop. */
	readonly delayMs: number;
	/** Active parts of all tables of the store. */
	readonly parts: number;
}
export type Held = Exclude<keyof Sample, 'second'>;

const STREAMS = 200;
const POINTS_PER_POST = 1000;
const POSTS_PER_SECOND = 10;
const SAMPLE_EVERY_MS = 5000;
/** Windows of 2,000 points are full after 40 s; code is compiled, caches and pools have their sizes. */
const WARM_UP_SHARE = 0.4;
const CONFIG = `derived:
  - stream: "m/sum"
    value: '"v0" + "v1"'
  - stream: "m/together"
    t2: [v2, v3, v4]
`;

export async function runSoak(minutes: number): Promise<readonly Sample[]> {
	const folder = tempFolder('soak');
	const config = join(folder, 'sigmascope.yaml');
	writeFileSync(config, CONFIG);
	const product = await startProduct({ dataFolder: join(folder, 'data'), env: { SIGMASCOPE_CONFIG: config } });
	const end = performance.now() + minutes * 60_000;
	const samples: Sample[] = [];
	try {
		const reading = read(product, end);
		const sending = send(product, end);
		for (const start = performance.now(); performance.now() < end;) {
			await delay(SAMPLE_EVERY_MS);
			samples.push(await sample(product, (performance.now() - start) / 1000));
		}
		await Promise.all([sending, reading]);
		await level(product);
		return samples;
	} finally {
		await product.stop();
		removeFolder(folder);
	}
}

async function send(product: Product, end: number): Promise<void> {
	const normal = createNormal(1);
	let nth = 0;
	const first = Date.now() * 1000 - 60e6;
	for (let at = performance.now(); at < end; at += 1000 / POSTS_PER_SECOND) {
		await delay(Math.max(0, at - performance.now()));
		const lines = Array.from({ length: POINTS_PER_POST }, () => {
			const t = first + Math.floor(nth / STREAMS) * (1e6 / (POSTS_PER_SECOND * (POINTS_PER_POST / STREAMS)));
			return `m v${nth++ % STREAMS}=${normal()} ${t}`;
		});
		const response = await product.request('/api/v2/write?precision=us', { method: 'POST', body: lines.join('\n') });
		await response.body?.cancel();
		if (response.status !== 204) throw new Error(`points are answered with ${response.status}`);
	}
}

/** What pages ask for, once a second. */
async function read(product: Product, end: number): Promise<void> {
	for (let nth = 0; performance.now() < end; nth++) {
		await delay(1000);
		const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=500');
		const stream = items[nth % items.length];
		if (stream === undefined) continue;
		for (const path of [`streams/${stream.id}/points?last=500`, `violations?stream=${stream.id}&limit=50`])
			await (await product.request(`/api/v1/${path}`)).arrayBuffer();
	}
}

async function sample(product: Product, second: number): Promise<Sample> {
	const [store = 0] = product.children('embedded/main.ts');
	const metrics = await (await product.request('/metrics')).text();
	const { store: sizes } = await product.get<{ store: { parts: number } | null }>('/api/v1/system');
	return {
		second: Math.round(second),
		hubMb: rssMb(product.pid),
		storeMb: rssMb(store),
		files: readdirSync(`/proc/${product.pid}/fd`).length,
		delayMs: 1000 * Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(metrics)?.[1]),
		parts: sizes?.parts ?? NaN,
	};
}

function rssMb(pid: number): number {
	return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/**
 * How much something grew from the end of the warm-up to the end, by the median of the slopes between all pairs of samples
 * (Theil and Sen): a collection of garbage or a merge here and there does not move it.
 */
export function growth(samples: readonly Sample[], of: Held): number {
	const warm = samples.slice(Math.ceil(samples.length * WARM_UP_SHARE)).filter((one) => Number.isFinite(one[of]));
	const slopes = warm.flatMap((a, i) => warm.slice(i + 1).map((b) => (b[of] - a[of]) / (b.second - a.second)));
	const median = slopes.sort((a, b) => a - b)[Math.floor(slopes.length / 2)] ?? NaN;
	return median * (warm.at(-1)!.second - warm[0]!.second);
}
