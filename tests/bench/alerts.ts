import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startReceiver } from '#server/alerts/testing/receiver.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { rounded, sharesMs, type Bench } from './bench.ts';
import { nowMicros } from './feed.ts';
import { startSender } from './sender.ts';

const BACKGROUND = {
	pointsPerSecond: 10_000,
	rowsPerBatch: 1000,
	connections: 2,
	streams: 1000,
	surface: 'lines',
	name: 'background',
	window: 1,
	values: 'noise',
} as const;
const PROBES = 100;
const EVERY_MS = 150;
const LEAD_MS = 3000;
const PROBE = 'probe/value';
const BURST = 1000;
const BURST_MS = 10_000;
const GROUP_MS = 30_000;

/** From a point to the webhook that tells of it, and what a flood of violations makes of a group. */
export const alerts: Bench = {
	name: 'alerts',
	workload:
		`${PROBES} points beyond three sigma, one every ${EVERY_MS} ms, each after one that ends the violation before; from ` +
		'the moment before the post to the moment that the webhook has arrived (route without gathering). Beside it ' +
		`${BACKGROUND.pointsPerSecond} points/s of other streams, of which nobody is told. Then ${BURST} streams that violate ` +
		`within ${BURST_MS / 1000} s, to a route that gathers for ${GROUP_MS / 1000} s: messages within these`,
	async run() {
		const receiver = await startReceiver();
		const folder = tempFolder('bench-alerts');
		mkdirSync(folder, { recursive: true });
		const config = join(folder, 'sigmascope.yaml');
		writeFileSync(config, configOf(receiver.url));
		const product = await startProduct({
			dataFolder: join(folder, 'data'),
			env: { SIGMASCOPE_LOG_LEVEL: 'error', SIGMASCOPE_CONFIG: config },
		});
		try {
			const points = (BACKGROUND.pointsPerSecond * (LEAD_MS + PROBES * EVERY_MS)) / 1000;
			const sender = await startSender({ ...BACKGROUND, url: product.url, key: product.key, points });
			const sent = sender.go();
			await pause(LEAD_MS);
			const latencies = await probe(product, receiver.received);
			const { ms, points: posted } = await sent;
			const messages = await burst(product, receiver.received);
			const pointsPerSecond = rounded((posted / ms) * 1000);
			return { pointToWebhook: sharesMs(latencies), background: { pointsPerSecond }, burst: { messages } };
		} finally {
			await product.stop();
			await receiver.stop();
			removeFolder(folder);
		}
	},
};

function configOf(url: string): string {
	const hook = (path: string) => `channels: [{ type: webhook, url: "${url}/${path}" }]`;
	return `
alerts:
  routes:
    probe: { match: { stream: "${PROBE}" }, groupFor: 0s, groupBy: stream, on: [opened], ${hook('probe')} }
    burst: { match: { stream: "burst/*" }, groupFor: ${GROUP_MS / 1000}s, ${hook('burst')} }
streams:
  - { match: { key: "${PROBE}" }, plan: { rules: [1], baseline: { centre: 0, sigma: 1 } } }
  - { match: { key: "burst/*" }, plan: { rules: [1], baseline: { centre: 0, sigma: 1 } } }
`;
}

type Received = Awaited<ReturnType<typeof startReceiver>>['received'];

async function probe(product: Product, received: Received): Promise<number[]> {
	const latencies: number[] = [];
	for (let n = 0; n < PROBES; n++) {
		const next = performance.now() + EVERY_MS;
		await post(product, [{ stream: PROBE, t: nowMicros(), v: 0.1 }]);
		const before = received.length;
		const sinceMs = performance.now();
		await post(product, [{ stream: PROBE, t: nowMicros(), v: 9 }]);
		while (!received.slice(before).some(({ body }) => body.includes('"chart":"i"'))) await pause(1);
		const arrived = received.slice(before).find(({ body }) => body.includes('"chart":"i"'));
		latencies.push((arrived?.atMs ?? NaN) - sinceMs);
		await pause(Math.max(0, next - performance.now()));
	}
	return latencies;
}

/** @returns messages within the gathering time of the first one */
async function burst(product: Product, received: Received): Promise<number> {
	const at = () => received.filter(({ path }) => path === '/burst');
	const perStep = BURST / 20;
	for (let step = 0; step < 20; step++) {
		const streams = Array.from({ length: perStep }, (_, i) => `burst/s${step * perStep + i}`);
		await post(
			product,
			streams.map((stream) => ({ stream, t: nowMicros(), v: 9 })),
		);
		await pause(BURST_MS / 20);
	}
	await pause(GROUP_MS - BURST_MS);
	const first = at()[0]?.atMs ?? NaN;
	return at().filter(({ atMs }) => atMs < first + GROUP_MS - 1000).length;
}

async function post(product: Product, points: readonly object[]): Promise<void> {
	const response = await product.request('/api/v1/points', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(points),
	});
	if (response.status !== 202) throw new Error(`posting: ${response.status} ${await response.text()}`);
	await response.body?.cancel();
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) console.log(JSON.stringify(await alerts.run()));
