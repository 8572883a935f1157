import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeScenario, type Scenario } from '#collectors/simulator/scenario/scenario.ts';
import type { ApiAnalysis } from '#contracts/analysis.ts';
import type { ApiList, ApiViolation } from '#contracts/api.ts';
import { planSchema } from '#contracts/plan.ts';
import { startTestServer, type TestServer } from '#server/store/embedded/testing.ts';
import type { Store } from '#server/store/port.ts';
import { storeOf } from '#server/store/testing/store.ts';
import { createStoreWriter } from '#server/store/writer.ts';
import { until } from '#tests/support/until.ts';
import { startHub, type Hub } from '../testing/hub.ts';

const log = pino({ level: 'silent' });
const now = () => Date.now() * 1000;
/** So that the same scenario is the same however often it is asked for. */
const START = now() - 86_400_000_000;
const plan = planSchema.parse({ chart: 'i-mr', rules: [1, 2, 5, 6], baseline: { points: 100 } });
let folder: string;
let server: TestServer;
let store: Store;
let hub: Hub;

beforeAll(async () => {
	server = await startTestServer();
	folder = await mkdtemp(join(tmpdir(), 'analysis-'));
	store = storeOf(server.server, now);
	await store.migrate();
	hub = await startHub({ store, folder, planFor: () => ({ plan, source: null }) });
	const writer = createStoreWriter({ journal: hub.journal, store, partition: 0, log, registry: new Registry(), now });
	writer.start();
	await send(scenarioOf('material-change'));
	await send(scenarioOf('prompt-length-change'));
	await hub.engine.caughtUp();
	const { lastSeq } = await hub.journal.stats();
	await until(() => writer.position() >= lastSeq);
	await writer.stop();
});
afterAll(async () => {
	await hub.stop();
	await server.stop();
	await rm(folder, { recursive: true });
});

function scenarioOf(cause: 'material-change' | 'prompt-length-change'): Scenario {
	return makeScenario({ cause, seed: 4, size: 2, confounders: true, startMicros: START });
}

/** As a plant's own programs would send it. */
async function send({ streams, calls, events }: Scenario): Promise<void> {
	const points =
		calls.length > 0
			? []
			: streams.flatMap(({ key, unit, tMicros, v }) => tMicros.map((t, i) => ({ stream: key, unit, t, v: v[i] })));
	if (points.length > 0) await hub.write(points);
	if (calls.length > 0) await post('/api/v1/llm/calls', calls);
	for (const { fromMicros: from, ...event } of events) await post('/api/v1/events', { ...event, from });
}

async function post(path: string, body: unknown): Promise<Response> {
	const headers = { 'content-type': 'application/json' };
	const response = await hub.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
	if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
	return response;
}

/** The first one at or after the onset. */
async function violationOf({ focus, onsetMicros }: Scenario): Promise<ApiViolation> {
	const id = await hub.streamId(focus);
	return until(async () => {
		const { items } = await hub.get<ApiList<ApiViolation>>(`/api/v1/violations?stream=${id}&limit=1000`);
		return items.filter(({ firstAt }) => Date.parse(firstAt) * 1000 >= onsetMicros).at(-1);
	});
}

const analysisOf = ({ id }: ApiViolation) => hub.get<ApiAnalysis>(`/api/v1/violations/${id}/analysis`);

