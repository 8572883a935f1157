import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ApiList, ApiStream, ApiViolation } from '#contracts/api.ts';
import { parseTime } from '#contracts/time.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { completed, parseScript, type FoundEpisode, type Script } from './script.ts';

const START_MICROS = Date.UTC(2026, 0, 1) * 1000;
const STEP_MICROS = 1_000_000;

/** One phase without missing points and with the rules' usual options: what a plan of the file can say. */
const isPlain = ({ stretches, options }: Script) =>
	stretches.length === 1 &&
	Object.keys(options).length === 0 &&
	stretches.every(({ sigma, values }) => sigma > 0 && values.every(Number.isFinite));

const scripts = readdirSync(import.meta.dirname)
	.filter((name) => name.endsWith('.spc'))
	.map((name) => ({
		name: name.replace('.spc', ''),
		script: parseScript(readFileSync(join(import.meta.dirname, name), 'utf8')),
	}))
	.filter(({ script }) => isPlain(script));

describe('golden scripts through the whole product', () => {
	const folder = tempFolder('golden');
	let product: Product;
	let streams: readonly ApiStream[];

	beforeAll(async () => {
		const file = join(folder, 'sigmascope.yaml');
		writeFileSync(file, JSON.stringify({ streams: scripts.map(planOf) }));
		product = await startProduct({ dataFolder: join(folder, 'data'), env: { SIGMASCOPE_CONFIG: file } });
		const body = scripts.flatMap(pointsOf).join('\n');
		const headers = { 'content-type': 'application/x-ndjson' };
		const response = await product.request('/api/v1/points', { method: 'POST', headers, body });
		expect(response.status, await response.text()).toBe(202);
		streams = await until(async () => {
			const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000');
			const judged = (one: ApiStream) => parseTime(one.last?.t) === timeOf(lengthOf(one.key) - 1);
			return items.length === scripts.length && items.every(judged) && items;
		});
	});
	afterAll(async () => {
		await product.stop();
		removeFolder(folder);
	});

	it('are most of them', () => expect(scripts.length).toBeGreaterThan(10));

	it.each(scripts)('$name: $script.title', async ({ name, script }) => {
		const id = streams.find((one) => one.key === `golden/${name}`)?.id;
		// An episode that goes on is told again at the next tick, not at every point.
		await vi.waitFor(
			async () => {
				const { items } = await product.get<ApiList<ApiViolation>>(`/api/v1/violations?stream=${id}&limit=500`);
				const found = items.filter(({ chart }) => chart === 'i').map(episodeOf);
				expect(inOrder(found)).toEqual(inOrder(completed(script, found)));
			},
			{ timeout: 20_000 },
		);
	});
});

const lengthOf = (key: string) =>
	scripts.find(({ name }) => key === `golden/${name}`)?.script.stretches[0]?.values.length ?? 0;
const timeOf = (index: number) => START_MICROS + index * STEP_MICROS;
const indexOf = (time: string) => ((parseTime(time) ?? NaN) - START_MICROS) / STEP_MICROS;

function planOf({ name, script }: (typeof scripts)[number]) {
	const { centre = 0, sigma = 1 } = script.stretches[0] ?? {};
	return { match: { key: `golden/${name}` }, plan: { rules: script.rules, baseline: { centre, sigma } } };
}

function pointsOf({ name, script }: (typeof scripts)[number]): string[] {
	const values = script.stretches[0]?.values ?? [];
	return values.map((v, index) => JSON.stringify({ stream: `golden/${name}`, t: timeOf(index), v }));
}

function episodeOf({ rule, side, firstAt, lastAt, spanFrom, context }: ApiViolation): FoundEpisode {
	const at = [indexOf(firstAt), indexOf(lastAt)] as const;
	return {
		rule: Number(rule),
		at,
		side,
		span: [indexOf(spanFrom), at[0]],
		context: [at[0] - context.before.length, at[1] + context.after.length],
	};
}

const inOrder = (episodes: readonly FoundEpisode[]) =>
	episodes.toSorted((a, b) => a.at[0] - b.at[0] || a.rule - b.rule || a.side.localeCompare(b.side));
