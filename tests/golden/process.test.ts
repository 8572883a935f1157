import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ApiList, ApiStream, ApiViolation } from '#contracts/api.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { parseTime } from '#contracts/time.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';
import { parseChartScript } from './chart-script.ts';
import { expectAnswer, type GoldenAnswer } from './expect-answer.ts';
import { parseLiveScript, type LiveScript } from './live-script.ts';
import {
	completed,
	documentOf,
	episodesOf,
	parseScript,
	signalsOf,
	valuesOfScript,
	type FoundEpisode,
	type Script,
} from './script.ts';

const START_MICROS = Date.UTC(2026, 0, 1) * 1000;
const STEP_MICROS = 1_000_000;

/** One phase without missing points and with the rules' usual options: what a plan of the file can say. */
const isPlain = ({ stretches, options }: Script) =>
	stretches.length === 1 &&
	Object.keys(options).length === 0 &&
	stretches.every(({ sigma, values }) => sigma > 0 && values.every(Number.isFinite));

const allScripts = readdirSync(import.meta.dirname)
	.filter((name) => name.endsWith('.spc'))
	.map((name) => ({
		name: name.replace('.spc', ''),
		script: parseScript(readFileSync(join(import.meta.dirname, name), 'utf8')),
	}));
const scripts = allScripts.filter(({ script }) => isPlain(script));
const chartFolder = join(import.meta.dirname, 'charts');
const chartScripts = readdirSync(chartFolder).map((name) =>
	parseChartScript(readFileSync(join(chartFolder, name), 'utf8')),
);

const liveFolder = join(import.meta.dirname, 'live');
const liveScripts = readdirSync(liveFolder).map((name) => ({
	name: name.replace('.spc', ''),
	script: parseLiveScript(readFileSync(join(liveFolder, name), 'utf8')),
}));

/** By key: the plan, and a value a second. */
const sources = new Map<string, Pick<LiveScript, 'plan' | 'values'>>();
for (const { name, script } of scripts)
	sources.set(`golden/${name}`, { plan: planOf(script), values: script.stretches[0]?.values ?? [] });
for (const { name, script } of liveScripts) {
	// Before what looks at it: what is there first is judged first.
	if (script.parts.length > 0) sources.set(`live/${name}/part`, { plan: { rules: 'none' }, values: script.parts });
	sources.set(`live/${name}`, script);
}

describe('golden scripts through the whole product', () => {
	const folder = tempFolder('golden');
	let product: Product;
	let streams: readonly ApiStream[];

	beforeAll(async () => {
		const file = join(folder, 'sigmascope.yaml');
		const rules = Array.from(sources, ([key, { plan }]) => ({ match: { key }, plan }));
		writeFileSync(file, JSON.stringify({ streams: rules }));
		product = await startProduct({ dataFolder: join(folder, 'data'), env: { SIGMASCOPE_CONFIG: file } });
		const lines = Array.from(sources, ([key, { values }]) => pointsOf(key, values)).flat();
		const body = lines
			.toSorted((a, b) => a.t - b.t)
			.map((line) => JSON.stringify(line))
			.join('\n');
		const headers = { 'content-type': 'application/x-ndjson' };
		const response = await product.request('/api/v1/points', { method: 'POST', headers, body });
		expect(response.status, await response.text()).toBe(202);
		streams = await until(async () => {
			const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1000');
			const judged = (one: ApiStream) => parseTime(one.last?.t) === timeOf(lengthOf(one.key) - 1);
			return items.length === sources.size && items.every(judged) && items;
		});
	});
	afterAll(async () => {
		await product.stop();
		removeFolder(folder);
	});

	/** What no stream's plan can say: options, phases, missing values, charts that need more than a value. */
	const analyzed = async <T>(document: object): Promise<T> => {
		const headers = { 'content-type': 'application/json' };
		const body = JSON.stringify(document);
		const response = await product.request('/api/v1/spc/analyze', { method: 'POST', headers, body });
		expect(response.status).toBe(200);
		return (await response.json()) as T;
	};
	it.each(allScripts)('analysed over HTTP: $script.title', async ({ script }) => {
		const answer = await analyzed<Parameters<typeof signalsOf>[0]>(documentOf(script));
		const found = episodesOf(signalsOf(answer), valuesOfScript(script).length);
		expect(inOrder(found)).toEqual(inOrder(completed(script, found)));
	});
	it.each(chartScripts)('analysed over HTTP: $title', async (script) =>
		expectAnswer(script, await analyzed<GoldenAnswer>(script.document)),
	);

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

	it.each(liveScripts)('$name: $script.title', async ({ name, script }) => {
		const id = streams.find((one) => one.key === `live/${name}`)?.id;
		await vi.waitFor(
			async () => {
				const { items } = await product.get<ApiList<ApiViolation>>(`/api/v1/violations?stream=${id}&limit=500`);
				expect(items.map(liveEpisodeOf).toSorted(byPlace)).toEqual(
					script.expected.map((one) => expect.objectContaining(one)),
				);
			},
			{ timeout: 20_000 },
		);
	});
});

const lengthOf = (key: string) => sources.get(key)?.values.length ?? 0;
const timeOf = (index: number) => START_MICROS + index * STEP_MICROS;
const indexOf = (time: string) => ((parseTime(time) ?? NaN) - START_MICROS) / STEP_MICROS;

function planOf({ stretches, rules }: Script): PlanInput {
	const { centre = 0, sigma = 1 } = stretches[0] ?? {};
	return { rules: [...rules], baseline: { centre, sigma } };
}

function pointsOf(key: string, values: readonly number[]) {
	const bad = { v: 0, quality: 0 };
	return values.map((v, index) => ({ stream: key, t: timeOf(index), ...(Number.isNaN(v) ? bad : { v }) }));
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

function liveEpisodeOf({ chart, rule, side, firstAt, lastAt, spanFrom }: ApiViolation) {
	const at = [indexOf(firstAt), indexOf(lastAt)] as const;
	return { chart, rule: String(rule), side, at, span: [indexOf(spanFrom), at[0]] };
}

const byPlace = (a: ReturnType<typeof liveEpisodeOf>, b: ReturnType<typeof liveEpisodeOf>) =>
	a.at[0] - b.at[0] || a.chart.localeCompare(b.chart);

const inOrder = (episodes: readonly FoundEpisode[]) =>
	episodes.toSorted((a, b) => a.at[0] - b.at[0] || a.rule - b.rule || a.side.localeCompare(b.side));
