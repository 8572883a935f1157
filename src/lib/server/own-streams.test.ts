import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CollectorsStatus } from '#collectors/messages.ts';
import type { ApiList, ApiStream, ApiViolation } from '#contracts/api.ts';
import { DEFAULT_PLAN, planSchema } from '#contracts/plan.ts';
import { until } from '#tests/support/until.ts';
import { createPlanFor } from './config/plan-for.ts';
import { startHub, type Hub } from './http/testing/hub.ts';
import { startReceiver } from './alerts/testing/receiver.ts';
import { createOwnHealth, queueValues } from './own-health.ts';
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
	it('of what says whether a part is well is always the same: a plan for * is not meant for 0 and 1', () => {
		const rule = { match: { key: '**', labels: {} }, plan: planSchema.parse({ rules: [1, 2] }), source: 's.yaml:3' };
		const { plan } = withOwnPlan(createPlanFor([rule]))({ ...name, key: 'health/store', site: 'sigmascope' });
		expect(plan).toMatchObject({ rules: [1], severity: 'critical', baseline: { centre: 0, sigma: 0.3 } });
	});
	it('of what waits with a collector informs after a minute', () => {
		expect(planFor({ ...name, key: 'collector/line 3/waiting', site: 'sigmascope' }).plan).toMatchObject({
			...{ rules: [1], severity: 'info', baseline: { centre: 0, sigma: 20 } },
		});
		const collectors = [{ name: 'line 3', spool: { oldestMs: 1500 } }] as unknown as CollectorsStatus['collectors'];
		expect(queueValues([{ collectors }])).toEqual([{ stream: 'collector/line 3/waiting', unit: 's', v: 1.5 }]);
	});
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

describe('whether our own parts are well', () => {
	const parts = (states: Record<string, string>) => async () => ({ status: 'degraded' as const, parts: states });
	it('is 0 or 1 by the words of /readyz, and what starts is given a minute', async () => {
		let atMs = 0;
		const states = {
			journal: 'filling',
			store: 'starting',
			cases: 'behind',
			'collector line 3': 'up',
			replay: 'ended',
		};
		const read = createOwnHealth({ health: parts(states), nowMs: () => atMs });
		const values = async () => Object.fromEntries((await read()).map(({ stream, v }) => [stream, v]));
		expect(await values()).toEqual({
			'health/journal': 1,
			'health/store': 0,
			'health/cases': 1,
			'health/collector/line 3': 0,
			'health/replay': 0,
		});
		atMs = 60_000;
		expect(await values()).toMatchObject({ 'health/store': 1 });
	});

	it('is told by the routes that tell of machines: once when it goes wrong, once when it is over', async () => {
		const receiver = await startReceiver();
		const channels = [{ type: 'webhook', url: receiver.url }];
		const alerts = { routes: { it: { match: { site: 'sigmascope' }, groupFor: '0s', channels } } };
		const hub = await startHub({ alerts, planFor: withOwnPlan(createPlanFor([])) });
		const states: Record<string, string> = { journal: 'up', store: 'up', 'collector line-3': 'up' };
		const { ingest, now, log } = hub.ports;
		const read = createOwnHealth({ health: async () => ({ status: 'ready', parts: { ...states } }), nowMs: () => 0 });
		const own = createOwnStreams({ ingest, read, now, log, firstAfterMs: 0, everyMs: 20 });
		interface Told {
			readonly type: string;
			readonly data: { readonly violation: ApiViolation };
		}
		const told = () =>
			receiver.received
				.map(({ body }) => JSON.parse(body) as Told)
				.map(({ type, data: { violation: of } }) => [type, of.stream.key, of.severity].join(' '));
		try {
			own.start();
			await until(() => hub.get<ApiList<ApiStream>>('/api/v1/streams').then(({ items }) => items.length === 3));
			Object.assign(states, { store: 'down', 'collector line-3': 'down' });
			await until(() => told().length === 2);
			Object.assign(states, { store: 'up', 'collector line-3': 'up' });
			await until(() => told().length === 4);
		} finally {
			await own.stop();
			await hub.stop();
			await receiver.stop();
		}
		expect(told().toSorted()).toEqual([
			'violation.ended health/collector/line-3 warning',
			'violation.ended health/store critical',
			'violation.opened health/collector/line-3 warning',
			'violation.opened health/store critical',
		]);
	});
});
