import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiPoints, ApiStream, ApiViolation } from '#contracts/api.ts';
import { createNormal } from '#rules/testing/random.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { until } from '../support/until.ts';

/** The whole way: declared in the file, sent to, computed, judged, stored, shown, through a kill -9. */
const POINTS = 120;
const FIRST = Date.UTC(2026, 0, 1) * 1000;
const CONFIG = `derived:
  - stream: "*/power"
    value: voltage * current
    unit: W
  - stream: press/parts
    value: 60 * rate("part-count", 100)
  - stream: press/together
    t2: [voltage, current]
streams:
  - match: { key: "*/power" }
    plan: { baseline: { centre: 100, sigma: 1 } }
  - match: { key: press/together }
    plan: { chart: t2, baseline: { points: 50 } }
`;

const folder = tempFolder('derived');
const env = { SIGMASCOPE_CONFIG: join(folder, 'sigmascope.yaml') };
let product: Product;
beforeAll(async () => {
	writeFileSync(env.SIGMASCOPE_CONFIG, CONFIG);
	product = await startProduct({ dataFolder: join(folder, 'data'), env });
});
afterAll(async () => {
	await product.stop();
	removeFolder(folder);
});

const normal = createNormal(7);
const values = Array.from({ length: POINTS }, () => ({ u: 10 + 0.05 * normal(), i: 10 + 0.05 * normal() }));
const at = (nth: number) => FIRST + nth * 1e6;
/** The two of one moment come in requests of their own. */
const bodies = values.flatMap(({ u, i }, nth) => [
	[
		{ stream: 'press/voltage', t: at(nth), v: u },
		{ stream: 'press/part-count', t: at(nth), v: (3 * nth) % 100 },
	],
	[{ stream: 'press/current', t: at(nth), v: i }],
]);

async function send(from: number, to: number): Promise<void> {
	for (const body of bodies.slice(from, to)) {
		const headers = { 'content-type': 'application/json', 'idempotency-key': `derived-${bodies.indexOf(body)}` };
		const response = await product.request('/api/v1/points', { method: 'POST', headers, body: JSON.stringify(body) });
		expect(response.status).toBe(202);
	}
}

async function stream(key: string): Promise<ApiStream> {
	return until(async () => (await product.get<ApiList<ApiStream>>(`/api/v1/streams?key=${key}`)).items[0]);
}

async function stored(key: string, count: number): Promise<ApiPoints> {
	const { id } = await stream(key);
	return until(async () => {
		const points = await product
			.get<ApiPoints>(`/api/v1/streams/${id}/points?from=${FIRST}&to=${at(POINTS)}`)
			.catch(() => undefined);
		return points !== undefined && points.t.length >= count && points;
	});
}

describe('derived streams of a running product', () => {
	it('are computed and stored, each point once, whatever is killed meanwhile', async () => {
		await send(0, 121);
		await product.kill();
		product = await startProduct({ dataFolder: join(folder, 'data'), env });
		await send(110, bodies.length);
		const power = await stored('press/power', POINTS);
		expect(power.t).toEqual(values.map((_, nth) => at(nth)));
		expect(power.v).toEqual(values.map(({ u, i }) => u * i));
		const parts = await stored('press/parts', POINTS - 1);
		expect(new Set(parts.v)).toEqual(new Set([180]));
		expect((await stored('press/together', POINTS)).t).toHaveLength(POINTS);
	});
	it('say how, and of which streams', async () => {
		const { derivedFrom, unit } = await stream('press/power');
		const ids = await Promise.all(
			['press/voltage', 'press/current'].map(async (key) => ({ key, id: (await stream(key)).id })),
		);
		expect({ derivedFrom, unit }).toEqual({ derivedFrom: { formula: 'voltage * current', streams: ids }, unit: 'W' });
		expect((await stream('press/voltage')).derivedFrom).toBeUndefined();
	});
	it('are judged: two that part are a violation of what they are together', async () => {
		const part = { u: 10.1, i: 9.9 };
		for (const [key, v] of [
			['voltage', part.u],
			['current', part.i],
			['voltage', 10.6],
			['current', 9.4],
		] as const)
			// prettier-ignore
			await product.request('/api/v1/points', {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify([{ stream: `press/${key}`, t: at(v === part.u || v === part.i ? POINTS : POINTS + 1), v }]),
			});
		const { id } = await stream('press/together');
		const found = await until(async () =>
			(await product.get<ApiList<ApiViolation>>(`/api/v1/violations?stream=${id}`)).items.find(
				({ firstAt }) => Date.parse(firstAt) * 1000 === at(POINTS + 1),
			),
		);
		expect(found).toMatchObject({ chart: 't2', rule: 1, side: 'above' });
		const { metrics } = await until(async () => {
			const one = await product.get<ApiViolation>(`/api/v1/violations/${found.id}`);
			return Object.keys(one.metrics).some((name) => name.startsWith('t2/')) && one;
		});
		const parts = Object.entries(metrics).filter(([name]) => name.startsWith('t2/'));
		expect(parts.map(([name]) => name)).toEqual(['t2/voltage', 't2/current']);
		for (const [, part] of parts) expect(part).toBeGreaterThan(0);
		expect(Object.keys(metrics)).toEqual(expect.arrayContaining(['press/voltage', 'press/current']));
		expect(await product.get(`/api/v1/streams/${id}/plan`)).toMatchObject({ chart: 't2', baseline: { points: 50 } });
	});
	it('take no points from outside', async () => {
		const response = await product.request('/api/v1/points', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify([{ stream: 'press/power', v: 1 }]),
		});
		expect([response.status, await response.text()]).toEqual([
			400,
			expect.stringContaining('derived from other streams'),
		]);
	});
	it('follow the file: another formula, and one that is wrong changes nothing', async () => {
		writeFileSync(env.SIGMASCOPE_CONFIG, CONFIG.replace('voltage * current', 'voltage + curent +'));
		await until(() => /sigmascope\.yaml:3:12 derived\[0\]\.value: .*expected before the end/.test(product.output()));
		writeFileSync(env.SIGMASCOPE_CONFIG, CONFIG.replace('voltage * current', 'voltage + current'));
		await until(async () => (await stream('press/power')).derivedFrom?.formula === 'voltage + current');
	});
});
