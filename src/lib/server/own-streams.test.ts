import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import { DEFAULT_PLAN, planSchema } from '#contracts/plan.ts';
import { until } from '#tests/support/until.ts';
import { createPlanFor } from './config/plan-for.ts';
import { startHub, type Hub } from './http/testing/hub.ts';
import { createOwnStreams, withOwnPlan } from './own-streams.ts';
import { createOwnValues } from './own-values.ts';
import { createRates } from './rates.ts';

describe('the plan of our own streams', () => {
	const planFor = withOwnPlan(createPlanFor([]));
	const name = { key: 'store/storing-time', labels: {}, kind: 'machine' } as const;
	it('is one that their baseline recommends, and no more than informs', () =>
		expect(planFor({ ...name, site: 'sigmascope' }).plan).toMatchObject({ chart: 'auto', severity: 'info' }));
	it('expects no interval: a server that was stopped is no violation', () =>
		expect(planFor({ ...name, site: 'sigmascope' }).plan.expect).toBeUndefined());
	it('is not that of a plant', () => expect(planFor({ ...name, site: 'plant-a' }).plan).toEqual(DEFAULT_PLAN));
	it('may be another one by the file', () => {
		const rule = { match: { key: 'store/*', labels: {} }, plan: planSchema.parse({ rules: [1] }), source: 's.yaml:3' };
		expect(withOwnPlan(createPlanFor([rule]))({ ...name, site: 'sigmascope' }).source).toBe('s.yaml:3');
	});
});

describe('our own streams', () => {
	let hub: Hub;
	beforeAll(async () => (hub = await startHub()));
	afterAll(() => hub.stop());

	it('come in as all points do, in a site of their own; what was not measured has no point', async () => {
		const rates = createRates(hub.registry, () => performance.now());
		await rates.look();
		const read = createOwnValues({
			rates,
			newestSeq: async () => 0,
			storedUpTo: () => 0,
			caughtUp: () => hub.engine.caughtUp(),
			nowMs: () => performance.now(),
		});
		const own = createOwnStreams({
			ingest: hub.ports.ingest,
			read,
			now: hub.ports.now,
			log: hub.ports.log,
			firstAfterMs: 0,
			everyMs: 5,
		});
		own.start();
		const items = await until(async () => {
			const found = (await hub.get<ApiList<ApiStream>>('/api/v1/streams')).items;
			return found.some(({ key }) => key === 'engine/judging-time') && found;
		});
		await own.stop();
		expect(new Set(items.map(({ site }) => site))).toEqual(new Set(['sigmascope']));
		const keys = items.map(({ key }) => key);
		expect(keys).toEqual(expect.arrayContaining(['hub/busy', 'engine/judging-time']));
		// Nothing was inserted: there is no store.
		expect(keys).not.toContain('store/insert-time');
	});
});
