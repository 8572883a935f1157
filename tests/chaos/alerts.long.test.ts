import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ApiList, ApiViolation } from '#contracts/api.ts';
import { startReceiver } from '#server/alerts/testing/receiver.ts';
import { removeFolder, startProduct, tempFolder } from '../product.ts';
import { until } from '../support/until.ts';

const KILLS = 4;
const AT_ONCE = 20;

interface Body {
	readonly id: string;
	readonly data: { readonly violation: { readonly id: string } };
}

it('kill -9 at any moment: every violation is told, and what comes twice has the same id', async () => {
	const receiver = await startReceiver();
	const folder = tempFolder('alerts-kill');
	const config = join(folder, 'sigmascope.yaml');
	// Slow to answer: many are under way at each kill.
	receiver.answerWith((response) => setTimeout(() => response.end(), 20));
	const channels = `[{ type: webhook, url: "${receiver.url}/hook" }]`;
	writeFileSync(
		config,
		`alerts: { routes: { all: { groupFor: 0s, groupBy: stream, on: [opened], channels: ${channels} } } }
streams: [{ match: { key: "s/*" }, plan: { rules: [1], baseline: { centre: 0, sigma: 1 } } }]
ownStreams: false
`,
	);
	const start = () => startProduct({ dataFolder: join(folder, 'data'), env: { SIGMASCOPE_CONFIG: config } });
	let product = await start();
	try {
		for (let kill = 0; kill < KILLS; kill++) {
			const t = Date.now() * 1000;
			const points = Array.from({ length: AT_ONCE }, (_, i) => ({ stream: `s/${kill}-${i}`, t, v: 9 }));
			const body = JSON.stringify(points);
			const headers = { 'content-type': 'application/json' };
			expect((await product.request('/api/v1/points', { method: 'POST', headers, body })).status).toBe(202);
			await delay(30 * kill);
			await product.kill();
			product = await start();
		}
		const path = '/api/v1/violations?limit=1000';
		const found = async () => (await product.get<ApiList<ApiViolation>>(path)).items.map(({ id }) => id);
		await until(async () => (await found()).length >= KILLS * AT_ONCE);
		const told = () => receiver.received.map((one) => JSON.parse(one.body) as Body);
		const ids = new Set(await found());
		await until(() => new Set(told().map(({ data }) => data.violation.id)).size === ids.size, 60_000);
		const keys = new Map<string, Set<string>>();
		for (const { id, data } of told()) keys.set(data.violation.id, (keys.get(data.violation.id) ?? new Set()).add(id));
		expect([...keys.values()].every((of) => of.size === 1)).toBe(true);
	} finally {
		await product.stop();
		await receiver.stop();
		removeFolder(folder);
	}
}, 180_000);
