import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CollectorConfig } from '#contracts/config.ts';
import { DEFAULT_PLAN, planSchema } from '#contracts/plan.ts';
import { createPlanFor } from './config/plan-for.ts';
import { createDemo, withDemoPlans } from './demo.ts';

describe('a stream of the demo', () => {
	const none = withDemoPlans(createPlanFor([]));
	const f = (key: string, want: object, site = 'demo') =>
		expect(none({ site, key, labels: {}, kind: 'machine' }).plan).toMatchObject(want);
	it('is judged by the plan that its baseline recommends', () =>
		f('press-1/temperature', { chart: 'auto', baseline: { points: 300 } }));
	it('learns from fewer values where they come slowly', () =>
		f('provider-a/large/ttft_ms', { chart: 'auto', baseline: { points: 100 } }));
	it('may have a chart of deviations', () => f('compressor-1/pressure', { chart: 'xbar-s', subgroup: { size: 5 } }));
	it('of another site is none', () => f('press-1/temperature', DEFAULT_PLAN, 'plant-a'));
	it('follows the configuration file where that names it', () => {
		const plan = planSchema.parse({ rules: 'nelson' });
		const rule = { match: { key: 'press-1/*', labels: {} }, plan, source: 's.yaml:3' };
		const planFor = withDemoPlans(createPlanFor([rule]));
		expect(planFor({ site: 'demo', key: 'press-1/force', labels: {}, kind: 'machine' })).toEqual({
			plan,
			source: 's.yaml:3',
		});
	});
});

describe('the demo', () => {
	const by = { name: 'ann', id: null, address: null };
	let folder: string;
	beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'demo-'))));
	afterAll(() => rmSync(folder, { recursive: true }));

	function demoOf(name: string, byDefault: boolean, config: { site?: string; collectors?: CollectorConfig[] } = {}) {
		const done: string[] = [];
		const demo = createDemo({
			file: join(folder, name),
			byDefault,
			config: () => ({ site: 'main', collectors: [], ...config }),
			run: async () => void done.push(demo.isOn() ? 'run' : 'stop'),
			removeSite: async (site) => void done.push(`remove ${site}`),
		});
		return { demo, done };
	}
	const own = (name: string, site?: string): CollectorConfig => ({
		name,
		type: 'mqtt',
		isolate: false,
		...(site && { site }),
	});

	it('is what the settings say until somebody chooses, and then what was chosen last, over restarts', async () => {
		const { demo, done } = demoOf('chosen', true);
		expect(demo.isOn()).toBe(true);
		await demo.end(by);
		expect(demoOf('chosen', true).demo.isOn()).toBe(false);
		await demo.begin();
		expect(demoOf('chosen', false).demo.isOn()).toBe(true);
		expect(done).toEqual(['stop', 'remove demo', 'run']);
	});
	it('runs beside what is configured and does not disturb it', () => {
		expect(demoOf('alone', true).demo.collectors()).toMatchObject([{ site: 'demo', isolate: false }]);
		const { demo } = demoOf('beside', true, { collectors: [own('press')] });
		expect(demo.collectors()).toMatchObject([{ site: 'demo', isolate: true }]);
	});
	it('takes nothing away that is not its own', () => {
		const f = (config: object, want: RegExp) => expect(demoOf('x', false, config).demo.obstacle()).toMatch(want);
		f({ collectors: [own('demo')] }, /collector "demo"/);
		f({ collectors: [own('press', 'demo')] }, /collector "press"/);
		f({ site: 'demo' }, /"demo" is the site/);
		expect(demoOf('x', false, { collectors: [own('press')] }).demo.obstacle()).toBeUndefined();
	});
});