describe('the analysis of a violation', () => {
	it('of a machine finds the event, what moved with it, and names the cause', async () => {
		const answer = await analysisOf(await violationOf(scenarioOf('material-change')));
		expect(answer.hypotheses[0]?.cause).toBe('material-change');
		expect(new Set(answer.evidence.map(({ kind }) => kind))).toContain('event');
		expect([answer.narration, answer.similar, answer.passages]).toEqual([null, [], []]);
	});
	it('of a language model finds what changed about its calls', async () => {
		const answer = await analysisOf(await violationOf(scenarioOf('prompt-length-change')));
		expect(answer.hypotheses[0]?.cause).toBe('prompt-length-change');
		expect(answer.evidence.slice(0, 2).some(({ detail }) => detail.startsWith('Prompts went from'))).toBe(true);
	});
	it('cites queries that this API answers', async () => {
		const { evidence } = await analysisOf(await violationOf(scenarioOf('material-change')));
		const statuses = await Promise.all(
			evidence.map(async ({ query }) => (await hub.request(query.replace('GET ', ''))).status),
		);
		expect(new Set(statuses)).toEqual(new Set([200]));
	});
	it('of none is 404', async () => {
		expect((await hub.request('/api/v1/violations/none/analysis')).status).toBe(404);
		expect((await hub.request('/api/v1/violations/none/feedback', { method: 'POST' })).status).toBe(404);
	});
	it('has no words while no language model is configured, and says so', async () => {
		const { id } = await violationOf(scenarioOf('material-change'));
		const response = await hub.request(`/api/v1/analysis/narration?violation=${id}`, { method: 'POST' });
		expect(await response.text()).toBe('event: none\ndata: {"reason":"no language model is configured"}\n\n');
	});
});

describe('while the store cannot be reached', () => {
	it('an analysis is made of what the engine has in memory, and says what was not looked at', async () => {
		const away = await startHub({ planFor: () => ({ plan, source: null }) });
		onTestFinished(() => away.stop());
		const values = Array.from({ length: 160 }, (_, i) => Math.sin(i * i) + (i < 130 ? 0 : 9));
		await away.write(values.map((v, i) => ({ stream: 'alone/v', v, t: now() - (160 - i) * 1_000_000 })));
		const { items } = await until(async () => {
			const list = await away.get<ApiList<ApiViolation>>('/api/v1/violations');
			return list.items.length > 0 && list;
		});
		const answer = await away.get<ApiAnalysis>(`/api/v1/violations/${items.at(-1)?.id}/analysis`);
		expect(answer.evidence.map(({ detail }) => detail)).toContain(
			'Not looked at: points of before (the store cannot be reached).',
		);
		expect(answer.evidence.find(({ kind }) => kind === 'pattern')?.detail).toMatch(/step of/);
	});
});

describe('what people say of an analysis', () => {
	it('is taken, and a cause that is none is refused', async () => {
		const { id } = await violationOf(scenarioOf('material-change'));
		const path = `/api/v1/violations/${id}/feedback`;
		expect(await (await post(path, { verdict: 'up', cause: 'material-change' })).json()).toEqual({
			verdict: 'up',
			cause: 'material-change',
		});
		await expect(post(path, { verdict: 'up', cause: 'gremlins' })).rejects.toThrow(/400/);
		await expect(post(path, {})).rejects.toThrow(/verdict is missing/);
	});
	it('moves the order a little, and a resolved one is found as similar', async () => {
		const violation = await violationOf(scenarioOf('material-change'));
		const before = await analysisOf(violation);
		const share = ({ hypotheses }: ApiAnalysis) =>
			hypotheses.find(({ cause }) => cause === 'setpoint-change')?.score ?? 0;
		await post(`/api/v1/violations/${violation.id}/feedback`, { verdict: 'down', cause: 'setpoint-change' });
		const after = await analysisOf(violation);
		expect(share(after)).toBeGreaterThanOrEqual(share(before));
		expect(after.hypotheses[0]?.cause).toBe('material-change');
		const id = await hub.streamId(scenarioOf('material-change').focus);
		const { items } = await hub.get<ApiList<ApiViolation>>(`/api/v1/violations?stream=${id}&limit=1000`);
		// A step signals by one rule after the other.
		const later = items.findLast(({ firstAt }) => firstAt > violation.firstAt);
		if (!later) throw new Error('no second violation to compare with');
		await post(`/api/v1/violations/${violation.id}/resolve`, { cause: 'material-change' });
		expect((await analysisOf(later)).similar).toContain(violation.id);
	});
});
