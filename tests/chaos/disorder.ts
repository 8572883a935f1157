import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiList, ApiPoints, ApiStream, ApiViolation } from '#contracts/api.ts';
import { createNormal, createRandom } from '#rules/testing/random.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { level } from '../support/level.ts';
import { until } from '../support/until.ts';
import { createClock } from './clock.ts';

/**
 * One series twice: as it was measured, and with every point displaced, a tenth of them sent again, while the clock of the whole
 * product steps by hours and days, and the store stopped in the midst of it. The stream of the second waits for older points, so
 * both have to come to the same.
 */
export interface DisorderResult {
	/** Statuses of the requests that were sent while the store was down. */
	readonly whileDown: readonly number[];
	readonly straight: Found;
	readonly disturbed: Found;
}

export interface Found {
	/** Stored points: times in order, with their values. */
	readonly points: readonly (readonly [t: number, v: number])[];
	readonly flagged: number;
	readonly violations: readonly string[];
}

const FIRST_MICROS = Date.UTC(2026, 0, 1) * 1000;
const BATCH = 400;
const PLACES = 6;
const TAIL = 16;
const CONFIG = 'streams:\n  - { match: { key: "disturbed/*" }, plan: { reorder: 20s, expect: 30s } }\n';
const HOUR_MS = 3_600_000;
const STEPS_MS = [HOUR_MS, 0, -HOUR_MS, -24 * HOUR_MS, 0];

interface Sent {
	readonly t: number;
	readonly v: number;
}

export async function runDisorder(options: {
	readonly points: number;
	readonly downMs: number;
	readonly seed: number;
}) {
	const dataFolder = tempFolder('disorder');
	const config = join(dataFolder, 'sigmascope.yaml');
	writeFileSync(config, CONFIG);
	const clock = createClock(dataFolder);
	const product = await startProduct({ dataFolder, env: { SIGMASCOPE_CONFIG: config, ...clock.env } });
	try {
		const series = seriesOf(options);
		await sendAll(product, 'straight/s', series);
		const sent = disturbed(series.slice(0, -TAIL), options.seed).concat(series.slice(-TAIL));
		const half = Math.ceil(sent.length / 2);
		const part = Math.ceil(half / STEPS_MS.length);
		for (const [i, offsetMs] of STEPS_MS.entries()) {
			await sendAll(product, 'disturbed/s', sent.slice(0, half).slice(i * part, (i + 1) * part));
			await clock.step(product, offsetMs);
		}
		const whileDown = await withoutStore(product, options.downMs, () =>
			sendAll(product, 'disturbed/s', sent.slice(half)),
		);
		const straight = await found(product, 'straight/s', series.length);
		return { whileDown, straight, disturbed: await found(product, 'disturbed/s', series.length) };
	} finally {
		await product.stop();
		removeFolder(dataFolder);
	}
}

/** Waves and outliers; then calm points far apart, each of which sets the ones before it free: the last one waits. */
function seriesOf({ points, seed }: { readonly points: number; readonly seed: number }): Sent[] {
	const normal = createNormal(seed);
	const random = createRandom(seed);
	const at = (i: number) => FIRST_MICROS + i * 1_000_000;
	const value = (i: number) => 20 + normal() + Math.sin(i / 70) + (random() < 0.005 ? 7 : 0);
	return [
		...Array.from({ length: points }, (_, i) => ({ t: at(i), v: Math.round(value(i) * 1000) / 1000 })),
		...Array.from({ length: TAIL }, (_, i) => ({ t: at(points + 1000 + i * 60), v: 20 + (i % 2) })),
	];
}

function disturbed(series: readonly Sent[], seed: number): Sent[] {
	const random = createRandom(seed + 1);
	return series
		.flatMap((one, i) =>
			random() < 0.1
				? [
						{ one, i },
						{ one, i },
					]
				: [{ one, i }],
		)
		.map(({ one, i }) => ({ one, place: i + random() * PLACES }))
		.sort((a, b) => a.place - b.place)
		.map(({ one }) => one);
}

async function sendAll(product: Product, stream: string, points: readonly Sent[]): Promise<number[]> {
	const statuses: number[] = [];
	for (let first = 0; first < points.length; first += BATCH) {
		const lines = points.slice(first, first + BATCH).map((point) => JSON.stringify({ stream, ...point }));
		const headers = { 'content-type': 'application/x-ndjson' };
		const response = await product.request('/api/v1/points', { method: 'POST', headers, body: lines.join('\n') });
		await response.body?.cancel();
		statuses.push(response.status);
	}
	return statuses;
}

/** Stopped, not killed: it neither answers nor refuses. */
async function withoutStore<T>(product: Product, downMs: number, act: () => Promise<T>): Promise<T> {
	const [pid] = await until(
		() => product.children('embedded/main.ts').length > 0 && product.children('embedded/main.ts'),
	);
	process.kill(pid!, 'SIGSTOP');
	const wakeAt = performance.now() + downMs;
	try {
		const result = await act();
		await until(() => performance.now() >= wakeAt, downMs + 60_000);
		return result;
	} finally {
		if (product.children('embedded/main.ts').includes(pid!)) process.kill(pid!, 'SIGCONT');
	}
}

async function found(product: Product, key: string, count: number): Promise<Found> {
	const { id } = await until(async () => {
		const { items } = await product.get<ApiList<ApiStream>>(`/api/v1/streams?key=${encodeURIComponent(key)}`);
		return items[0];
	});
	await level(product);
	const points = await until(async () => {
		const range = `from=${FIRST_MICROS}&to=${FIRST_MICROS + 1e12}`;
		const answer = await product.get<ApiPoints>(`/api/v1/streams/${id}/points?${range}`);
		return answer.t.length >= count && answer;
	}, 120_000);
	const violations: string[] = [];
	let cursor: string | null = '';
	while (cursor !== null) {
		const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
		const page: ApiList<ApiViolation> = await product.get(`/api/v1/violations?stream=${id}&limit=500${after}`);
		violations.push(...page.items.map(nameless));
		cursor = page.cursor;
	}
	return {
		points: points.t.map((t, i) => [t, points.v[i]!] as const),
		flagged: points.flags.filter((flags) => flags !== 0).length,
		violations: violations.sort(),
	};
}

/** Without what is a stream's own. */
function nameless({
	chart,
	rule,
	side,
	firstAt,
	lastAt,
	endedAt,
	points,
	value,
	centre,
	sigma,
	context,
}: ApiViolation) {
	return JSON.stringify({ chart, rule, side, firstAt, lastAt, endedAt, points, value, centre, sigma, context });
}
