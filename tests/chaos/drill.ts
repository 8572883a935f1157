import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiList, ApiPoints, ApiStream, ApiViolation } from '#contracts/api.ts';
import { createRandom } from '#rules/testing/random.ts';
import { killIfThere, removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { level } from '../support/level.ts';
import { until } from '../support/until.ts';

/**
 * The kill -9 drill: a sender that never gives up and a collector feed a product whose processes are killed one after
 * the other under load. In the end what was acknowledged has to be stored exactly once, and the verdicts have to be
 * those of a run that nobody disturbed.
 */
export interface DrillResult {
	readonly kills: readonly Target[];
	readonly acknowledged: number;
	readonly lost: number;
	/** Points that are there twice, or that nobody sent. */
	readonly doubled: number;
	readonly violations: number;
	/** What one of the two runs has and the other does not; at most five, for the eye. */
	readonly differences: readonly string[];
}

export type Target = 'store' | 'collectors' | 'main' | 'everything';
const TARGETS: readonly Target[] = ['store', 'collectors', 'main', 'everything'];

const STREAMS = 8;
const POINTS_PER_STREAM = 60;
/** What was just killed has to come up again, on a machine that is busy with the drill. */
const PATIENCE_MS = 60_000;
const BATCHES_PER_ROUND = 12;
const CSV_ROWS_PER_ROUND = 3000;
/** Their violations have to be the same, too. */
const DERIVED = `derived:
  - { stream: drill/sum, value: s0 + s1 }
  - { stream: drill/together, t2: [s2, s3, s4] }
`;
const FIRST_MICROS = Date.UTC(2026, 0, 1) * 1000;
const STEP_MICROS = 1_000_000;

export async function runDrill(options: { readonly rounds: number; readonly seed: number }): Promise<DrillResult> {
	const plan = makePlan(options);
	const disturbed = await run(
		plan,
		Array.from({ length: options.rounds }, (_, i) => TARGETS[i % TARGETS.length] ?? 'main'),
	);
	const straight = await run(plan, []);
	return compare(plan, disturbed, straight);
}

interface Plan {
	readonly seed: number;
	readonly batches: readonly string[];
	/** What has to be stored in the end, by stream key. */
	readonly expected: ReadonlyMap<string, { readonly t: number[]; readonly v: number[] }>;
	readonly csv: string;
}

/** All values are made before the run: the same for both. */
function makePlan({ rounds, seed }: { readonly rounds: number; readonly seed: number }): Plan {
	const random = createRandom(seed);
	const expected = new Map<string, { t: number[]; v: number[] }>();
	const add = (key: string, t: number) => {
		const series = expected.get(key) ?? { t: [], v: [] };
		const v = Math.round((20 + gauss(random) + (random() < 0.004 ? 6 : 0) + drift(series.t.length)) * 1000) / 1000;
		series.t.push(t);
		series.v.push(v);
		expected.set(key, series);
		return { stream: key, t, v };
	};
	const batches = Array.from({ length: Math.max(1, rounds) * BATCHES_PER_ROUND }, (_, batch) =>
		Array.from({ length: STREAMS * POINTS_PER_STREAM }, (_, i) => {
			const nth = batch * POINTS_PER_STREAM + Math.floor(i / STREAMS);
			return JSON.stringify(add(`drill/s${i % STREAMS}`, FIRST_MICROS + nth * STEP_MICROS));
		}).join('\n'),
	);
	const rows = Array.from({ length: Math.max(1, rounds) * CSV_ROWS_PER_ROUND }, (_, nth) => {
		const { t, v } = add('drill/csv', FIRST_MICROS + nth * STEP_MICROS);
		return `${t / 1000},${v}`;
	});
	return { seed, batches, expected, csv: ['timestamp,value', ...rows].join('\n') };
}

/** A slow wave: runs on one side come and go, so that episodes open, grow and end all the time. */
const drift = (nth: number) => Math.sin(nth / 90) * 0.8;

interface Outcome {
	readonly kills: readonly Target[];
	readonly points: ReadonlyMap<string, ApiPoints>;
	readonly violations: ReadonlyMap<string, string>;
}

async function run(plan: Plan, kills: readonly Target[]): Promise<Outcome> {
	const dataFolder = tempFolder('drill');
	const env = configure(plan, dataFolder, kills.length);
	let product = await startProduct({ dataFolder, env });
	const port = Number(new URL(product.url).port);
	const sending = send(plan, () => product, kills.length > 0);
	for (const target of kills) {
		await sending.progress();
		product = await strike(target, product, () => startProduct({ dataFolder, env, port }));
	}
	sending.hurry();
	await sending.done;
	await settled(product, plan);
	const outcome = { kills, points: await readPoints(product, plan), violations: await readViolations(product) };
	await product.stop();
	removeFolder(dataFolder);
	return outcome;
}

function configure(plan: Plan, dataFolder: string, kills: number): Record<string, string> {
	const csv = join(dataFolder, 'drill.csv');
	const file = join(dataFolder, 'sigmascope.yaml');
	writeFileSync(csv, plan.csv);
	// Undisturbed it need not last; disturbed it has to be under way at every kill.
	const speed = kills > 0 ? '600' : 'max';
	writeFileSync(
		file,
		`collectors:\n  - { name: csv, type: replay, file: ${JSON.stringify(csv)}, stream: drill/csv, speed: ${speed}, as: original }\n${DERIVED}`,
	);
	return { SIGMASCOPE_CONFIG: file };
}

/** Sends every batch in order, each until it is acknowledged: what a careful client does. */
function send(plan: Plan, product: () => Product, paced: boolean) {
	let sent = 0;
	let hurried = !paced;
	const step = Promise.withResolvers<void>();
	let next = step;
	let allowed = paced ? BATCHES_PER_ROUND / 2 : Infinity;

	async function one(index: number): Promise<void> {
		await until(async () => {
			const response = await product()
				.request('/api/v1/points', {
					method: 'POST',
					headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': `drill-${index}` },
					body: plan.batches[index],
					signal: AbortSignal.timeout(5000),
				})
				.catch(() => undefined);
			await response?.body?.cancel();
			return response?.status === 202;
		}, PATIENCE_MS);
	}

	async function all(): Promise<void> {
		for (let index = 0; index < plan.batches.length; index++) {
			await one(index);
			sent++;
			if (sent >= allowed) next.resolve();
			// The load goes on through a kill, but must not run out before the last one.
			if (!hurried && sent >= allowed + BATCHES_PER_ROUND / 2)
				await until(() => hurried || sent < allowed + BATCHES_PER_ROUND / 2, PATIENCE_MS);
		}
		hurried = true;
		next.resolve();
	}
	return {
		done: all(),
		/** Resolves once half a round's batches more have been acknowledged. */
		async progress() {
			await next.promise;
			allowed = sent + BATCHES_PER_ROUND / 2;
			next = Promise.withResolvers<void>();
			if (hurried) next.resolve();
		},
		hurry: () => void (hurried = true),
	};
}

async function strike(target: Target, product: Product, restart: () => Promise<Product>): Promise<Product> {
	switch (target) {
		case 'store':
			await killChild(product, 'embedded/main.ts');
			return product;
		case 'collectors':
			await killChild(product, 'collectors/main.ts');
			return product;
		case 'everything':
			await product.kill();
			return restart();
		case 'main': {
			const orphans = [...product.children('embedded/main.ts'), ...product.children('collectors/main.ts')];
			killIfThere(product.pid);
			await until(() => orphans.every((pid) => !isThere(pid)));
			return restart();
		}
	}
}

/** Waits for it first: the supervisor may be about to start it again. */
async function killChild(product: Product, word: string): Promise<void> {
	const pids = await until(() => product.children(word).length > 0 && product.children(word));
	for (const pid of pids) killIfThere(pid);
}

function isThere(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

/** Everything sent has been judged, kept and stored. */
async function settled(product: Product, plan: Plan): Promise<void> {
	const wanted = plan.expected.get('drill/csv')?.t.at(-1) ?? 0;
	await until(async () => {
		const stream = (await streams(product)).find((one) => one.key === 'drill/csv');
		return stream?.last && Date.parse(stream.last.t) * 1000 === wanted;
	}, 180_000);
	await level(product, 180_000);
}

async function streams(product: Product): Promise<readonly ApiStream[]> {
	return (await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000')).items;
}

async function readPoints(product: Product, plan: Plan): Promise<Map<string, ApiPoints>> {
	const found = new Map<string, ApiPoints>();
	for (const stream of await streams(product)) {
		const want = plan.expected.get(stream.key)?.t.length ?? 0;
		const path = `/api/v1/streams/${stream.id}/points?from=${FIRST_MICROS}&to=${FIRST_MICROS + 1e12}`;
		found.set(
			stream.key,
			await until(async () => {
				const points = await product.get<ApiPoints>(path);
				return points.t.length >= want && points;
			}, PATIENCE_MS),
		);
	}
	return found;
}

/** By name, without ids: those count streams, and two sources name theirs in either order. */
async function readViolations(product: Product): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	let cursor: string | null = '';
	while (cursor !== null) {
		const page: ApiList<ApiViolation> = await product.get(
			`/api/v1/violations?limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
		);
		for (const { stream, chart, rule, side, firstAt, ...rest } of page.items) {
			const name = [stream.key, chart, rule, side, firstAt].join(' ');
			const { lastAt, endedAt, spanFrom, active, points, value, centre, sigma, context } = rest;
			found.set(name, JSON.stringify({ lastAt, endedAt, spanFrom, active, points, value, centre, sigma, context }));
		}
		cursor = page.cursor;
	}
	return found;
}

function compare(plan: Plan, disturbed: Outcome, straight: Outcome): DrillResult {
	let acknowledged = 0;
	let lost = 0;
	let doubled = 0;
	for (const [key, series] of plan.expected) {
		const { t = [], v = [] } = disturbed.points.get(key) ?? {};
		const stored = new Map(t.map((time, i) => [time, v[i]]));
		const kept = series.t.filter((time, i) => stored.get(time) === series.v[i]).length;
		acknowledged += series.t.length;
		lost += series.t.length - kept;
		doubled += t.length - kept;
	}
	const names = new Set([...disturbed.violations.keys(), ...straight.violations.keys()]);
	const differences = [...names]
		.filter((name) => disturbed.violations.get(name) !== straight.violations.get(name))
		.map((name) => `${name}: disturbed ${disturbed.violations.get(name)}, straight ${straight.violations.get(name)}`);
	return {
		kills: disturbed.kills,
		acknowledged,
		lost,
		doubled,
		violations: straight.violations.size,
		differences: differences.slice(0, 5),
	};
}

function gauss(random: () => number): number {
	return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
