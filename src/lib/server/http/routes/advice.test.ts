import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planSchema } from '#contracts/plan.ts';
import type { ApiAdvice } from '#contracts/api.ts';
import { createNormal } from '#rules/testing/random.ts';
import { encodeCommand } from '#contracts/command.ts';
import { encodeRowsRecord } from '#contracts/rows.ts';
import { createEvaluator } from '#server/engine/evaluator.ts';
import { predictedOfCounts } from '#server/http/answers/predicted-counts.ts';
import { adviceSchema } from '#server/http/schemas.ts';
import { pointsOf, startHub, type Hub } from '../testing/hub.ts';

let hub: Hub;

beforeAll(async () => {
	hub = await startHub({ plan: { severity: 'critical', reaction: ['Call the provider'] } });
	const normal = createNormal(1);
	await hub.write([
		...pointsOf(
			'latency',
			Array.from({ length: 1200 }, () => 200 * Math.exp(0.6 * normal())),
		),
		...pointsOf(
			'good',
			Array.from({ length: 400 }, (_, i) => (i % 20 === 7 ? 1 : 0)),
		),
		...pointsOf('new', [1, 2, 3]),
		...pointsOf('one', [1]),
	]);
});
afterAll(() => hub.stop());

const advice = async (key: string, query = '') =>
	adviceSchema.parse(await hub.get<ApiAdvice>(`/api/v1/streams/${await hub.streamId(key)}/advice${query}`));

describe('the advice for a skewed stream', () => {
	it('is a plan that knows of it, with reasons', async () => {
		const { plan } = await advice('latency');
		expect(plan).toMatchObject({ chart: 'ewma', transform: 'log' });
		expect(plan.reasons.join()).toContain('skewed');
	});
	it('says what it rests on', async () => {
		const { basedOn } = await advice('latency');
		expect(basedOn).toMatchObject({ points: 1000, intervalMs: 1000 });
		expect(Date.parse(basedOn.to ?? '') - Date.parse(basedOn.from ?? '')).toBe(999_000);
	});
	it('rests on as many points as asked for', async () =>
		expect((await advice('latency', '?points=400')).basedOn.points).toBe(400));
	it('says what the plan in force costs, by its rules', async () => {
		const { current } = await advice('latency');
		expect(current.predictedArl).toBeCloseTo(109.05, 1);
		expect(current.predictedFalsePerDay).toBeCloseTo(86_400 / 109.05, 0);
	});
	it('shows that the plan in force signals where the recommended one does not', async () => {
		const { preview, basedOn } = await advice('latency');
		expect(preview.current?.alarms).toBeGreaterThan(preview.recommended.alarms + 10);
		for (const t of preview.current?.at ?? []) expect(t).toBeGreaterThanOrEqual(Date.parse(basedOn.from ?? '') * 1000);
	});
	it('is a plan to put as it is, which keeps what a person wrote', async () => {
		const { apply } = await advice('latency');
		expect(planSchema.parse(apply)).toMatchObject({
			chart: 'auto',
			severity: 'critical',
			reaction: ['Call the provider'],
		});
	});
});

describe('the advice for a stream of good and bad units', () => {
	it('is a chart of shares, to put as it is', async () => {
		const { apply, plan } = await advice('good');
		expect(plan.reasons.join()).toContain('chart p');
		expect(planSchema.parse(apply)).toMatchObject({ chart: 'p', subgroup: { size: 100 }, severity: 'critical' });
	});
});

describe('what a chart of shares costs', () => {
	const plan = planSchema.parse({ chart: 'p', subgroup: { size: 20 }, rules: [1], baseline: { centre: 0.01 } });
	const evaluator = createEvaluator();
	const stream = { id: 1, site: 'a', key: 'error', labels: {}, asset: 'a', kind: 'llm', unit: '' } as const;
	const command = encodeCommand({ type: 'stream', stream, plan, planRevision: 1 });
	evaluator.evaluate({ topic: 'commands', seq: 1, bytes: command });
	const good = [{ stream: 1, tMicros: 1, v: 0, quality: 192 as const }];
	const points = encodeRowsRecord(good, { receivedMicros: 1, historical: false });
	const [verdict] = evaluator.evaluate({ topic: 'points', seq: 2, bytes: points });

	it('is told exactly, as its counts are distributed', () => {
		const limits = verdict?.type === 'limits' ? verdict.limits : undefined;
		const predicted = predictedOfCounts(plan, limits, 1000);
		// Two or more of twenty.
		const chance = 1 - 0.99 ** 20 - 20 * 0.01 * 0.99 ** 19;
		expect(predicted?.arl).toBeCloseTo(1 / chance, 6);
		expect(predicted?.falsePerDay).toBeCloseTo((86_400 / 20) * chance, 6);
		expect(predictedOfCounts({ ...plan, chart: 'p-prime' }, limits, 1000)).toBeNull();
	});
});

describe('the advice for a stream of few points', () => {
	it('says so', async () => expect((await advice('new')).advice[0]?.code).toBe('too-few-points'));
	it('of one point is nothing to apply', async () =>
		expect(await advice('one')).toMatchObject({ apply: null, plan: { predictedArl: null }, basedOn: { points: 1 } }));
});

describe('a question for advice', () => {
	const status = async (query: string) =>
		(await hub.request(`/api/v1/streams/${await hub.streamId('new')}/advice${query}`)).status;
	it('for more than 10,000 points is refused', async () => expect(await status('?points=10001')).toBe(400));
	it('with an unknown word is refused', async () => expect(await status('?colour=red')).toBe(400));
});
