import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyze as judged } from '#rules';
import { startHub, type Hub } from './testing/hub.ts';

let hub: Hub;
beforeAll(async () => (hub = await startHub()));
afterAll(() => hub.stop());

const analyze = (body: unknown) =>
	hub.request('/api/v1/spc/analyze', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});

describe('POST /api/v1/spc/analyze', () => {
	it('answers as the library does', async () => {
		// NIST/SEMATECH e-Handbook, section 6.3.2.2: flow rate.
		const response = await analyze({
			chart: 'i-mr',
			values: [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1],
		});
		expect(response.status).toBe(200);
		const answer = (await response.json()) as { charts: { i: { ucl: number[]; lcl: number[] } }; signals: unknown[] };
		expect(answer.charts.i.ucl[0]).toBeCloseTo(55.8041, 4);
		expect(answer.charts.i.lcl[9]).toBeCloseTo(45.8159, 4);
		expect(answer.signals).toEqual([]);
	});
	it('names what is wrong by its path', async () => {
		const response = await analyze({ chart: 'i-mr', values: [1, 'x', 2] });
		expect([response.status, await response.json()]).toMatchObject([
			400,
			{ status: 400, errors: [{ path: '$.values[1]', message: 'must be a number or null, not "x"' }] },
		]);
	});
	it('judges a long series aside, the same', async () => {
		const values = Array.from({ length: 50_000 }, (_, i) => Math.sin(i * i));
		const response = await analyze({ values });
		expect(response.headers.get('content-type')).toContain('application/json');
		expect(await response.json()).toEqual(JSON.parse(JSON.stringify(judged({ values }))));
	});
	it('names what is wrong with a long series', async () => {
		const response = await analyze({ values: [...Array<number>(50_000).fill(1), 'x'] });
		expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ path: '$.values[50000]' }] }]);
	});
});
